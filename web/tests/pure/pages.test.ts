import assert from "node:assert/strict";
import { test } from "node:test";
import { Pages } from "../../src/pure/pages";

interface Row {
  readonly row: number;
  readonly said?: string;
}

const rows = (from: number, number: number): Row[] =>
  Array.from({ length: number }, (_, place) => ({ row: from + place }));

test("a list that is read from its start leads to any page by the links of the pages before", () => {
  const pages = new Pages<Row>(10, "first");
  assert.deepEqual(pages.wayTo(3), { page: 0, link: "first" });
  pages.put(0, rows(1, 10), "second");
  assert.deepEqual(pages.wayTo(3), { page: 1, link: "second" });
  pages.put(1, rows(11, 10), "third");
  assert.deepEqual(pages.wayTo(1), { page: 1, link: "second" });
  assert.deepEqual(pages.wayTo(3), { page: 2, link: "third" });
});

test("a list that can be entered anywhere is", () => {
  const pages = new Pages<Row>(10, "first", (page) => `page ${page}`);
  assert.deepEqual(pages.wayTo(1_999), { page: 1_999, link: "page 1999" });
  pages.put(1_999, rows(19_991, 10), null);
  assert.equal(pages.rowAt(19_990)?.row, 19_991);
  assert.equal(pages.rowAt(0), undefined);
});

test("there is no way beyond the end, and the length is then exact", () => {
  const pages = new Pages<Row>(10, "first");
  assert.equal(pages.known(), 10);
  pages.put(0, rows(1, 10), "second");
  assert.equal(pages.known(), 20);
  pages.put(1, rows(11, 3), null);
  assert.equal(pages.known(), 13);
  assert.equal(pages.wayTo(2), null);
});

test("a list that was entered before its first rows were there is read wherever somebody looks", () => {
  const pages = new Pages<Row>(10, "first", (page) => `page ${page}`);
  pages.put(0, [], null);
  assert.deepEqual(pages.wayTo(12), { page: 12, link: "page 12" });
});

test("beyond the end of a list that may have grown one reads its last page again", () => {
  const pages = new Pages<Row>(10, "first");
  pages.put(0, rows(1, 3), null);
  assert.equal(pages.wayTo(4), null);
  pages.outdate();
  assert.deepEqual(pages.wayTo(4), { page: 0, link: "first" });
  pages.put(0, rows(1, 10), "second");
  assert.deepEqual(pages.wayTo(4), { page: 1, link: "second" });
});

test("a list that grew goes on", () => {
  const pages = new Pages<Row>(10, "first");
  pages.put(0, rows(1, 10), null);
  pages.put(0, rows(1, 10), "second");
  assert.deepEqual(pages.wayTo(1), { page: 1, link: "second" });
});

test("no more than a few pages are kept, and those read last", () => {
  const pages = new Pages<Row>(10, "first", (page) => `page ${page}`, 3);
  for (let page = 0; page < 50; page += 1) pages.put(page, rows(page * 10 + 1, 10), "next");
  assert.equal(pages.rowAt(0), undefined);
  assert.equal(pages.rowAt(479)?.row, 480);
  assert.equal(pages.rowAt(499)?.row, 500);
});

test("a changed row takes the place of its older self; one that is not at hand is passed over", () => {
  const pages = new Pages<Row>(10, "first");
  pages.put(0, rows(1, 10), null);
  assert.ok(pages.replace({ row: 4, said: "created" }, (other) => other.row === 4));
  assert.equal(pages.rowAt(3)?.said, "created");
  assert.ok(!pages.replace({ row: 40 }, (other) => other.row === 40));
});

test("what is out of date is shown until it was read again", () => {
  const pages = new Pages<Row>(10, "first");
  pages.put(0, rows(1, 10), null);
  assert.ok(pages.fresh(0));
  pages.outdate();
  assert.ok(!pages.fresh(0));
  assert.equal(pages.rowAt(0)?.row, 1);
  pages.put(0, rows(1, 10), null);
  assert.ok(pages.fresh(0));
});
