/** Reading numbers that somebody typed. Pure. */

const MOST_PER_SECOND = 10_000;

/** Calls a second; null: no limit; undefined: it is neither. A comma is taken for a point. */
export function readRate(text: string): number | null | undefined {
  const said = text.trim().replace(",", ".");
  if (said === "") return null;
  const number = /^\d+(\.\d+)?$/.test(said) ? Number(said) : Number.NaN;
  return number > 0 && number <= MOST_PER_SECOND ? number : undefined;
}

/** A whole number from 1 to `most`; undefined: it is none. */
export function readLimit(text: string, most: number): number | undefined {
  const said = text.trim().replaceAll(/[, ]/g, "");
  const number = /^\d{1,9}$/.test(said) ? Number(said) : 0;
  return number >= 1 && number <= most ? number : undefined;
}
