/** Drafts: an upload that is being looked at, as the API answers it, and what can be done with it. */

import { type Answer, type Options, type WriteOptions, address, get, patch, post } from "./http";
import type { ImportStatus } from "./imports";

export type Verdict =
  "new" | "existing_ok" | "existing_pending" | "existing_erred" | "existing_closed" | "duplicate" | "invalid";

export interface Limits {
  readonly rows: number;
  readonly bytes: number;
  readonly email_characters: number;
  readonly description_characters: number;
  readonly encodings: readonly string[];
  readonly delimiters: readonly string[];
  readonly columns: Readonly<Record<string, readonly string[]>>;
  readonly draft_days: number;
  readonly rate: number;
}

export interface DraftFile {
  readonly name: string | null;
  readonly bytes: number;
  readonly bytes_read: number;
  readonly kind: "csv" | "xlsx" | "xls" | "ods" | "text" | null;
  readonly encoding: string | null;
  readonly encoding_guessed: boolean;
  readonly encodings: readonly { readonly encoding: string; readonly sample: string }[];
  readonly delimiter: string | null;
  readonly header_line: number | null;
  readonly headings: readonly string[];
  readonly columns: Readonly<Record<string, string>>;
  readonly places: Readonly<Record<string, number>>;
  readonly ignored_columns: readonly string[];
  readonly sample: readonly (readonly string[])[];
  readonly seen_before: {
    readonly uuid: string;
    readonly submitted: string | null;
    readonly created_by: string | null;
  } | null;
}

/** A suggestion for `count` rows that have the same mistake. */
export interface Offer {
  readonly code: string;
  readonly message: string;
  readonly like: string;
  readonly count: number;
  readonly example: { readonly row: number; readonly email: string; readonly value: string | null };
}

/** What is wrong (`row`) or odd (`note`) with `count` rows. */
export interface Cause {
  readonly code: string;
  readonly kind: "row" | "note";
  readonly message: string;
  readonly hint: string;
  readonly count: number;
  readonly first_row: number;
  readonly first_line: number;
  readonly suggestions: readonly Offer[];
}

/** How a file is to be read; what is missing is found out. Places count from 0; `header_line` 0: there is none. */
export interface Choices {
  readonly encoding?: string;
  readonly delimiter?: string;
  readonly columns?: { readonly header_line?: number; readonly email?: number; readonly description?: number };
}

export interface Draft {
  readonly uuid: string;
  readonly state: "reading" | "previewed" | "rejected" | "submitted" | "expired";
  readonly project_uuid: string;
  readonly created: string;
  readonly created_by: string;
  readonly expires: string;
  readonly source: string;
  readonly file: DraftFile;
  readonly choices: Choices;
  readonly notes: readonly { readonly code: string; readonly message: string; readonly line: number | null }[];
  readonly error: {
    readonly code: string;
    readonly detail: string;
    readonly line: number | null;
    readonly choices: Choices | null;
  } | null;
  readonly preview_hash: string | null;
  readonly rows: number;
  readonly blank: number;
  readonly to_create: number;
  readonly verdicts: Readonly<Record<Verdict, number>>;
  readonly problems: readonly Cause[];
}

export interface Suggestion {
  readonly code: string;
  readonly message: string;
  readonly value: string;
  readonly like: string;
}

export interface DraftRow {
  readonly row: number;
  readonly line: number;
  readonly email: string;
  readonly description: string;
  readonly verdict: Verdict;
  readonly duplicate_of: number | null;
  readonly notes: readonly { readonly code: string; readonly message: string; readonly detail: string }[];
  readonly suggestions: readonly Suggestion[];
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly detail: string;
    readonly hint: string;
  } | null;
}

export interface DraftRows {
  readonly results: readonly DraftRow[];
  readonly next: string | null;
}

export interface RowFilter {
  readonly verdict?: Verdict | undefined;
  readonly code?: string | undefined;
  readonly text?: string | undefined;
}

export interface Decision {
  readonly preview_hash: string;
  readonly skip_invalid: boolean;
  readonly if_erred: "retry" | "leave";
  readonly if_closed: "reopen" | "leave";
}

const PATH = "/api/import-drafts/";

export const limitsPath = `${PATH}limits/`;
export const templatePath = `${PATH}template.csv`;
export const draftPath = (uuid: string) => `${PATH}${uuid}/`;

/** Rows after row number `after`, in their order. */
export function draftRows(uuid: string, after: number, size: number, only: RowFilter, options?: Options) {
  return get<DraftRows>(address(`${PATH}${uuid}/rows/`, { ...only, cursor: after, page_size: size }), options);
}

/** One account as a draft, to be judged like a row of a file. */
export function draftOfOne(project: string, email: string, description: string, options: WriteOptions) {
  return post<Draft>(PATH, { project, accounts: [description ? { email, description } : { email }] }, options);
}

export function readAgain(uuid: string, choices: Choices): Promise<Answer<Draft>> {
  return patch<Draft>(`${PATH}${uuid}/`, choices);
}

export function correctRow(uuid: string, row: number, cells: { email?: string; description?: string }) {
  return patch<{ readonly row: DraftRow; readonly draft: Draft }>(`${PATH}${uuid}/rows/${row}/`, cells);
}

export interface Fixed {
  readonly changed: number;
  readonly added: number;
  readonly more: boolean;
  readonly draft: Draft;
}

/** Apply a suggestion to all rows that are alike, or to `rows` only; asked again while there are more. */
export async function fix(
  uuid: string,
  what: { code: string; like?: string; rows?: number[] },
): Promise<Answer<Fixed>> {
  let changed = 0;
  let added = 0;
  for (;;) {
    const answer = await post<Fixed>(`${PATH}${uuid}/fix/`, what);
    if (!answer.ok) return answer;
    changed += answer.value.changed;
    added += answer.value.added;
    if (!answer.value.more || answer.value.changed === 0)
      return { ...answer, value: { ...answer.value, changed, added } };
  }
}

export function submit(uuid: string, decision: Decision, options: WriteOptions): Promise<Answer<ImportStatus>> {
  return post<ImportStatus>(`${PATH}${uuid}/submit/`, decision, options);
}
