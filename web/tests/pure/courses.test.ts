import assert from "node:assert/strict";
import { test } from "node:test";
import type { ImportStatus } from "../../src/api/imports";
import type { Project } from "../../src/api/projects";
import { attention, inOrder, named, standing } from "../../src/pure/courses";

const NOW = new Date("2026-12-01T12:00:00Z").getTime();
const COUNTS = { OK: 10, Pending: 0, Erred: 0, Closed: 0 };

function course(name: string, endsAt: string | null, more: Partial<Project> = {}): Project {
  const end = endsAt?.slice(0, 10) ?? null;
  return {
    uuid: name,
    name,
    slug: name,
    kind: "course",
    start_date: null,
    end_date: end,
    ends_at: endsAt,
    accounts: COUNTS,
    ...more,
  };
}

test("a course is on until its end, and one without an end cannot have accounts", () => {
  assert.equal(standing(course("a", "2026-12-05T22:00:00Z"), NOW), "on");
  assert.equal(standing(course("a", "2026-12-01T12:00:00Z"), NOW), "over");
  assert.equal(standing(course("a", null), NOW), "endless");
});

test("the last day of a course is part of it", () => {
  const today = new Date(NOW).toISOString().slice(0, 10);
  const last = course("a", null, { end_date: today });
  assert.equal(standing(last, NOW), "on");
  assert.deepEqual(attention(last, { imports: [], drafts: [] }, NOW), [{ what: "soon", days: 0 }]);
  assert.equal(standing(course("a", null, { end_date: "2026-11-28" }), NOW), "over");
});

test("what ends first stands first, what is over last and newest first", () => {
  const found = inOrder(
    [
      course("old", "2025-01-01T00:00:00Z"),
      course("late", "2027-01-01T00:00:00Z"),
      course("none", null),
      course("soon", "2026-12-02T00:00:00Z"),
      course("older", "2024-01-01T00:00:00Z"),
    ],
    NOW,
  );
  assert.deepEqual(
    found.map((one) => one.name),
    ["soon", "late", "none", "old", "older"],
  );
});

test("a course is found by a part of its name, in any case", () => {
  const all = [course("Introduction to R", null), course("Statistics", null)];
  assert.deepEqual(
    named(all, " TO r ").map((one) => one.name),
    ["Introduction to R"],
  );
  assert.equal(named(all, "").length, 2);
});

test("failed, waiting, running, ending soon and unfinished want attention, in this order", () => {
  const imports = [
    { uuid: "i1", counts: { rows: 10, waiting: 3, pending: 0 }, waiting: { since: "2026-12-01T11:00:00Z" } },
    { uuid: "i2", counts: { rows: 10, waiting: 0, pending: 4 }, waiting: null },
  ] as unknown as ImportStatus[];
  const found = attention(
    course("a", "2026-12-03T22:00:00Z", { accounts: { ...COUNTS, Erred: 2 } }),
    { imports, drafts: [{ uuid: "d", created: NOW }] },
    NOW,
  );
  assert.deepEqual(
    found.map((one) => one.what),
    ["failed", "waiting", "running", "soon", "draft"],
  );
});

test("a quiet course wants nothing", () => {
  assert.deepEqual(attention(course("a", "2027-06-01T22:00:00Z"), { imports: [], drafts: [] }, NOW), []);
  assert.deepEqual(attention(course("a", "2025-06-01T22:00:00Z"), { imports: [], drafts: [] }, NOW), []);
});
