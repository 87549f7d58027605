/** Answers of the API for operators, as the page reads them. */

/** How far one read model is behind the log; null: the log did not answer. */
export interface ReadModel {
  readonly name: string;
  readonly version: number;
  readonly question: string;
  readonly set: string;
  readonly records_ahead: number | null;
  readonly oldest_unprocessed_seconds: number;
}

/** The account service as the provisioner sees it. */
export interface Target {
  readonly name: string;
  readonly state: string;
  readonly since: string | null;
  readonly code: string | null;
  readonly reason: string | null;
  readonly next_attempt: string | null;
  readonly paused: { readonly by: string; readonly reason: string; readonly since: string | null } | null;
  readonly rate: number | null;
  readonly copies: number;
  readonly calls: {
    readonly under_way: number;
    readonly last_minute: { readonly answered: number; readonly unclear: number; readonly not_taken: number };
  };
}

/** Some that wait: for one cause, of one course, or of one import. */
export interface WaitingSum {
  readonly count: number;
  readonly oldest_since: string | null;
  readonly next_attempt: string | null;
  readonly code?: string | null;
  readonly sentence?: string;
  readonly project_uuid?: string | null;
  readonly project_name?: string | null;
  readonly import?: string;
}

/** All that waits. */
export interface Waiting {
  readonly total: number;
  readonly retrying: number;
  readonly pending: number;
  readonly oldest_since: string | null;
  readonly next_attempt: string | null;
  readonly target: {
    readonly state: "answering" | "paused";
    readonly since: string | null;
    readonly reason: string | null;
    readonly next_probe: string | null;
  };
  readonly causes: readonly WaitingSum[];
  readonly projects: readonly WaitingSum[];
  readonly imports: readonly WaitingSum[];
  readonly oldest: readonly {
    readonly account_uuid: string | null;
    readonly import: string;
    readonly row: number;
    readonly sentence: string;
    readonly since: string | null;
    readonly attempts: number;
    readonly next_attempt: string | null;
  }[];
}

/** A job of a service about parked records. */
export interface ParkedJob {
  readonly uuid: string;
  readonly service: string;
  readonly action: string;
  readonly state: "queued" | "running" | "finished" | "cancelled";
  readonly author: string;
  readonly reason: string;
  readonly created: string;
  readonly finished: string | null;
  readonly total: number;
  readonly tried: number;
  readonly done: number;
  readonly failed: number;
  readonly passed: number;
  readonly rate: number | null;
  readonly eta_seconds: number | null;
  readonly poll_after: number;
}

/** An account that should be closed and is not. */
export interface Unclosed {
  readonly account_uuid: string;
  readonly project_uuid: string;
  readonly project_name: string | null;
  readonly state: string;
  readonly cause: string | null;
  readonly since: string;
  readonly attempts: number;
  readonly error: { readonly code: string; readonly message: string; readonly hint: string } | null;
  readonly next_attempt: string | null;
}
