/** Parked records as the API answers them. */

export const SERVICES = ["importer", "provisioner", "projector"] as const;
export type Service = (typeof SERVICES)[number];

/** Bytes of strangers: text where all of it can be printed, else base64; `cut`: only the beginning. */
export interface Bytes {
  readonly bytes: number;
  readonly cut: boolean;
  readonly text?: string;
  readonly base64?: string;
}

/** A record in a list: nothing of what it says. */
export interface Parked {
  readonly id: string;
  readonly service: Service;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly type: string | null;
  readonly event_id: string | null;
  readonly source: string | null;
  readonly bytes: number | null;
  readonly state: "parked" | "redriven" | "dropped";
  readonly reason: string;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly written: string;
  readonly parked: string;
  readonly tries: number;
}

/** One record with its bytes and what was tried with it. */
export interface Opened extends Parked {
  readonly key: Bytes | null;
  readonly headers: readonly { readonly name: string; readonly value: Bytes | null }[];
  readonly value: Bytes | null;
  readonly history: readonly {
    readonly action: string;
    readonly author: string;
    readonly reason: string;
    readonly outcome: string;
    readonly code: string | null;
    readonly why: string | null;
    readonly at: string;
  }[];
}

/** Why records of one topic wait, and how many. */
export interface ParkedCause {
  readonly service: Service;
  readonly topic: string;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly records: number;
  readonly oldest: string;
  readonly newest: string;
}

/** What an order would take. */
export interface ParkedCount {
  readonly found: number;
  readonly records: number;
  readonly by_code: Readonly<Record<string, number>>;
}

/** A record that could not be taken again. */
export interface ParkedFailure {
  readonly id: string;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly reason: string;
}
