/** Which courses are on, and what about them wants somebody's attention. */

import type { Project } from "../api/projects";
import type { ImportStatus } from "../api/imports";
import { daysUntil } from "./numbers";

const SOON_DAYS = 7;

export type Standing = "on" | "over" | "endless";

/** When a course ends, in milliseconds: at the instant that was set, else with its last day, as the reader's clock goes. */
export function endOf(project: Project): number | null {
  if (project.ends_at !== null) return new Date(project.ends_at).getTime();
  return project.end_date === null ? null : new Date(`${project.end_date}T23:59:59.999`).getTime();
}

/** Whether accounts can be made in a course: not after its end, nor without one. */
export function standing(project: Project, now: number): Standing {
  const end = endOf(project);
  if (end === null) return "endless";
  return end <= now ? "over" : "on";
}

/** The courses by what a manager needs first: those that are on, the first to end first; then the rest by name. */
export function inOrder(projects: readonly Project[], now: number): readonly Project[] {
  const rank = { on: 0, endless: 1, over: 2 };
  return [...projects].sort((one, other) => {
    const [a, b] = [standing(one, now), standing(other, now)];
    if (a !== b) return rank[a] - rank[b];
    const [ends, others] = [endOf(one) ?? 0, endOf(other) ?? 0];
    const by = a === "over" ? others - ends : ends - others;
    return by || one.name.localeCompare(other.name);
  });
}

/** The courses that have what was typed in their name or short name. */
export function named(projects: readonly Project[], typed: string): readonly Project[] {
  const wanted = typed.trim().toLowerCase();
  return projects.filter((one) => `${one.name} ${one.slug}`.toLowerCase().includes(wanted));
}

export type Attention =
  | { readonly what: "failed"; readonly number: number }
  | { readonly what: "waiting"; readonly number: number; readonly import: string; readonly since: string | null }
  | { readonly what: "running"; readonly done: number; readonly of: number; readonly import: string }
  | { readonly what: "soon"; readonly days: number }
  | { readonly what: "draft"; readonly draft: string; readonly created: number };

interface Known {
  readonly imports: readonly ImportStatus[];
  readonly drafts: readonly { readonly uuid: string; readonly created: number }[];
}

/** What wants attention, the most urgent first. */
export function attention(project: Project, known: Known, now: number): readonly Attention[] {
  const found: Attention[] = [];
  if (project.accounts.Erred > 0) found.push({ what: "failed", number: project.accounts.Erred });
  for (const one of known.imports) {
    const { counts, uuid, waiting } = one;
    if (counts.waiting > 0)
      found.push({ what: "waiting", number: counts.waiting, import: uuid, since: waiting?.since ?? null });
    else if (counts.pending > 0) {
      found.push({ what: "running", done: counts.rows - counts.pending, of: counts.rows, import: uuid });
    }
  }
  const end = endOf(project);
  if (end !== null && end > now) {
    const days = daysUntil(end, now);
    if (days < SOON_DAYS) found.push({ what: "soon", days });
  }
  for (const draft of known.drafts) found.push({ what: "draft", draft: draft.uuid, created: draft.created });
  return found;
}
