import assert from "node:assert/strict";
import { test } from "node:test";
import type { Cause, Draft, DraftFile, Offer } from "../../src/api/drafts";
import {
  causesInOrder,
  columnsOf,
  encodingName,
  offersByCode,
  stopped,
  toCreate,
  type Wish,
} from "../../src/pure/preview";

const VERDICTS = {
  new: 290,
  existing_ok: 3,
  existing_pending: 1,
  existing_erred: 4,
  existing_closed: 2,
  duplicate: 5,
  invalid: 6,
};
const WISH: Wish = { if_erred: "retry", if_closed: "reopen", problems: "skip" };

function cause(code: string, kind: "row" | "note", count: number, suggestions: readonly Offer[] = []): Cause {
  return { code, kind, count, message: code, hint: "", first_row: 1, first_line: 2, suggestions };
}

function offer(code: string, like: string, count: number): Offer {
  return { code, like, count, message: `Do ${code}`, example: { row: 1, email: "a@gmial.com", value: "a@gmail.com" } };
}

test("the number on the button is what is created or made again", () => {
  assert.equal(toCreate(VERDICTS, WISH), 296);
  assert.equal(toCreate(VERDICTS, { ...WISH, if_erred: "leave" }), 292);
  assert.equal(toCreate(VERDICTS, { ...WISH, if_erred: "leave", if_closed: "leave" }), 290);
});

test("problems stop everything only if somebody says so and there are some", () => {
  const draft = { verdicts: VERDICTS } as Draft;
  assert.ok(!stopped(draft, WISH));
  assert.ok(stopped(draft, { ...WISH, problems: "stop" }));
  assert.ok(!stopped({ verdicts: { ...VERDICTS, invalid: 0 } } as Draft, { ...WISH, problems: "stop" }));
});

test("what gets no account comes first, then advice that can be taken, repeated rows, and what needs nothing", () => {
  const found = causesInOrder([
    cause("HIDDEN_TRIMMED", "note", 100),
    cause("DUPLICATE", "row", 50),
    cause("EDITED", "note", 9),
    cause("DOMAIN_TYPO", "note", 5, [offer("USE_DOMAIN", "gmial.com", 5)]),
    cause("EMAIL_NO_AT", "row", 2),
    cause("EMAIL_MISSING", "row", 4),
  ]);
  assert.deepEqual(
    found.map((one) => one.code),
    ["EMAIL_MISSING", "EMAIL_NO_AT", "DOMAIN_TYPO", "DUPLICATE", "HIDDEN_TRIMMED"],
  );
});

test("suggestions of one kind are one click together and one each", () => {
  const groups = offersByCode([
    offer("USE_DOMAIN", "gmial.com", 5),
    offer("KEEP_AS_IS", "x", 1),
    offer("USE_DOMAIN", "hotmial.com", 2),
  ]);
  assert.deepEqual(
    groups.map((group) => [group.code, group.count, group.offers.length]),
    [
      ["USE_DOMAIN", 7, 2],
      ["KEEP_AS_IS", 1, 1],
    ],
  );
});

test("columns are named by their headings, or by their first cells where there are none", () => {
  const file = {
    header_line: 1,
    headings: ["Nimi", "E-post"],
    sample: [["Ada", "ada@example.org", "+372"]],
  } as unknown as DraftFile;
  assert.deepEqual(columnsOf(file), [
    { place: 0, heading: "Nimi" },
    { place: 1, heading: "E-post" },
    { place: 2, heading: "+372" },
  ]);
  assert.equal(columnsOf({ ...file, header_line: 0 })[0]?.heading, "Ada");
});

test("encodings are written as people know them", () => {
  assert.deepEqual(["utf-8", "windows-1257", "iso-8859-13", "koi8-r", "macintosh", "cp775"].map(encodingName), [
    "UTF-8",
    "Windows-1257",
    "ISO-8859-13",
    "KOI8-R",
    "Macintosh",
    "CP775",
  ]);
});
