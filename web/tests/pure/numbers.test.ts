import assert from "node:assert/strict";
import { test } from "node:test";
import { count, counted, day, daysUntil, duration, percent, rate, size } from "../../src/pure/numbers";

test("numbers have commas and nouns their plural", () => {
  assert.equal(count(200_000), "200,000");
  assert.equal(counted(1, "row"), "1 row");
  assert.equal(counted(0, "row"), "0 rows");
  assert.equal(counted(2, "person", "people"), "2 people");
});

test("a share is 0 % only of nothing and 100 % only of all", () => {
  assert.equal(percent(0, 300), "0 %");
  assert.equal(percent(1, 200_000), "1 %");
  assert.equal(percent(199_999, 200_000), "99 %");
  assert.equal(percent(300, 300), "100 %");
  assert.equal(percent(1, 0), "0 %");
});

test("spans are as coarse as they may be", () => {
  const cases: readonly (readonly [number, string])[] = [
    [-3, "0 s"],
    [0.4, "0 s"],
    [59.4, "59 s"],
    [60, "1 min"],
    [185, "3 min 5 s"],
    [3000, "50 min"],
    [7800, "2 h 10 min"],
    [200_000, "2 days"],
  ];
  for (const [seconds, said] of cases) assert.equal(duration(seconds), said);
});

test("rates and sizes keep the digits that matter", () => {
  assert.equal(rate(0.44), "0.4");
  assert.equal(rate(1234.5), "1,235");
  assert.equal(size(1), "1 byte");
  assert.equal(size(3_500), "3.4 kB");
  assert.equal(size(64 * 1024 * 1024), "64 MB");
});

test("a bare date is the same day in every zone", () => {
  assert.equal(day("2026-12-05"), "5 Dec 2026");
});

test("days until the end count down to the last one", () => {
  const now = new Date("2026-12-01T12:00:00Z").getTime();
  assert.equal(daysUntil("2026-12-05T21:59:00Z", now), 4);
  assert.equal(daysUntil("2026-12-01T21:59:00Z", now), 0);
  assert.ok(daysUntil("2026-11-30T00:00:00Z", now) < 0);
});
