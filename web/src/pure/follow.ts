/** What the events of an import mean for what is shown. */

import type { ImportRow, ImportStatus } from "../api/imports";
import type { ServerEvent } from "./events";

export type News =
  | { readonly kind: "status"; readonly status: ImportStatus }
  /** Rows in full, to be put in the place of their older selves. */
  | { readonly kind: "rows"; readonly rows: readonly ImportRow[] }
  /** Many rows changed, or something was missed: read again what is shown. */
  | { readonly kind: "again" };

/** The news of one event; one we do not know has none. */
export function newsOf(event: ServerEvent): readonly News[] {
  switch (event.name) {
    case "status":
      return [{ kind: "status", status: parsed<ImportStatus>(event.data) }];
    case "reset":
      return [{ kind: "status", status: parsed<ImportStatus>(event.data) }, { kind: "again" }];
    case "rows": {
      const { many, rows } = parsed<{ many: boolean; rows?: readonly ImportRow[] }>(event.data);
      return many || rows === undefined ? [{ kind: "again" }] : [{ kind: "rows", rows }];
    }
    default:
      return [];
  }
}

/** The newer of two statuses: an answer that was overtaken on its way changes nothing. */
export function newer(old: ImportStatus | undefined, status: ImportStatus): ImportStatus {
  return old !== undefined && status.version < old.version ? old : status;
}

/** Seconds to wait after the n-th failure in a row (from 1): longer and longer, and never all at the same moment. */
export function backOff(failures: number, chance: number, most = 15): number {
  return Math.min(most, 2 ** Math.min(failures - 1, 6)) * (0.75 + chance / 2);
}

/** Seconds without a try for a stream after the n-th in a row that gave nothing; the first may have been chance. */
export function streamAgain(failures: number): number {
  return failures < 2 ? 0 : Math.min(5 * 2 ** Math.min(failures - 2, 10), 900);
}

/** Seconds until the status is asked for again. */
export function pollAfter(status: ImportStatus | undefined, hidden: boolean): number {
  const asked = status?.poll_after ?? 2;
  return hidden ? Math.max(asked, 10) : Math.max(asked, 1);
}

function parsed<T>(data: string): T {
  return JSON.parse(data) as T;
}
