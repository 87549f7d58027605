/** Rows of a long list, fetched page by page as they come into view. */

import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { type Answer, get } from "../api/http";
import type { ApiError } from "../api/problem";
import { Pages } from "../pure/pages";
import { pagesOf } from "../pure/window";

interface PageAnswer<R> {
  readonly results: readonly R[];
  readonly next: string | null;
}

export interface RowList<R> {
  readonly rowAt: (index: number) => R | undefined;
  /** Rows `first` to before `end` are on the screen. */
  readonly wanted: (first: number, end: number) => void;
  /** Rows as far as they are known, for lists whose length nobody says. */
  readonly known: number;
  readonly error: ApiError | undefined;
  readonly reading: boolean;
  /** Something changed: read again what is on the screen. */
  readonly refresh: () => void;
  /** Put a changed row in its place. */
  readonly replace: (row: R) => boolean;
}

/**
 * The list that begins at address `first`; another address is another list.
 *
 * `direct` gives the address of any page, where the list can be entered anywhere.
 */
export function useRows<R extends { readonly row: number }>(
  first: string,
  size: number,
  direct: ((page: number) => string) | null = null,
): RowList<R> {
  const pages = useMemo(() => new Pages<R>(size, first, direct), [first, size]);
  const range = useRef<readonly [number, number]>([0, size]);
  const reader = useRef<AbortController | undefined>(undefined);
  const again = useRef(false);
  const [, redraw] = useState(0);
  const [error, setError] = useState<ApiError>();
  const [reading, setReading] = useState(true);

  const read = useCallback(async () => {
    if (reader.current !== undefined) {
      again.current = true;
      return;
    }
    const stop = new AbortController();
    reader.current = stop;
    setReading(true);
    let failed: ApiError | undefined;
    do {
      again.current = false;
      failed = await fill(
        pages,
        () => range.current,
        stop.signal,
        () => redraw((old) => old + 1),
      );
    } while (again.current && failed === undefined && !stop.signal.aborted);
    if (reader.current !== stop) return;
    reader.current = undefined;
    setReading(false);
    setError(failed);
  }, [pages]);

  useEffect(() => {
    range.current = [0, size];
    setError(undefined);
    void read();
    return () => {
      reader.current?.abort();
      reader.current = undefined;
    };
  }, [pages]);

  const wanted = useCallback(
    (from: number, end: number) => {
      range.current = [from, Math.max(end, from + 1)];
      void read();
    },
    [read],
  );
  const refresh = useCallback(() => {
    pages.outdate();
    void read();
  }, [pages, read]);
  const replace = useCallback(
    (row: R) => {
      const found = pages.replace(row, (other) => other.row === row.row);
      if (found) redraw((old) => old + 1);
      return found;
    },
    [pages],
  );
  const rowAt = useCallback((index: number) => pages.rowAt(index), [pages]);
  return { rowAt, wanted, known: pages.known(), error, reading, refresh, replace };
}

/** Read pages until all that is on the screen is fresh; what is on the screen may change meanwhile. */
async function fill<R>(
  pages: Pages<R>,
  range: () => readonly [number, number],
  signal: AbortSignal,
  drawn: () => void,
): Promise<ApiError | undefined> {
  for (;;) {
    const [from, end] = range();
    const missing = pagesOf(from, end, pages.size).find((page) => !pages.fresh(page) && pages.wayTo(page) !== null);
    const way = missing === undefined ? null : pages.wayTo(missing);
    if (way === null || signal.aborted) return undefined;
    const answer: Answer<PageAnswer<R>> = await get<PageAnswer<R>>(way.link, { signal });
    if (signal.aborted) return undefined;
    if (!answer.ok) return answer.error;
    pages.put(way.page, answer.value.results, answer.value.next);
    drawn();
  }
}
