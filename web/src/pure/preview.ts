/** What a preview comes to: what is created, what wants a look, in which order. */

import type { Cause, Draft, DraftFile, Offer, Verdict } from "../api/drafts";

export const VERDICTS: readonly Verdict[] = [
  "new",
  "existing_erred",
  "existing_closed",
  "existing_ok",
  "existing_pending",
  "duplicate",
  "invalid",
];

export interface Wish {
  readonly if_erred: "retry" | "leave";
  readonly if_closed: "reopen" | "leave";
  readonly problems: "skip" | "stop";
}

/** Accounts that would be made, or made again. */
export function toCreate(verdicts: Draft["verdicts"], wish: Wish): number {
  return (
    verdicts.new +
    (wish.if_erred === "retry" ? verdicts.existing_erred : 0) +
    (wish.if_closed === "reopen" ? verdicts.existing_closed : 0)
  );
}

/** Whether nothing is to be created because somebody wants all rows right first. */
export function stopped(draft: Draft, wish: Wish): boolean {
  return wish.problems === "stop" && draft.verdicts.invalid > 0;
}

const DUPLICATE = "DUPLICATE";
/** What the person who reads it has done just now. */
const OWN_DOING: ReadonlySet<string> = new Set(["EDITED", "CONFIRMED"]);

/** The causes in the order in which they want a look: rows that get no account, advice, then what needs nothing. */
export function causesInOrder(causes: readonly Cause[]): readonly Cause[] {
  const rank = (cause: Cause) => {
    if (cause.code === DUPLICATE) return 2;
    if (cause.kind === "row") return 0;
    return cause.suggestions.length > 0 ? 1 : 3;
  };
  return causes
    .filter((cause) => !OWN_DOING.has(cause.code))
    .sort((one, other) => rank(one) - rank(other) || other.count - one.count || one.first_line - other.first_line);
}

/** Offers of one kind together: each is one click, and all of them are one click as well. */
export function offersByCode(
  offers: readonly Offer[],
): readonly {
  readonly code: string;
  readonly message: string;
  readonly offers: readonly Offer[];
  readonly count: number;
}[] {
  const codes = [...new Set(offers.map((offer) => offer.code))];
  return codes.map((code) => {
    const alike = offers.filter((offer) => offer.code === code);
    return {
      code,
      message: alike[0]?.message ?? code,
      offers: alike,
      count: alike.reduce((sum, offer) => sum + offer.count, 0),
    };
  });
}

/** The columns of a file as somebody may choose them: place and heading, or the first cells where there is no heading. */
export function columnsOf(file: DraftFile): readonly { readonly place: number; readonly heading: string }[] {
  const width = Math.max(file.headings.length, ...file.sample.map((cells) => cells.length), 0);
  return Array.from({ length: width }, (_, place) => {
    const heading = file.header_line === 0 ? "" : (file.headings[place] ?? "");
    return { place, heading: heading || file.sample[0]?.[place] || "" };
  });
}

/** The name of an encoding as it is usually written. */
export function encodingName(encoding: string): string {
  if (encoding.startsWith("windows")) return `Windows${encoding.slice("windows".length)}`;
  if (encoding === "macintosh") return "Macintosh";
  return encoding.toUpperCase();
}
