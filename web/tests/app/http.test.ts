import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { session } from "../../src/api/credential";
import { address, get, patch, post } from "../../src/api/http";

const real = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = real;
});

/** Answers in order; a thrown one is no answer. Keeps what was asked. */
function server(...answers: (Response | Error)[]): { asked: Request[] } {
  const seen: { asked: Request[] } = { asked: [] };
  globalThis.fetch = async (input, init) => {
    seen.asked.push(new Request(new URL(String(input), "http://page.test"), init));
    const answer = answers.shift();
    if (answer === undefined || answer instanceof Error) throw answer ?? new Error("nothing planned");
    return answer;
  };
  return seen;
}

const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers });

test("a query leaves out what is empty and repeats lists", () => {
  assert.equal(
    address("/a/", { class: ["failed", "waiting"], text: "", code: null, page_size: 10 }),
    "/a/?class=failed&class=waiting&page_size=10",
  );
  assert.equal(address("/a/"), "/a/");
});

test("reading is tried again while nobody answers, and then works", async () => {
  const seen = server(
    new Error("no network"),
    json({ detail: "restarting" }, 503, { "Retry-After": "0" }),
    json({ uuid: "1" }),
  );
  const answer = await get<{ uuid: string }>("/api/x/");
  assert.ok(answer.ok && answer.value.uuid === "1");
  assert.equal(seen.asked.length, 3);
});

test("what the server refuses is not asked again", async () => {
  const seen = server(json({ code: "NOT_FOUND", detail: "There is no such import (yet)." }, 404));
  const answer = await get("/api/x/");
  assert.ok(
    !answer.ok && answer.error.code === "NOT_FOUND" && answer.error.sentence === "There is no such import (yet).",
  );
  assert.equal(seen.asked.length, 1);
});

test("a change is sent once, with its key, and a lost answer is said and not repeated in secret", async () => {
  const seen = server(new Error("no network"));
  const answer = await post("/api/x/", { a: 1 }, { key: "wish-1" });
  assert.ok(!answer.ok && answer.error.kind === "away");
  assert.equal(seen.asked.length, 1);
  assert.equal(seen.asked[0]?.headers.get("Idempotency-Key"), "wish-1");
});

test("every POST has a key of its own", async () => {
  const seen = server(json({}), json({}));
  await post("/api/x/");
  await post("/api/x/");
  const [first, second] = seen.asked.map((request) => request.headers.get("Idempotency-Key"));
  assert.ok(first && second && first !== second);
});

test("sentences by field, the rest of a problem, and the id to quote are at hand", async () => {
  server(
    json(
      { code: "INVALID_REQUEST", detail: "No.", errors: { email: ["Type an address."] }, line: 3, request_id: "r-1" },
      400,
    ),
  );
  const answer = await patch("/api/x/", {});
  assert.ok(!answer.ok);
  assert.deepEqual(answer.error.fields, { email: ["Type an address."] });
  assert.equal(answer.error.more["line"], 3);
  assert.equal(answer.error.requestId, "r-1");
});

test("an answer that is no JSON is an error in words", async () => {
  server(new Response("<h1>Bad gateway</h1>", { status: 500 }));
  const answer = await get("/api/x/");
  assert.ok(!answer.ok && answer.error.sentence.includes("500"));
});

test("a session that is over keeps the view: who it was is remembered", async () => {
  const user = { user_id: "ada", staff: false, may_write: true, expires: null };
  session.set({ state: "in", user });
  server(json({ code: "NOT_SIGNED_IN", detail: "…" }, 401));
  await get("/api/x/");
  assert.deepEqual(session.get(), { state: "over", user });
});
