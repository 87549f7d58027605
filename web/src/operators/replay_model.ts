/** Replays and comparisons as the API answers them. */

export const COMMANDS = ["swap", "roll-back", "compare", "clean-up", "cancel"] as const;
export type Command = (typeof COMMANDS)[number];
export type ReplayState = "queued" | "building" | "comparing" | "warm" | "swapped" | "done" | "failed" | "cancelled";

/** A replay as it stands. */
export interface Replay {
  readonly uuid: string;
  readonly kind: "build" | "verify" | "scratch";
  readonly state: ReplayState;
  readonly edition: string;
  readonly set: string | null;
  readonly project_uuid: string | null;
  readonly author: string;
  readonly reason: string;
  readonly asked: string | null;
  readonly ended: string | null;
  readonly until: string | null;
  readonly total: number;
  readonly done: number;
  readonly rate: number;
  readonly seconds_left: number | null;
  readonly error: { readonly code: string; readonly message: string | null } | null;
  readonly equal: boolean | null;
  /** In lists only its verdict. */
  readonly comparison: Comparison | null;
  readonly swapped: string | null;
  readonly replaced_set: string | null;
  readonly commands: readonly string[];
  readonly actions?: readonly Done[];
}

/** Who did what with a replay. */
export interface Done {
  readonly time: string;
  readonly author: string;
  readonly action: string;
  readonly detail: string;
}

/** One set of read models. */
export interface KnownSet {
  readonly set: string;
  readonly edition: string;
  readonly state: string;
  readonly active: boolean;
  readonly made: string | null;
  readonly replay: string | null;
}

/** A row that only one set has, or that differs in some cells. */
export interface Difference {
  readonly key: Readonly<Record<string, number | string>>;
  readonly where: "here" | "there" | "both";
  readonly cells: readonly {
    readonly column: string;
    readonly here: string | null;
    readonly there: string | null;
  }[];
}

/** One table of a comparison; null: a set does not have it, or its rows could not be paired. */
export interface ComparedTable {
  readonly model: string | null;
  readonly table: string;
  readonly rows_here: number | null;
  readonly rows_there: number | null;
  readonly differing: number | null;
  readonly equal: boolean;
  readonly expected: boolean;
  readonly only_here: readonly string[];
  readonly only_there: readonly string[];
  readonly retyped: readonly string[];
  /** Of the rows here, the same in every installation that has the same rows. */
  readonly checksum: string | null;
  readonly first: readonly Difference[];
}

/** A rule, and the rows of the set there that break it. */
export interface Invariant {
  readonly model: string;
  readonly name: string;
  readonly says: string;
  readonly broken: number;
  readonly first: readonly Readonly<Record<string, string | null>>[];
}

/** Two sets at one place of the log. */
export interface Comparison {
  readonly here: string;
  readonly there: string;
  readonly equal: boolean;
  readonly sound: boolean;
  readonly changed: readonly {
    readonly model: string;
    readonly version_here: number | null;
    readonly version_there: number | null;
  }[];
  readonly tables: readonly ComparedTable[];
  readonly invariants: readonly Invariant[];
}
