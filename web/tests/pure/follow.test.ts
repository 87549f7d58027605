import assert from "node:assert/strict";
import { test } from "node:test";
import type { ImportStatus } from "../../src/api/imports";
import { backOff, newer, newsOf, pollAfter, streamAgain } from "../../src/pure/follow";

const status = (version: number, more: Partial<ImportStatus> = {}) =>
  ({ version, poll_after: 3, ...more }) as ImportStatus;

test("a status is shown, a reset means to read again as well", () => {
  const data = JSON.stringify(status(4));
  assert.deepEqual(
    newsOf({ name: "status", data }).map((one) => one.kind),
    ["status"],
  );
  assert.deepEqual(
    newsOf({ name: "reset", data }).map((one) => one.kind),
    ["status", "again"],
  );
});

test("few changed rows come in full, many are to be read", () => {
  assert.deepEqual(newsOf({ name: "rows", data: '{"version":4,"many":false,"rows":[{"row":3}]}' }), [
    { kind: "rows", rows: [{ row: 3 }] },
  ]);
  assert.deepEqual(newsOf({ name: "rows", data: '{"version":4,"many":true,"ranges":[[1,400]]}' }), [{ kind: "again" }]);
});

test("an event of a newer server is passed over", () => {
  assert.deepEqual(newsOf({ name: "weather", data: "rain" }), []);
});

test("an answer that was overtaken on its way changes nothing", () => {
  assert.equal(newer(status(5), status(4)).version, 5);
  assert.equal(newer(status(4), status(5)).version, 5);
  assert.equal(newer(undefined, status(1)).version, 1);
  const [older, again] = [status(5, { rate: 1 }), status(5, { rate: 2 })];
  assert.equal(newer(older, again).rate, 2);
});

test("pauses grow, are bounded, and differ", () => {
  const pauses = [1, 2, 3, 4, 5, 20].map((failures) => backOff(failures, 0.5));
  assert.deepEqual(pauses, [1, 2, 4, 8, 15, 15]);
  assert.ok(backOff(3, 0) < backOff(3, 1));
  assert.ok(backOff(99, 1) < 20);
});

test("it is asked as often as the server says, and seldom while nobody looks", () => {
  assert.equal(pollAfter(status(1), false), 3);
  assert.equal(pollAfter(status(1, { poll_after: 0 }), false), 1);
  assert.equal(pollAfter(status(1), true), 10);
  assert.equal(pollAfter(undefined, false), 2);
});

test("one stream that fails may be chance; then it is tried less and less often, but never given up", () => {
  assert.equal(streamAgain(1), 0);
  assert.deepEqual([2, 3, 4].map(streamAgain), [5, 10, 20]);
  assert.equal(streamAgain(9), 640);
  assert.equal(streamAgain(1000), 900);
});
