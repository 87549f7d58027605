/** When a course ends, counted in days as people count them. Pure. */

export type End =
  | { readonly kind: "none" }
  | { readonly kind: "over"; readonly days: number }
  | { readonly kind: "today" }
  | { readonly kind: "ahead"; readonly days: number };

const DAY_MS = 86_400_000;

/**
 * How far the end is. `endDate` is the last day (YYYY-MM-DD); `endsAt`, an exact moment, goes before it. Days are those
 * of the reader's calendar: the last day itself is `today`, also in its last minute.
 */
export function endOf(endDate: string | null, endsAt: string | null, now: Date): End {
  if (endsAt !== null) {
    const moment = new Date(endsAt);
    if (!Number.isNaN(moment.getTime())) {
      if (moment <= now) return { kind: "over", days: daysBetween(dayOf(moment), dayOf(now)) };
      return ahead(daysBetween(dayOf(now), dayOf(moment)));
    }
  }
  const last = endDate === null ? null : parseDay(endDate);
  if (last === null) return { kind: "none" };
  const days = daysBetween(dayOf(now), last);
  return days < 0 ? { kind: "over", days: -days } : ahead(days);
}

function ahead(days: number): End {
  return days === 0 ? { kind: "today" } : { kind: "ahead", days };
}

/** Days since 1970 of a day written YYYY-MM-DD; null if it is none. */
export function parseDay(text: string): number | null {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (found === null) return null;
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])];
  const date = new Date(Date.UTC(year, month - 1, day));
  const same = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return same ? date.getTime() / DAY_MS : null;
}

/** The day of a moment in the reader's calendar, in days since 1970. */
export function dayOf(moment: Date): number {
  return Date.UTC(moment.getFullYear(), moment.getMonth(), moment.getDate()) / DAY_MS;
}

/** A day as YYYY-MM-DD. */
export function writtenDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

function daysBetween(from: number, to: number): number {
  return to - from;
}
