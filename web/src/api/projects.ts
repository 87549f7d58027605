/** Courses, as the API answers them, with the number of their accounts by state. */

import { address } from "./http";

export const ACCOUNT_STATES = ["OK", "Pending", "Erred", "Closed"] as const;
export type AccountState = (typeof ACCOUNT_STATES)[number];
export type AccountCounts = Readonly<Record<AccountState, number>>;

export interface Project {
  readonly uuid: string;
  readonly name: string;
  readonly slug: string;
  readonly kind: string;
  /** Days as `YYYY-MM-DD`; the last one is part of the course. */
  readonly start_date: string | null;
  readonly end_date: string | null;
  /** The instant after which accounts are closed, where somebody set one to the minute. */
  readonly ends_at: string | null;
  readonly accounts: AccountCounts;
}

export interface Projects {
  readonly results: readonly Project[];
  readonly next: string | null;
}

/** Courses by name, those with `text` in it; the answer's `next` is the path of the page after it. */
export const coursesPath = (text: string, size: number) =>
  address("/api/course-projects/", { kind: "course", text, page_size: size });
export const projectPath = (uuid: string) => `/api/course-projects/${uuid}/`;
