import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { judgeOne } from "../../src/add/judge";

const real = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = real;
});

const READING = { uuid: "d1", state: "reading", to_create: 0, error: null };
const PREVIEWED = { ...READING, state: "previewed", to_create: 1 };
const ROW = { row: 1, email: "a@example.org", verdict: "new", error: null, suggestions: [], notes: [] };

/** A server whose draft is read at the `looks`-th look after the POST; keeps what was asked. */
function server(looks: number, read: object = PREVIEWED, rows: readonly object[] = [ROW]): string[] {
  const asked: string[] = [];
  globalThis.fetch = async (input, init) => {
    const path = String(input);
    asked.push(`${init?.method} ${path}`);
    if (path.includes("/rows/")) return Response.json({ results: rows, next: null });
    const draft = asked.length > looks ? read : READING;
    return Response.json(draft, { status: init?.method === "POST" && draft === READING ? 202 : 200 });
  };
  return asked;
}

function judge(signal = new AbortController().signal) {
  return judgeOne("c1", "a@example.org", "", { key: "k", signal, pause: () => Promise.resolve() });
}

test("an address is judged at once where the readers are free", async () => {
  const asked = server(0);
  const answer = await judge();
  assert.ok(answer.ok && answer.value.row.email === "a@example.org");
  assert.deepEqual(asked, ["POST /api/import-drafts/", "GET /api/import-drafts/d1/rows/?cursor=0&page_size=1"]);
});

test("while the readers are busy the same draft is looked at again, and then judged", async () => {
  const asked = server(3);
  const answer = await judge();
  assert.ok(answer.ok && answer.value.draft.to_create === 1);
  assert.equal(asked.filter((one) => one.startsWith("POST")).length, 1);
  assert.equal(asked.filter((one) => one === "GET /api/import-drafts/d1/").length, 3);
});

test("what nobody gets round to read is an error in words, and the wish stays the same", async () => {
  const asked = server(Infinity);
  const answer = await judge();
  assert.ok(!answer.ok && answer.error.code === "STILL_READING" && answer.error.sentence.includes("Nothing was created"));
  assert.ok(asked.length < 100);
});

test("what cannot be read says why", async () => {
  server(1, { ...READING, state: "rejected", error: { code: "FILE_EMPTY", detail: "There is nothing in it." } });
  const answer = await judge();
  assert.ok(!answer.ok && answer.error.code === "FILE_EMPTY" && answer.error.sentence === "There is nothing in it.");
});

test("no row is an error, too: a click is never without an answer", async () => {
  server(0, PREVIEWED, []);
  const answer = await judge();
  assert.ok(!answer.ok && answer.error.code === "STILL_READING");
});

test("somebody who types on is not waited for", async () => {
  const asked = server(Infinity);
  const stop = new AbortController();
  const judging = judgeOne("c1", "a@example.org", "", {
    key: "k",
    signal: stop.signal,
    pause: async () => stop.abort(),
  });
  const answer = await judging;
  assert.ok(!answer.ok && answer.error.kind === "stopped");
  assert.ok(asked.length < 4);
});
