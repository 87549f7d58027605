import assert from "node:assert/strict";
import { test } from "node:test";
import { shownBytes } from "../../src/operators/bytes";
import { partsOf } from "../../src/operators/health";
import type { ReadModel, Target } from "../../src/operators/model";
import { readLines } from "../../src/operators/ndjson";
import { NOTHING_YET, withLine } from "../../src/operators/orphans";
import { TRY_FIRST, allCauses, orderFor } from "../../src/operators/parked";
import type { ParkedCause } from "../../src/operators/parked_model";

test("text is shown as it came, JSON in lines only where that loses nothing", () => {
  assert.deepEqual(shownBytes({ bytes: 8, cut: false, text: "<script>" }), {
    kind: "text",
    text: "<script>",
    whole: true,
  });
  assert.equal(shownBytes({ bytes: 9, cut: false, text: '{"a":[1]}' }).kind, "json");
  const large = '{"id":12345678901234567890}';
  assert.deepEqual(shownBytes({ bytes: large.length, cut: false, text: large }), {
    kind: "text",
    text: large,
    whole: true,
  });
  assert.equal(shownBytes({ bytes: 99, cut: true, text: '{"a":[1]}' }).kind, "text");
});

test("what cannot be printed is a dump of bytes", () => {
  const shown = shownBytes({ bytes: 4, cut: true, base64: "AGH/Cg==" });
  assert.equal(shown.text, `0000  00 61 ff 0a${" ".repeat(36)}  .a..`);
  assert.deepEqual([shown.kind, shown.whole], ["hex", false]);
  assert.equal(shownBytes(null).kind, "nothing");
  assert.equal(shownBytes({ bytes: 1, cut: false, base64: "%%%" }).text, "");
});

test("lines are put together however the stream is cut, and what is no JSON is passed over", () => {
  const first = readLines("", '{"a":1}\nnoise\n{"b"');
  assert.deepEqual(first, { values: [{ a: 1 }], rest: '{"b"' });
  assert.deepEqual(readLines(first.rest, ":2}\n"), { values: [{ b: 2 }], rest: "" });
});

test("a comparison with the account service grows line by line and ends with its last one", () => {
  const lines = [
    { type: "progress", listed: 5 },
    { type: "orphan", where: "ours", username: "u", email: null, scope: "s", account_uuid: "a", checked: true },
    { type: "unheard-of" },
    "noise",
    { type: "finished", listed: 9, at_target: 0, ours: 1, complete: true },
  ];
  const state = lines.reduce(withLine, NOTHING_YET);
  assert.deepEqual(
    state.orphans.map((one) => [one.where, one.username]),
    [["ours", "u"]],
  );
  assert.deepEqual(state.ending, { kind: "finished", atTarget: 0, ours: 1, complete: true });
  assert.equal(state.listed, 9);
});

test("named records are taken whole, causes and all with a limit", () => {
  assert.deepEqual(orderFor({ kind: "named", ids: ["t~0~1"] }, TRY_FIRST, "r"), { records: ["t~0~1"], reason: "r" });
  assert.deepEqual(orderFor({ kind: "cause", code: "C", topic: "t" }, TRY_FIRST, ""), {
    codes: ["C"],
    topic: "t",
    limit: 10,
    reason: "",
  });
  assert.deepEqual(orderFor({ kind: "all" }, 7, ""), { all: true, limit: 7, reason: "" });
});

test("causes of all services are in one list, those with most records first", () => {
  const cause = (service: ParkedCause["service"], records: number): ParkedCause => ({
    service,
    topic: "t",
    code: "C",
    message: "",
    hint: "",
    records,
    oldest: "",
    newest: "",
  });
  assert.deepEqual(
    allCauses([[cause("importer", 1)], [], [cause("projector", 5)]]).map((one) => one.service),
    ["projector", "importer"],
  );
});

const model = (ahead: number | null, seconds: number): ReadModel => ({
  name: "m",
  version: 1,
  question: "",
  set: "s",
  records_ahead: ahead,
  oldest_unprocessed_seconds: seconds,
});
const target = (state: string): Target => ({
  name: "t",
  state,
  since: null,
  code: null,
  reason: null,
  next_attempt: null,
  paused: null,
  rate: null,
  copies: 1,
  calls: { under_way: 0, last_minute: { answered: 0, unclear: 0, not_taken: 0 } },
});
const ASKING = { kind: "asking" } as const;
const GONE = { kind: "failed", sentence: "Nobody answers." } as const;

test("parts that answer are well, what nobody can tell is not said to be", () => {
  const looks = partsOf(
    { kind: "answered", value: {} },
    { kind: "answered", value: [model(0, 0)] },
    { kind: "answered", value: target("up") },
    ASKING,
  ).map((part) => part.look);
  assert.deepEqual(looks, ["good", "good", "good", "good", "good"]);
  assert.deepEqual(
    partsOf(ASKING, ASKING, ASKING, ASKING).map((part) => part.look),
    Array(5).fill("unseen"),
  );
});

test("without the provisioner the account service is not known to be down", () => {
  const looks = partsOf(GONE, { kind: "answered", value: [model(null, 60)] }, GONE, ASKING).map((part) => part.look);
  assert.deepEqual(looks, ["bad", "bad", "warn", "bad", "unseen"]);
});

test("a breaker that waits is a warning, one that is open is bad", () => {
  const look = (state: string): string | undefined =>
    partsOf(ASKING, ASKING, { kind: "answered", value: target(state) }, ASKING).at(-1)?.look;
  assert.deepEqual(["up", "held", "paused", "down"].map(look), ["good", "warn", "warn", "bad"]);
});
