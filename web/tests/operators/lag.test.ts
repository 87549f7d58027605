import assert from "node:assert/strict";
import { test } from "node:test";
import { KEPT_MS, areaOf, ceilingOf, pathOf, withSample, worstOf } from "../../src/operators/lag";

test("the lag is that of the model that lacks the oldest event", () => {
  const model = { name: "", version: 1, question: "", set: "", records_ahead: 0 };
  assert.equal(worstOf([]), 0);
  assert.equal(
    worstOf([
      { ...model, oldest_unprocessed_seconds: 2 },
      { ...model, oldest_unprocessed_seconds: 9.5 },
    ]),
    9.5,
  );
});

test("samples are kept for some minutes, and none that is of the future of the newest", () => {
  const old = withSample([], { at: 0, seconds: 1 });
  assert.equal(withSample(old, { at: KEPT_MS - 1, seconds: 2 }).length, 2);
  assert.equal(withSample(old, { at: KEPT_MS, seconds: 2 }).length, 1);
  assert.deepEqual(withSample([{ at: 9, seconds: 1 }], { at: 5, seconds: 2 }), [{ at: 5, seconds: 2 }]);
});

test("the chart ends at a round number above what it shows, at least a second", () => {
  const tops = [0, 1, 1.1, 3, 7, 120, 5000].map((seconds) => ceilingOf([{ at: 0, seconds }]));
  assert.deepEqual(tops, [1, 1, 2, 5, 10, 200, 5000]);
});

test("the newest sample is at the right edge, none is outside the box", () => {
  const samples = [
    { at: 0, seconds: 0 },
    { at: KEPT_MS, seconds: 1 },
  ];
  assert.equal(pathOf(samples, KEPT_MS, 300, 60), "M0 60L300 0");
  assert.equal(areaOf(samples, KEPT_MS, 300, 60), "M0 60L300 0L300 60L0 60Z");
  assert.equal(areaOf([{ at: 0, seconds: 0 }], 0, 300, 60), "");
});
