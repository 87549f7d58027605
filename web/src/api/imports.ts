/** Imports, as the API answers them, and what can be done with them. */

import { type Answer, type Options, type WriteOptions, address, get, patch, post } from "./http";

export const CLASSES = [
  "created",
  "existing",
  "failed",
  "waiting",
  "pending",
  "cancelled",
  "closed",
  "duplicate",
  "invalid",
] as const;
export type RowClass = (typeof CLASSES)[number];

/** Rows by class; `rows` is always the sum of the others. */
export type Counts = Readonly<Record<RowClass | "rows", number>>;

export type ImportState = "running" | "finished" | "cancelling" | "cancelled" | "undoing" | "undone";

export interface Waiting {
  readonly since: string | null;
  readonly reason: string | null;
  readonly next_attempt: string | null;
}

export interface Undo {
  readonly at: string;
  readonly by: string | null;
  readonly reason: string;
  readonly finished: string | null;
  readonly open: number;
  readonly closed: number;
  readonly kept: number;
  readonly failed: number;
}

export interface ImportStatus {
  readonly uuid: string;
  readonly state: ImportState;
  readonly source: "file" | "paste" | "api" | "topic";
  readonly project_uuid: string;
  readonly created_by: string | null;
  readonly file: { readonly name: string | null; readonly bytes: number | null } | null;
  readonly submitted: string;
  readonly finished: string | null;
  readonly cancelled: { readonly at: string; readonly by: string | null; readonly reason: string } | null;
  readonly undo: Undo | null;
  readonly counts: Counts;
  readonly waiting: Waiting | null;
  readonly timeline: readonly { readonly at: string; readonly what: string; readonly by: string | null }[];
  readonly rate: number | null;
  readonly eta_seconds: number | null;
  readonly version: number;
  readonly as_of_age: number | null;
  readonly poll_after: number;
}

export interface RowError {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly can_retry: boolean;
}

export interface ImportRow {
  readonly row: number;
  readonly line: number | null;
  readonly email: string;
  readonly description: string;
  readonly class: RowClass;
  readonly duplicate_of: number | null;
  readonly account_uuid: string | null;
  readonly state: string | null;
  readonly phase: string | null;
  readonly username: string | null;
  readonly error: RowError | null;
  readonly closing: {
    readonly outcome: "open" | "kept" | "failed";
    readonly message: string;
    readonly hint: string;
  } | null;
  readonly attempts: number;
  readonly next_attempt: string | null;
  readonly revision: number;
}

export interface ImportRows {
  readonly results: readonly ImportRow[];
  readonly next: string | null;
}

export interface ImportList {
  readonly results: readonly ImportStatus[];
  readonly next: string | null;
}

export interface RowFilter {
  readonly class?: readonly RowClass[];
  readonly code?: readonly string[];
  readonly text?: string;
  readonly closing?: readonly ("kept" | "failed")[];
}

const PATH = "/api/course-imports/";

export const importPath = (uuid: string) => `${PATH}${uuid}/`;
export const eventsPath = (uuid: string) => `${PATH}${uuid}/events/`;
export const failuresPath = (uuid: string) => `${PATH}${uuid}/failures.csv`;
export const accountsPath = (uuid: string) => `${PATH}${uuid}/accounts.csv`;
export const allRowsPath = (uuid: string) => `${PATH}${uuid}/rows.csv`;
export const importsPath = (query: Parameters<typeof address>[1]) => address(PATH, query);

export const running = (status: ImportStatus) => ["running", "cancelling", "undoing"].includes(status.state);

export function readStatus(uuid: string, options?: Options): Promise<Answer<ImportStatus>> {
  return get<ImportStatus>(importPath(uuid), options);
}

/** The address of the first page of rows; the others are named by `next`. */
export function rowsPath(uuid: string, only: RowFilter, size: number): string {
  return address(`${PATH}${uuid}/rows/`, { ...only, page_size: size });
}

export function rowPath(uuid: string, row: number): string {
  return `${PATH}${uuid}/rows/${row}/`;
}

export function cancelImport(uuid: string, reason: string, options: WriteOptions) {
  return post<ImportStatus>(`${PATH}${uuid}/cancel/`, { reason }, options);
}

/** What an undo would do: rows whose account is closed, kept, in the making, and those with nothing to close. */
export interface UndoCount {
  readonly close: number;
  readonly kept: number;
  readonly nothing: number;
  readonly pending: number;
}

export function countUndo(uuid: string) {
  return post<UndoCount>(`${PATH}${uuid}/undo/?dry_run=1`, {});
}

export function undoImport(uuid: string, reason: string, options: WriteOptions) {
  return post<ImportStatus>(`${PATH}${uuid}/undo/`, { reason }, options);
}

export interface RetryCount {
  readonly accounts: number;
  readonly by_code: Readonly<Record<string, number>>;
}

export function countRetry(uuid: string) {
  return post<RetryCount>(`${PATH}${uuid}/retry/?dry_run=1`, {});
}

/** Try failed rows again: all, those with `codes`, or those in `rows`. */
export function retryRows(uuid: string, which: { codes?: string[]; rows?: number[] }, options: WriteOptions) {
  return post<{ readonly job: string; readonly accounts: number }>(`${PATH}${uuid}/retry/`, which, options);
}

export function correctImportRow(
  uuid: string,
  row: number,
  cells: { email?: string; description?: string; confirmed?: boolean },
) {
  return patch<ImportRow>(rowPath(uuid, row), cells);
}
