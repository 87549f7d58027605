/** Which accounts are ticked: some, by their ids, or all that the filters let through. Pure. */

import type { View } from "./view";
import { isNarrowed } from "./view";

/** Accounts that may be named in one job; the API takes no more. */
export const MOST_NAMED = 2000;

export type Selection = { readonly kind: "some"; readonly ids: ReadonlySet<string> } | { readonly kind: "all" };

export const NOBODY: Selection = { kind: "some", ids: new Set() };

/** Whether an account is ticked. */
export function isTicked(selection: Selection, id: string): boolean {
  return selection.kind === "all" || selection.ids.has(id);
}

/** Tick one account, or take its tick away; of "all" only those on the page stay, since the others are not known. */
export function ticked(selection: Selection, id: string, on: boolean, onPage: readonly string[]): Selection {
  const ids = new Set(selection.kind === "all" ? onPage : selection.ids);
  if (on) ids.add(id);
  else ids.delete(id);
  return { kind: "some", ids };
}

/** Tick the whole page, or take all its ticks away. */
export function pageTicked(selection: Selection, onPage: readonly string[], on: boolean): Selection {
  if (!on && selection.kind === "all") return NOBODY;
  const ids = new Set(selection.kind === "all" ? onPage : selection.ids);
  for (const id of onPage) {
    if (on) ids.add(id);
    else ids.delete(id);
  }
  return { kind: "some", ids };
}

/** How the box above the page stands. */
export function pageState(selection: Selection, onPage: readonly string[]): "none" | "some" | "all" {
  const on = onPage.filter((id) => isTicked(selection, id)).length;
  if (on === 0) return "none";
  return on === onPage.length ? "all" : "some";
}

/** How many are ticked, where `matching` fit the filters. */
export function tickedCount(selection: Selection, matching: number): number {
  return selection.kind === "all" ? matching : selection.ids.size;
}

export type Action = "retry" | "close";

/** What a job is asked to be about, as the API takes it. */
export interface Order {
  readonly action: Action;
  readonly project?: string;
  readonly accounts?: readonly string[];
  readonly codes?: readonly string[];
}

export type Plan =
  | { readonly kind: "order"; readonly order: Order }
  /** The ids of what the filters let through have to be read first. */
  | { readonly kind: "name-them" }
  | { readonly kind: "too-many"; readonly most: number };

/**
 * How to ask for an action on what is ticked. A job is about a whole course, or about accounts by name: "all" under a
 * filter that a job does not know has to be spelt out.
 */
export function planFor(action: Action, selection: Selection, view: View, project: string, matching: number): Plan {
  if (selection.kind === "some") {
    return selection.ids.size > MOST_NAMED
      ? { kind: "too-many", most: MOST_NAMED }
      : { kind: "order", order: { action, accounts: [...selection.ids] } };
  }
  if (!isNarrowed(view)) return { kind: "order", order: { action, project } };
  const failedOnly = view.states.length === 1 && view.states[0] === "Erred";
  if (action === "retry" && view.search.trim() === "" && (view.problem !== null || failedOnly)) {
    return { kind: "order", order: { action, project, codes: view.problem === null ? [] : [view.problem] } };
  }
  return matching > MOST_NAMED ? { kind: "too-many", most: MOST_NAMED } : { kind: "name-them" };
}
