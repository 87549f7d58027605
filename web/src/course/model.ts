/** Answers of the API about accounts and jobs, as this part of the page reads them. */

import type { Counts } from "./counts";
import type { State } from "./view";

/** What an account that is not at rest is doing. */
export type Phase = "queued" | "retry_scheduled" | "waiting_for_account_service" | "closing" | "close_failed";

/** An account, with the fields of an unchanged Waldur client and some of ours. */
export interface Account {
  readonly uuid: string;
  readonly email: string;
  readonly description: string;
  readonly username: string | null;
  readonly state: State;
  readonly phase: Phase | null;
  readonly error_message: string;
  readonly error_code: string | null;
  /** What to do about the error, or about the wait. */
  readonly error_hint: string;
  /** Why it waits for another try, or is not closed. */
  readonly phase_message: string;
  readonly next_attempt: string | null;
  readonly created: string;
  readonly modified: string;
  readonly project_uuid: string | null;
  readonly project_name: string | null;
  readonly project_end_date: string | null;
}

/** One thing that happened to an account; `by` is the person who asked for it, where one did. */
export interface StoryEvent {
  readonly time: string;
  readonly event: string;
  readonly sentence: string;
  readonly by: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly import: string | null;
  readonly row: number;
}

/** A job about many accounts, as it stands. */
export interface Job {
  readonly uuid: string;
  readonly action: string;
  readonly cause: string;
  readonly state: "queued" | "running" | "finished" | "cancelled";
  readonly author: string;
  readonly reason: string;
  readonly project_uuid: string | null;
  readonly import_uuid: string | null;
  readonly codes: readonly string[];
  readonly created: string;
  readonly finished: string | null;
  readonly total: number;
  readonly done: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly dropped: number;
  readonly rate: number | null;
  readonly eta_seconds: number | null;
  readonly poll_after: number;
}

/** What a job would be about. */
export interface DryRun {
  readonly accounts: number;
  readonly by_code: Readonly<Record<string, number>>;
  readonly by_state: Readonly<Record<string, number>>;
}

/** The answer to an order. */
export interface Ordered {
  readonly job: string;
  readonly accounts: number;
}

/** An account with which nothing could be done, and why. */
export interface Refusal {
  readonly account_uuid: string;
  readonly email: string | null;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** A page of a list that goes on at `next`. */
export interface Listed<T> {
  readonly results: readonly T[];
  readonly next: string | null;
}

/** A course: a project whose participants get accounts. */
export interface Project {
  readonly uuid: string;
  readonly name: string;
  readonly slug: string | null;
  readonly start_date: string | null;
  readonly end_date: string | null;
  readonly ends_at: string | null;
  readonly customer_name: string | null;
  /** How many there are in each state. */
  readonly accounts: Counts;
}

/** The wait for the account service, as an import tells it. */
export interface Wait {
  readonly since: string | null;
  readonly reason: string | null;
  readonly next_attempt: string | null;
}

/** An import in a list. */
export interface ImportListed {
  readonly uuid: string;
  readonly state: "running" | "finished" | "cancelling" | "cancelled" | "undoing" | "undone";
  readonly source: string | null;
  readonly created_by: string | null;
  readonly file: { readonly name: string | null } | null;
  readonly submitted: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly waiting: Wait | null;
  readonly version: number;
  readonly poll_after: number;
}
