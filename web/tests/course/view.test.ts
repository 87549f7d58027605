import assert from "node:assert/strict";
import { test } from "node:test";
import { FIRST_VIEW, filtersOf, isNarrowed, listQuery, pagesOf, queryOf, rangeOf, viewOf } from "../../src/course/view";

const P = "0f".repeat(16);

const NOTHING = { state: null, problem: null, order: null, page: null, size: null };

test("the address of the page says filters, order and page, and never what was searched for", () => {
  const view = { ...FIRST_VIEW, states: ["Erred", "OK"] as const, search: "ada@", descending: true, page: 3 };
  assert.deepEqual(queryOf(view), { ...NOTHING, state: ["Erred", "OK"], order: "-email", page: "3" });
  assert.deepEqual(queryOf({ ...FIRST_VIEW, search: "ada@example.org" }), NOTHING);
});

test("an address gives the view back that wrote it, without the search", () => {
  const view = { ...FIRST_VIEW, problem: "REFUSED", order: "created", descending: true, page: 2, size: 300 } as const;
  assert.deepEqual(viewOf("?problem=REFUSED&order=-created&page=2&size=300"), view);
  assert.deepEqual(queryOf({ ...view, search: "x" }), {
    ...NOTHING,
    problem: "REFUSED",
    order: "-created",
    page: "2",
    size: "300",
  });
});

test("what an address says wrongly is left out", () => {
  assert.deepEqual(viewOf("?state=Wrong&order=-password&page=-1&size=7&problem=<b>"), FIRST_VIEW);
  assert.deepEqual(viewOf("?page=1e99&size=1e9&order=--email"), FIRST_VIEW);
});

test("the API is asked for the project, the filters, one order and one page", () => {
  const view = { ...FIRST_VIEW, states: ["OK"] as const, search: " Ada ", descending: true, page: 2 };
  assert.equal(listQuery(view, P).toString(), `project_uuid=${P}&state=OK&email=Ada&o=-email&page=2&page_size=50`);
});

test("a problem is one of failed accounts, whatever states are chosen", () => {
  const view = { ...FIRST_VIEW, states: ["OK"] as const, problem: "REFUSED" };
  assert.equal(filtersOf(view, P).toString(), `project_uuid=${P}&state=Erred&error_code=REFUSED`);
});

test("a very long search is cut to what the API takes", () => {
  assert.equal(filtersOf({ ...FIRST_VIEW, search: "a".repeat(999) }, P).get("email")?.length, 320);
});

test("a view is narrowed by any filter, not by order or page", () => {
  assert.equal(isNarrowed({ ...FIRST_VIEW, page: 2, order: "state" }), false);
  assert.equal(isNarrowed({ ...FIRST_VIEW, search: "  " }), false);
  assert.equal(isNarrowed({ ...FIRST_VIEW, search: "a" }), true);
  assert.equal(isNarrowed({ ...FIRST_VIEW, problem: "REFUSED" }), true);
});

test("pages and ranges count from one, and nothing has one page and no range", () => {
  assert.equal(pagesOf(FIRST_VIEW, 0), 1);
  assert.equal(rangeOf(FIRST_VIEW, 0), null);
  assert.equal(pagesOf(FIRST_VIEW, 101), 3);
  assert.deepEqual(rangeOf({ ...FIRST_VIEW, page: 3 }, 101), { first: 101, last: 101 });
  assert.equal(rangeOf({ ...FIRST_VIEW, page: 4 }, 101), null);
});
