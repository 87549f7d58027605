import assert from "node:assert/strict";
import { test } from "node:test";
import { pagesOf, scrollTo, windowOf } from "../../src/pure/window";

const HIGH = 44;

test("only what is seen and a little more is drawn, however long the list", () => {
  for (const scrolled of [0, 17, 44_000, 200_000 * HIGH]) {
    const { first, end, before, after } = windowOf(200_000, HIGH, scrolled, 600);
    assert.ok(end - first < 45, `${end - first} rows at ${scrolled}`);
    assert.equal(before + (end - first) * HIGH + after, 200_000 * HIGH);
  }
});

test("every row on the screen is drawn", () => {
  for (let scrolled = 0; scrolled < 5_000; scrolled += 7) {
    const { first, end } = windowOf(300, HIGH, scrolled, 600, 0);
    assert.ok(first * HIGH <= scrolled);
    assert.ok(end === 300 || end * HIGH >= scrolled + 600);
  }
});

test("a list that became shorter shows its end, not nothing", () => {
  const { first, end } = windowOf(20, HIGH, 90_000, 600, 0);
  assert.equal(end, 20);
  assert.ok(first < 20);
  assert.deepEqual(windowOf(0, HIGH, 0, 600), { first: 0, end: 0, before: 0, after: 0 });
});

test("one scrolls only as far as a row needs to be seen", () => {
  assert.equal(scrollTo(3, HIGH, 0, 600), 0);
  assert.equal(scrollTo(0, HIGH, 500, 600), 0);
  assert.equal(scrollTo(99, HIGH, 0, 600), 100 * HIGH - 600);
  assert.equal(scrollTo(99, HIGH, 0, 600, 40), 100 * HIGH - 560);
});

test("pages are those that hold the rows", () => {
  assert.deepEqual(pagesOf(0, 100, 100), [0]);
  assert.deepEqual(pagesOf(99, 101, 100), [0, 1]);
  assert.deepEqual(pagesOf(250, 420, 100), [2, 3, 4]);
  assert.deepEqual(pagesOf(5, 5, 100), []);
});
