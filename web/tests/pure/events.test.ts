import assert from "node:assert/strict";
import { test } from "node:test";
import { EventReader } from "../../src/pure/events";

const STREAM =
  'retry: 2500\n\nid: 7\nevent: status\ndata: {"version":7}\n\n: ping\n\nid: 8\nevent: rows\ndata: {"many":true,\ndata: "ranges":null}\n\n';
const EXPECTED = [
  { name: "status", data: '{"version":7}' },
  { name: "rows", data: '{"many":true,\n"ranges":null}' },
];

test("a stream gives the same events however it is cut", () => {
  for (let cut = 1; cut < STREAM.length; cut += 1) {
    const reader = new EventReader();
    const events = [];
    for (let at = 0; at < STREAM.length; at += cut) events.push(...reader.read(STREAM.slice(at, at + cut)));
    assert.deepEqual(events, EXPECTED, `cut every ${cut}`);
    assert.equal(reader.lastId, "8");
    assert.equal(reader.retry, 2500);
  }
});

test("all ends of lines are understood", () => {
  for (const end of ["\n", "\r\n", "\r"]) {
    const reader = new EventReader();
    const events = reader.read(`event: status${end}data: 1${end}${end}event: x${end}`);
    assert.deepEqual(events, [{ name: "status", data: "1" }]);
  }
});

test("an event that is not complete is not told", () => {
  const reader = new EventReader();
  assert.deepEqual(reader.read("event: status\ndata: 1\n"), []);
  assert.deepEqual(reader.read("\n"), [{ name: "status", data: "1" }]);
});

test("an event without end does not fill the memory", () => {
  const reader = new EventReader(100);
  assert.throws(() => reader.read("data: ".padEnd(200, "x")), RangeError);
});
