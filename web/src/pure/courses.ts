/** Which courses are on, and what about them wants somebody's attention. */

import type { AccountCounts, Project } from "../api/projects";
import type { ImportStatus } from "../api/imports";
import { daysUntil } from "./numbers";

const SOON_DAYS = 7;

export type Standing = "on" | "over" | "endless";

/** Whether accounts can be made in a course: not after its end, nor without one. */
export function standing(project: Project, now: number): Standing {
  if (project.ends_at === null) return project.end_date === null ? "endless" : "on";
  return new Date(project.ends_at).getTime() <= now ? "over" : "on";
}

/** The courses by what a manager needs first: those that are on, the first to end first; then the rest by name. */
export function inOrder(projects: readonly Project[], now: number): readonly Project[] {
  const rank = { on: 0, endless: 1, over: 2 };
  return [...projects].sort((one, other) => {
    const [a, b] = [standing(one, now), standing(other, now)];
    if (a !== b) return rank[a] - rank[b];
    const [ends, others] = [one.ends_at ?? "", other.ends_at ?? ""];
    const by = a === "over" ? others.localeCompare(ends) : ends.localeCompare(others);
    return by || one.name.localeCompare(other.name);
  });
}

export type Attention =
  | { readonly what: "failed"; readonly number: number }
  | { readonly what: "waiting"; readonly number: number; readonly import: string; readonly since: string | null }
  | { readonly what: "running"; readonly done: number; readonly of: number; readonly import: string }
  | { readonly what: "soon"; readonly days: number }
  | { readonly what: "draft"; readonly draft: string; readonly created: number };

interface Known {
  readonly counts: AccountCounts | undefined;
  readonly imports: readonly ImportStatus[];
  readonly drafts: readonly { readonly uuid: string; readonly created: number }[];
}

/** What wants attention, the most urgent first. */
export function attention(project: Project, known: Known, now: number): readonly Attention[] {
  const found: Attention[] = [];
  if (known.counts !== undefined && known.counts.Erred > 0) found.push({ what: "failed", number: known.counts.Erred });
  for (const one of known.imports) {
    const { counts, uuid, waiting } = one;
    if (counts.waiting > 0) found.push({ what: "waiting", number: counts.waiting, import: uuid, since: waiting?.since ?? null });
    else if (counts.pending > 0) {
      found.push({ what: "running", done: counts.rows - counts.pending, of: counts.rows, import: uuid });
    }
  }
  if (project.ends_at !== null && standing(project, now) === "on") {
    const days = daysUntil(project.ends_at, now);
    if (days < SOON_DAYS) found.push({ what: "soon", days });
  }
  for (const draft of known.drafts) found.push({ what: "draft", draft: draft.uuid, created: draft.created });
  return found;
}
