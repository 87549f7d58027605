import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Follower } from "../../src/imports/follower";

const real = globalThis.fetch;
const STATUS = { version: 1, poll_after: 2 };

beforeEach(() => {
  const quiet = { addEventListener: () => undefined, removeEventListener: () => undefined };
  Object.assign(globalThis, { document: { hidden: false, ...quiet }, window: quiet });
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
});
afterEach(() => {
  mock.timers.reset();
  globalThis.fetch = real;
});

/** Follows an import for some seconds of the clock; what the page was told of the connection, and what was asked. */
async function followed(
  seconds: number,
  server: { stream: () => Response; poll: () => Response },
): Promise<{ connections: string[]; streams: number; polls: number }> {
  const seen = { connections: [] as string[], streams: 0, polls: 0 };
  globalThis.fetch = async (input) => {
    if (String(input).includes("/events/")) {
      seen.streams += 1;
      return seen.streams > 100 ? new Promise(() => undefined) : server.stream();
    }
    seen.polls += 1;
    return server.poll();
  };
  const follower = new Follower("i1", {
    news: () => undefined,
    connection: (connection) => {
      if (seen.connections.at(-1) !== connection) seen.connections.push(connection);
    },
  });
  follower.start();
  for (let tenth = 0; tenth < seconds * 10; tenth++) {
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
    mock.timers.tick(100);
  }
  follower.end();
  return seen;
}

const away = (): Response => {
  throw new TypeError("the connection was reset");
};
const answered = () => Response.json(STATUS);

/** One event, then the connection is reset. */
function cut(): Response {
  const event = new TextEncoder().encode(`event: status\ndata: ${JSON.stringify(STATUS)}\n\n`);
  let sent = false;
  return new Response(
    new ReadableStream({
      pull(controller) {
        if (sent) controller.error(new TypeError("the connection was reset"));
        else controller.enqueue(event);
        sent = true;
      },
    }),
  );
}

test("where no stream comes through the page asks, says so once, and tries a stream less and less often", async () => {
  const seen = await followed(120, { stream: away, poll: answered });
  assert.deepEqual(seen.connections, ["polling"]);
  assert.ok(seen.streams >= 4 && seen.streams <= 7, `${seen.streams} streams`);
  assert.ok(seen.polls > 40, `${seen.polls} polls`);
});

test("a proxy that answers for the stream is no lost connection either", async () => {
  const seen = await followed(30, { stream: () => new Response("bad gateway", { status: 502 }), poll: answered });
  assert.deepEqual(seen.connections, ["polling"]);
});

test("nobody answers: no connection; as soon as a stream comes through again, live", async () => {
  let up = false;
  const stream = () => (up ? cut() : away());
  const lost = followed(60, { stream, poll: () => (up ? answered() : away()) });
  setTimeout(() => (up = true), 30_000);
  const seen = await lost;
  assert.equal(seen.connections[0], "lost");
  assert.equal(seen.connections.at(-1), "live");
});

test("a stream that is cut after its first event is not asked for again at once", async () => {
  const seen = await followed(10, { stream: cut, poll: answered });
  assert.deepEqual(seen.connections, ["live"]);
  assert.ok(seen.streams >= 5 && seen.streams <= 11, `${seen.streams} streams`);
});
