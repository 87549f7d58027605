/** Courses, as the API answers them, and how many accounts each has. */

import { type Answer, address, head } from "./http";

export interface Project {
  readonly uuid: string;
  readonly name: string;
  readonly slug: string;
  readonly kind: string;
  /** Days as `YYYY-MM-DD`. */
  readonly start_date: string | null;
  readonly end_date: string | null;
  /** The instant after which accounts are closed. */
  readonly ends_at: string | null;
}

export interface Projects {
  readonly results: readonly Project[];
  readonly next: string | null;
}

export const ACCOUNT_STATES = ["OK", "Pending", "Erred", "Closed"] as const;
export type AccountState = (typeof ACCOUNT_STATES)[number];
export type AccountCounts = Readonly<Record<AccountState, number>>;

export const projectsPath = (size = 100) => address("/api/course-projects/", { page_size: size });
export const projectPath = (uuid: string) => `/api/course-projects/${uuid}/`;

/** The accounts of a course by state. The API counts one list at a time, so there are four questions. */
export async function accountCounts(project: string, signal: AbortSignal): Promise<Answer<AccountCounts>> {
  const answers = await Promise.all(
    ACCOUNT_STATES.map((state) =>
      head(address("/api/marketplace-course-accounts/", { project_uuid: project, state, page_size: 1 }), { signal }),
    ),
  );
  const counts = { OK: 0, Pending: 0, Erred: 0, Closed: 0 };
  for (const [place, answer] of answers.entries()) {
    if (!answer.ok) return answer;
    const state = ACCOUNT_STATES[place];
    if (state !== undefined) counts[state] = Number(answer.headers.get("X-Result-Count") ?? 0);
  }
  const [first] = answers;
  const headers = first?.ok ? first.headers : new Headers();
  return { ok: true, value: counts, status: 200, headers };
}
