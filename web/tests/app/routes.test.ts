import assert from "node:assert/strict";
import { test } from "node:test";
import { paths, routeOf } from "../../src/app/routes";

const ONE = "2f1d3a5b7c9e4f60a1b2c3d4e5f60718";
const DASHED = "2f1d3a5b-7c9e-4f60-a1b2-c3d4e5f60718";

test("what is linked to leads to its view", () => {
  assert.equal(routeOf(paths.courses()).view, "courses");
  assert.deepEqual(routeOf(paths.course(ONE)), { view: "course", course: ONE, rest: [] });
  assert.deepEqual(routeOf(paths.addSingle(ONE)), { view: "add", course: ONE, tab: "single", draft: null });
  assert.deepEqual(routeOf(paths.addBatch(ONE)), { view: "add", course: ONE, tab: "batch", draft: null });
  assert.deepEqual(routeOf(paths.draft(ONE, ONE)), { view: "add", course: ONE, tab: "batch", draft: ONE });
  assert.deepEqual(routeOf(paths.import(ONE)), { view: "import", import: ONE });
  assert.equal(routeOf(paths.operators()).view, "operators");
  assert.equal(routeOf(paths.account()).view, "account");
});

test("both spellings of an id and a missing slash at the end are understood", () => {
  assert.deepEqual(routeOf(`/imports/${DASHED.toUpperCase()}`), { view: "import", import: ONE });
});

test("parts of a course keep what follows its id", () => {
  assert.deepEqual(routeOf(`/courses/${ONE}/imports/`), { view: "course", course: ONE, rest: ["imports"] });
});

test("nothing else leads anywhere", () => {
  for (const path of [
    "/imports/",
    "/imports/x/",
    `/imports/${ONE}/more/`,
    "/courses/",
    `/courses/${ONE}/add/x/`,
    `/courses/${ONE}/add/${ONE}/x/`,
    "/nothing",
  ]) {
    assert.equal(routeOf(path).view, "nowhere", path);
  }
});
