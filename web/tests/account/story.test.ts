import assert from "node:assert/strict";
import { test } from "node:test";
import { daysOf } from "../../src/account/story";
import type { StoryEvent } from "../../src/course/model";

const at = (time: Date, event: string): StoryEvent => ({
  time: time.toISOString(),
  event,
  sentence: `${event}.`,
  by: null,
  data: {},
  import: "i",
  row: 1,
});

test("events stay in order, by days of the reader's calendar", () => {
  const days = daysOf([
    at(new Date(2026, 10, 28, 23, 59), "requested"),
    at(new Date(2026, 10, 29, 0, 1), "created"),
    at(new Date(2026, 10, 29, 0, 2), "closed"),
  ]);
  assert.deepEqual(
    days.map((day) => [day.day, day.events.map((one) => one.mark)]),
    [
      ["2026-11-28", ["ask"]],
      ["2026-11-29", ["good", "end"]],
    ],
  );
});

test("an event of a newer server is told with its sentence", () => {
  const [day] = daysOf([at(new Date(2026, 0, 1), "merged")]);
  assert.deepEqual(
    day?.events.map((one) => [one.mark, one.sentence]),
    [["note", "merged."]],
  );
});
