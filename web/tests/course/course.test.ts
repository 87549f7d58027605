import assert from "node:assert/strict";
import { test } from "node:test";
import { causesOf } from "../../src/course/causes";
import { totalOf } from "../../src/course/counts";
import { endOf, parseDay, writtenDay } from "../../src/course/days";
import { isOver, pollAfterMs, shownJobs } from "../../src/course/jobs";
import type { Account, Job } from "../../src/course/model";
import { type Versioned, fingerprint, heldOf, liveliest, nextLookMs } from "../../src/course/news";
import { canClose, canRetry, standingOf } from "../../src/course/standing";

const NOW = new Date(2026, 10, 29, 23, 59);

test("the last day counts to its last minute, and the day after is one day over", () => {
  assert.deepEqual(endOf("2026-11-29", null, NOW), { kind: "today" });
  assert.deepEqual(endOf("2026-11-28", null, NOW), { kind: "over", days: 1 });
  assert.deepEqual(endOf("2026-12-09", null, NOW), { kind: "ahead", days: 10 });
  assert.deepEqual(endOf(null, null, NOW), { kind: "none" });
  assert.deepEqual(endOf("2026-13-01", null, NOW), { kind: "none" });
});

test("an end to the minute goes before the day", () => {
  assert.deepEqual(endOf("2026-12-31", new Date(2026, 10, 29, 23, 58).toISOString(), NOW), { kind: "over", days: 0 });
  assert.deepEqual(endOf("2026-11-01", new Date(2026, 10, 30, 12).toISOString(), NOW), { kind: "ahead", days: 1 });
});

test("days are read and written as they are on a calendar", () => {
  assert.equal(parseDay("2026-02-30"), null);
  assert.equal(writtenDay(parseDay("2028-02-29") ?? 0), "2028-02-29");
});

test("the whole is the sum of all states", () => {
  assert.equal(totalOf({ OK: 1, Pending: 2, Erred: 3, Closed: 4 }), 10);
});

test("causes come with most accounts first, with the server's sentences where they are known", () => {
  const explained = new Map([["REFUSED", { message: "Refused.", hint: "Check." }]]);
  assert.deepEqual(causesOf({ A: 1, REFUSED: 5, B: 0 }, explained), [
    { code: "REFUSED", count: 5, message: "Refused.", hint: "Check." },
    { code: "A", count: 1, message: null, hint: null },
  ]);
});

const account = (state: Account["state"], phase: Account["phase"] = null): Account => ({
  uuid: "a",
  email: "a@example.org",
  description: "",
  username: null,
  state,
  phase,
  error_message: "",
  error_code: null,
  error_hint: "",
  phase_message: "",
  next_attempt: "2026-11-29T14:32:00Z",
  created: "",
  modified: "",
  project_uuid: "p",
  project_name: "P",
  project_end_date: null,
});
const HELD = { since: null, reason: "Away.", next_attempt: "2026-11-29T15:00:00Z" };

test("every state and phase has one look, and a wait says when the next try is", () => {
  assert.equal(standingOf(account("OK"), HELD).look, "ok");
  assert.equal(standingOf(account("Erred"), HELD).look, "failed");
  assert.equal(standingOf(account("Closed"), HELD).look, "closed");
  assert.equal(standingOf(account("OK", "closing"), null).look, "closing");
  assert.equal(standingOf(account("OK", "close_failed"), null).look, "unclosed");
  assert.deepEqual(standingOf(account("Pending", "queued"), null), { look: "pending", nextTry: null });
  assert.deepEqual(standingOf(account("Pending", "queued"), HELD), { look: "waiting", nextTry: HELD.next_attempt });
  assert.deepEqual(standingOf(account("Pending", "retry_scheduled"), null), {
    look: "waiting",
    nextTry: "2026-11-29T14:32:00Z",
  });
});

test("only failed accounts are tried again, and what is closed or being closed is not closed", () => {
  assert.deepEqual([canRetry(account("Erred")), canRetry(account("OK"))], [true, false]);
  assert.deepEqual([canClose(account("OK")), canClose(account("Closed"))], [true, false]);
  assert.deepEqual([canClose(account("OK", "closing")), canClose(account("OK", "close_failed"))], [false, true]);
});

const job = (over: Partial<Job>): Job => ({
  uuid: "j",
  action: "retry",
  cause: "request",
  state: "running",
  author: "",
  reason: "",
  project_uuid: "p",
  import_uuid: null,
  codes: [],
  created: "",
  finished: null,
  total: 10,
  done: 4,
  changed: 4,
  unchanged: 0,
  refused: 0,
  dropped: 1,
  rate: null,
  eta_seconds: null,
  poll_after: 1,
  ...over,
});

test("a job is over when it is done or was cancelled", () => {
  assert.deepEqual([isOver(job({})), isOver(job({ state: "cancelled" }))], [false, true]);
});

test("a job is asked about within bounds, whatever the server says", () => {
  assert.equal(pollAfterMs(job({ poll_after: 0 })), 500);
  assert.equal(pollAfterMs(job({ poll_after: 9999 })), 10_000);
});

test("shown are jobs under way about the course, and those begun here", () => {
  const jobs = [job({ uuid: "1" }), job({ uuid: "2", state: "finished" }), job({ uuid: "3", project_uuid: null })];
  assert.deepEqual(
    shownJobs(jobs, "p", new Set(["3"])).map((one) => one.uuid),
    ["1", "3"],
  );
});

const import_ = (version: number, state: Versioned["state"], poll = 30): Versioned => ({
  uuid: `i${state}`,
  state,
  version,
  poll_after: poll,
  waiting: null,
});

test("any news of an import, or of the wait, changes the fingerprint", () => {
  const before = fingerprint([import_(7, "running")]);
  assert.notEqual(before, fingerprint([import_(8, "running")]));
  assert.notEqual(before, fingerprint([{ ...import_(7, "running"), waiting: HELD }]));
  assert.equal(before, fingerprint([import_(7, "running")]));
});

test("one looks again when the liveliest import says, at most every second and at least every half minute", () => {
  assert.equal(nextLookMs([]), 30_000);
  assert.equal(nextLookMs([import_(1, "finished"), import_(1, "running", 3)]), 3000);
  assert.equal(nextLookMs([import_(1, "running", 0)]), 1000);
  assert.equal(liveliest([import_(1, "finished"), import_(1, "undoing")])?.uuid, "iundoing");
  assert.equal(liveliest([import_(1, "finished")]), null);
});

test("everybody waits only where no row is worked on, and rows that wait are summed up", () => {
  const waiting = (counts: Record<string, number>) => ({ ...import_(1, "running"), waiting: HELD, counts });
  const still = { ...import_(1, "finished"), counts: { pending: 0 } };
  assert.equal(heldOf([still]), null);
  assert.deepEqual(heldOf([still, waiting({ waiting: 3, pending: 0 })]), { wait: HELD, rows: 3, everybody: true });
  assert.deepEqual(heldOf([waiting({ waiting: 3 }), waiting({ waiting: 2, pending: 1 })]), {
    wait: HELD,
    rows: 5,
    everybody: false,
  });
});
