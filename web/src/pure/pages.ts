/** The pages of a long list that are at hand. It never holds more than a few, however far somebody scrolls. */

interface Page<R> {
  readonly rows: R[];
  stale: boolean;
}

export class Pages<R> {
  private readonly pages = new Map<number, Page<R>>();
  /** The address of page k; page k+1 is known once page k was read. */
  private readonly links: string[];
  private ended: number | null = null;

  /** `first`: the address of the first page. `direct`: the address of any page, where the list can be entered anywhere. */
  constructor(
    readonly size: number,
    first: string,
    private readonly direct: ((page: number) => string) | null = null,
    private readonly most = 24,
  ) {
    this.links = [first];
  }

  rowAt(index: number): R | undefined {
    return this.pages.get(Math.floor(index / this.size))?.rows[index % this.size];
  }

  /** Whether a page is here and nothing in it is known to have changed. */
  fresh(page: number): boolean {
    return this.pages.get(page)?.stale === false;
  }

  /** What to read next on the way to `page`: itself, or the last page before it whose address is known. */
  wayTo(page: number): { readonly page: number; readonly link: string } | null {
    if (this.direct !== null) return { page, link: this.direct(page) };
    if (this.ended !== null && page > this.ended && this.fresh(this.ended)) return null;
    const known = Math.min(page, this.links.length - 1);
    const link = this.links[known];
    return link === undefined ? null : { page: known, link };
  }

  put(page: number, rows: readonly R[], next: string | null): void {
    this.pages.delete(page);
    this.pages.set(page, { rows: [...rows], stale: false });
    if (next === null) this.ended = page;
    else {
      if (this.ended === page) this.ended = null;
      if (this.links.length === page + 1) this.links.push(next);
    }
    for (const old of this.pages.keys()) {
      if (this.pages.size <= this.most) break;
      if (old !== page) this.pages.delete(old);
    }
  }

  /** How many rows there are, as far as was read: one more page than that, while there is one. */
  known(): number {
    if (this.ended !== null) return this.ended * this.size + (this.pages.get(this.ended)?.rows.length ?? this.size);
    return this.links.length * this.size;
  }

  /** Put a row in the place of its older self; false if it is not at hand. */
  replace(row: R, same: (other: R) => boolean): boolean {
    for (const page of this.pages.values()) {
      const place = page.rows.findIndex(same);
      if (place >= 0) {
        page.rows[place] = row;
        return true;
      }
    }
    return false;
  }

  /** All pages may have changed; they are shown until they were read again. */
  outdate(): void {
    for (const page of this.pages.values()) page.stale = true;
  }
}
