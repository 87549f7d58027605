import assert from "node:assert/strict";
import { test } from "node:test";
import {
  MOST_NAMED,
  NOBODY,
  type Selection,
  isTicked,
  pageState,
  pageTicked,
  planFor,
  ticked,
  tickedCount,
} from "../../src/course/selection";
import { FIRST_VIEW } from "../../src/course/view";

const ALL: Selection = { kind: "all" };
const some = (...ids: string[]): Selection => ({ kind: "some", ids: new Set(ids) });

test("ticking and unticking one account leaves the others as they are", () => {
  const both = ticked(ticked(NOBODY, "a", true, []), "b", true, []);
  assert.deepEqual(ticked(both, "a", false, []), some("b"));
  assert.equal(tickedCount(both, 99), 2);
});

test("the box above the page ticks the page and keeps what is ticked on other pages", () => {
  const selection = pageTicked(some("other"), ["a", "b"], true);
  assert.deepEqual(selection, some("other", "a", "b"));
  assert.equal(pageState(selection, ["a", "b"]), "all");
  assert.equal(pageState(selection, ["a", "c"]), "some");
  assert.equal(pageState(selection, ["c"]), "none");
  assert.deepEqual(pageTicked(selection, ["a", "b"], false), some("other"));
});

test("of all that match, taking one tick away leaves the rest of the page", () => {
  assert.equal(isTicked(ALL, "anybody"), true);
  assert.equal(tickedCount(ALL, 300), 300);
  assert.deepEqual(ticked(ALL, "a", false, ["a", "b"]), some("b"));
  assert.deepEqual(pageTicked(ALL, ["a"], false), NOBODY);
});

test("what is ticked one by one is asked for by name", () => {
  assert.deepEqual(planFor("close", some("a"), FIRST_VIEW, "p", 9), {
    kind: "order",
    order: { action: "close", accounts: ["a"] },
  });
});

test("all of a course without a filter is an order about the course", () => {
  assert.deepEqual(planFor("close", ALL, FIRST_VIEW, "p", 90_000), {
    kind: "order",
    order: { action: "close", project: "p" },
  });
});

test("a retry of all failed ones, or of one cause, is an order about the course, however many they are", () => {
  assert.deepEqual(planFor("retry", ALL, { ...FIRST_VIEW, problem: "REFUSED" }, "p", 90_000), {
    kind: "order",
    order: { action: "retry", project: "p", codes: ["REFUSED"] },
  });
  assert.deepEqual(planFor("retry", ALL, { ...FIRST_VIEW, states: ["Erred"] }, "p", 90_000), {
    kind: "order",
    order: { action: "retry", project: "p", codes: [] },
  });
});

test("all under a filter that no job knows has to be named, and never becomes all of the course", () => {
  const searched = { ...FIRST_VIEW, search: "ada" };
  assert.deepEqual(planFor("close", ALL, searched, "p", 10), { kind: "name-them" });
  assert.deepEqual(planFor("retry", ALL, { ...searched, problem: "REFUSED" }, "p", 10), { kind: "name-them" });
  assert.deepEqual(planFor("close", ALL, { ...FIRST_VIEW, states: ["OK"] }, "p", MOST_NAMED + 1), {
    kind: "too-many",
    most: MOST_NAMED,
  });
});
