import assert from "node:assert/strict";
import { test } from "node:test";
import type { ComparedTable, Comparison, Replay } from "../../src/operators/replay_model";
import {
  cellText,
  fractionRead,
  keyText,
  needsAcceptance,
  offeredCommands,
  resultOf,
  tablesToShow,
  verdictOf,
} from "../../src/operators/replays";

const table = (over: Partial<ComparedTable>): ComparedTable => ({
  model: "accounts",
  table: "accounts",
  rows_here: 3,
  rows_there: 3,
  differing: 0,
  equal: false,
  expected: false,
  only_here: [],
  only_there: [],
  retyped: [],
  checksum: null,
  first: [],
  ...over,
});
const comparison = (over: Partial<Comparison>): Comparison => ({
  here: "a",
  there: "b",
  equal: false,
  sound: false,
  changed: [],
  tables: [],
  invariants: [],
  ...over,
});
const BROKEN = { model: "m", name: "n", says: "No row is …", broken: 2, first: [] };

test("the verdict tells equal, as expected, broken rules and different apart", () => {
  assert.deepEqual(verdictOf(comparison({ equal: true, sound: true, tables: [table({ equal: true })] })), {
    kind: "equal",
    tables: 1,
  });
  assert.deepEqual(
    verdictOf(comparison({ sound: true, changed: [{ model: "m", version_here: 1, version_there: 2 }] })),
    { kind: "as-expected", models: ["m"] },
  );
  assert.deepEqual(verdictOf(comparison({ equal: true, invariants: [BROKEN] })), { kind: "rules-broken", rules: 1 });
  assert.deepEqual(verdictOf(comparison({ tables: [table({}), table({ equal: true })] })), {
    kind: "different",
    tables: 1,
  });
});

test("a table that one set lacks, that cannot be paired, or that differs in columns says so", () => {
  assert.deepEqual(resultOf(table({ equal: true })), { kind: "equal" });
  assert.deepEqual(resultOf(table({ rows_here: null })), { kind: "only", where: "there" });
  assert.deepEqual(resultOf(table({ rows_there: null })), { kind: "only", where: "here" });
  assert.deepEqual(resultOf(table({ differing: null })), { kind: "not-paired" });
  assert.deepEqual(resultOf(table({ only_there: ["x"] })), { kind: "columns" });
  assert.deepEqual(resultOf(table({ differing: 4 })), { kind: "rows", rows: 4 });
});

test("tables that should be equal and are not come first", () => {
  const tables = [
    table({ table: "e", equal: true }),
    table({ table: "x", expected: true }),
    table({ table: "d", differing: 1 }),
  ];
  assert.deepEqual(
    tablesToShow(comparison({ tables })).map((one) => one.table),
    ["d", "x", "e"],
  );
});

test("a missing value is not the word NULL, and blanks are seen", () => {
  assert.deepEqual(
    [cellText(null), cellText("NULL"), cellText(" a"), cellText(""), cellText("a")],
    ["NULL", '"NULL"', '" a"', '""', "a"],
  );
  assert.equal(keyText({ import: "i", row: 3 }), "import i, row 3");
});

test("commands of a newer server are left out, and a difference has to be accepted before a swap", () => {
  const replay = { commands: ["clean-up", "swap", "teleport"], equal: null, total: 0, done: 0 } as unknown as Replay;
  assert.deepEqual(offeredCommands(replay), ["swap", "clean-up"]);
  assert.equal(needsAcceptance(replay), true);
  assert.equal(needsAcceptance({ ...replay, equal: true }), false);
  assert.equal(fractionRead(replay), null);
  assert.equal(fractionRead({ ...replay, total: 8, done: 2 }), 0.25);
});
