/** How an account stands, as one of a few looks: colour, shape and words always say the same. Pure. */

import type { Account, Wait } from "./model";

/** One look; each has a colour, a shape and words of its own. */
export type Look = "ok" | "pending" | "waiting" | "failed" | "closing" | "unclosed" | "closed";

/** How an account stands. */
export interface Standing {
  readonly look: Look;
  /** When somebody tries next, if that is known. */
  readonly nextTry: string | null;
}

/** How an account stands; `held`: the account service is being waited for, by all of them together. */
export function standingOf(account: Account, held: Wait | null): Standing {
  const next = account.next_attempt;
  if (account.phase === "closing") return { look: "closing", nextTry: next };
  if (account.phase === "close_failed") return { look: "unclosed", nextTry: next };
  if (account.state === "OK") return { look: "ok", nextTry: null };
  if (account.state === "Erred") return { look: "failed", nextTry: null };
  if (account.state === "Closed") return { look: "closed", nextTry: null };
  if (held !== null) return { look: "waiting", nextTry: held.next_attempt };
  if (account.phase === "queued") return { look: "pending", nextTry: null };
  return { look: "waiting", nextTry: next };
}

/** Whether a person may have it tried again. */
export function canRetry(account: Account): boolean {
  return account.state === "Erred";
}

/** Whether it can be closed; what is being closed already cannot, what could not be closed can be tried once more. */
export function canClose(account: Account): boolean {
  return account.state !== "Closed" && account.phase !== "closing";
}
