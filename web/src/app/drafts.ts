/** Which drafts were begun in this browser and not finished: their ids and days, nothing of what is in them. */

import { Store } from "../pure/store";

export interface Begun {
  readonly uuid: string;
  readonly course: string;
  /** Milliseconds. */
  readonly created: number;
}

const KEY = "course-accounts.drafts";
const MOST = 50;
const LONGEST_MS = 7 * 86_400_000;

export const begun = new Store<readonly Begun[]>(kept());
window.addEventListener("storage", (event) => {
  if (event.key === KEY) begun.set(kept());
});

export function remember(uuid: string, course: string): void {
  keep([{ uuid, course, created: Date.now() }, ...begun.get().filter((one) => one.uuid !== uuid)].slice(0, MOST));
}

export function forget(uuid: string): void {
  keep(begun.get().filter((one) => one.uuid !== uuid));
}

function keep(drafts: readonly Begun[]): void {
  begun.set(drafts);
  try {
    localStorage.setItem(KEY, JSON.stringify(drafts));
  } catch {
    // A browser that keeps nothing: the list lasts as long as the page.
  }
}

function kept(): readonly Begun[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    if (!Array.isArray(found)) return [];
    const since = Date.now() - LONGEST_MS;
    return found.filter(isBegun).filter((one) => one.created > since);
  } catch {
    return [];
  }
}

function isBegun(one: unknown): one is Begun {
  if (typeof one !== "object" || one === null) return false;
  const { uuid, course, created } = one as Record<string, unknown>;
  return typeof uuid === "string" && typeof course === "string" && typeof created === "number";
}
