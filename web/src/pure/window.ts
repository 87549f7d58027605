/** Which rows of a long list are on the screen. All rows are equally high, so it is arithmetic. */

export interface Window {
  /** The first row to draw, from 0. */
  readonly first: number;
  /** The row after the last one to draw. */
  readonly end: number;
  /** Pixels of rows before `first` and from `end` on, which are not drawn. */
  readonly before: number;
  readonly after: number;
}

/** The rows to draw: what is seen, and `spare` more on both sides, so that scrolling finds them there. */
export function windowOf(rows: number, rowHeight: number, scrolled: number, seen: number, spare = 12): Window {
  const most = Math.max(0, rows);
  const top = Math.min(Math.max(0, scrolled), Math.max(0, most * rowHeight - seen));
  const first = Math.max(0, Math.floor(top / rowHeight) - spare);
  const end = Math.min(most, Math.ceil((top + seen) / rowHeight) + spare);
  return { first, end, before: first * rowHeight, after: Math.max(0, most - end) * rowHeight };
}

/** Where to scroll so that a row is wholly seen; where we are, if it is. `header` pixels at the top are covered. */
export function scrollTo(row: number, rowHeight: number, scrolled: number, seen: number, header = 0): number {
  const top = row * rowHeight;
  if (top < scrolled) return top;
  if (top + rowHeight > scrolled + seen - header) return top + rowHeight - seen + header;
  return scrolled;
}

/** The pages (of `size` rows) that hold rows `first` to before `end`. */
export function pagesOf(first: number, end: number, size: number): number[] {
  if (end <= first) return [];
  const pages: number[] = [];
  for (let page = Math.floor(first / size); page * size < end; page++) pages.push(page);
  return pages;
}
