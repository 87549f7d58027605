import assert from "node:assert/strict";
import { test } from "node:test";
import { CLASSES, type Counts } from "../../src/api/imports";
import { type Sample, band, done, moving, shownClasses, terms, withSample } from "../../src/pure/progress";

function counts(some: Partial<Counts>): Counts {
  const all = Object.fromEntries(CLASSES.map((one) => [one, some[one] ?? 0])) as Record<
    (typeof CLASSES)[number],
    number
  >;
  return { ...all, rows: Object.values(all).reduce((sum, one) => sum + one, 0) };
}

test("done is what waits for nothing more", () => {
  assert.equal(done(counts({ created: 5, failed: 2, duplicate: 1, pending: 3, waiting: 4 })), 8);
});

test("created, failed and pending are always shown, others when there are some", () => {
  assert.deepEqual(shownClasses(counts({ created: 1 })), ["created", "failed", "pending"]);
  assert.deepEqual(shownClasses(counts({ waiting: 2, invalid: 1 })), [
    "created",
    "failed",
    "waiting",
    "pending",
    "invalid",
  ]);
});

test("the equation counts every row once", () => {
  const some = counts({ created: 280, failed: 9, duplicate: 5, invalid: 6 });
  assert.equal(
    terms(some).reduce((sum, term) => sum + term.number, 0),
    some.rows,
  );
  assert.deepEqual(
    terms(some).map((term) => term.class),
    ["created", "failed", "duplicate", "invalid"],
  );
});

test("states that end by themselves are followed", () => {
  assert.ok(moving("running") && moving("cancelling") && moving("undoing"));
  assert.ok(!moving("finished") && !moving("cancelled") && !moving("undone"));
});

test("the course of an import keeps its start and its end, and never grows without bound", () => {
  let course: readonly Sample[] = [{ at: 0, created: 0, failed: 0, others: 0 }];
  for (let at = 1; at <= 50_000; at += 1) course = withSample(course, at, counts({ created: at }));
  assert.ok(course.length <= 241, `${course.length}`);
  assert.deepEqual(course[0], { at: 0, created: 0, failed: 0, others: 0 });
  assert.equal(course.at(-1)?.created, 50_000);
  const times = course.map((sample) => sample.at);
  assert.deepEqual(
    times,
    [...times].sort((one, other) => one - other),
  );
});

test("a moment that tells nothing new, or is older, is left out", () => {
  const course = withSample([], 10, counts({ created: 1 }));
  assert.equal(withSample(course, 11, counts({ created: 1 })), course);
  assert.equal(withSample(course, 9, counts({ created: 2 })), course);
});

test("a band fills its box when all rows are done", () => {
  const course = [
    { at: 0, created: 0, failed: 0, others: 0 },
    { at: 10, created: 4, failed: 0, others: 0 },
  ];
  const box = { width: 100, height: 50, from: 0, until: 10 };
  assert.equal(
    band(
      course,
      4,
      box,
      () => 0,
      (sample) => sample.created,
    ),
    "0,50 100,0 100,50 0,50",
  );
});
