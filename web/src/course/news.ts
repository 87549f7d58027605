/** Whether the accounts of a course may have changed: told by the versions of its imports. Pure. */

import type { ImportListed, Wait } from "./model";

/** What is looked at of an import. */
export type Versioned = Pick<ImportListed, "uuid" | "state" | "version" | "poll_after" | "waiting">;

const SOONEST_S = 1;
const LATEST_S = 30;

/** Something that changes whenever an account of these imports did, or the wait for the account service. */
export function fingerprint(imports: readonly Versioned[]): string {
  return imports
    .map((one) => `${one.uuid}:${one.version}:${one.state}:${JSON.stringify(one.waiting ?? null)}`)
    .join(" ");
}

/** When to look again, in milliseconds: as soon as the most lively import asks for. */
export function nextLookMs(imports: readonly Versioned[]): number {
  const soonest = Math.min(LATEST_S, ...imports.map((one) => one.poll_after));
  return Math.max(SOONEST_S, soonest) * 1000;
}

/** The newest import that is not at rest, which is worth following live; imports come newest first. */
export function liveliest(imports: readonly Versioned[]): Versioned | null {
  return imports.find((one) => ["running", "cancelling", "undoing"].includes(one.state)) ?? null;
}

/** What of a course waits for the account service. */
export interface Held {
  readonly wait: Wait;
  readonly rows: number;
  /** Nobody is being worked on: the account service is left alone for now. */
  readonly everybody: boolean;
}

/** What waits, as the imports tell it; null if nothing does. */
export function heldOf(imports: readonly (Versioned & Pick<ImportListed, "counts">)[]): Held | null {
  const waiting = imports.filter((one) => one.waiting !== null);
  const first = waiting[0]?.waiting;
  if (first === undefined || first === null) return null;
  return {
    wait: first,
    rows: waiting.reduce((sum, one) => sum + (one.counts["waiting"] ?? 0), 0),
    everybody: waiting.every((one) => (one.counts["pending"] ?? 0) === 0),
  };
}
