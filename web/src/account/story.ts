/** The story of an account, made ready to be drawn as a line of time. Pure. */

import type { StoryEvent } from "../course/model";

/** What an event looks like: its mark on the line. */
export type Mark = "ask" | "good" | "bad" | "wait" | "end" | "note";

const MARKS: Readonly<Record<string, Mark>> = {
  requested: "ask",
  met: "note",
  cancelled: "end",
  created: "good",
  retried: "wait",
  failed: "bad",
  close_requested: "ask",
  closed: "end",
  close_failed: "bad",
  kept: "note",
};

/** One event as it is drawn. */
export interface Told {
  readonly time: string;
  readonly mark: Mark;
  readonly sentence: string;
  readonly by: string | null;
  readonly importId: string | null;
  readonly row: number;
}

/** The events of one day of the reader's calendar. */
export interface Day {
  readonly day: string;
  readonly events: readonly Told[];
}

/** Events by day, in the order in which they happened. */
export function daysOf(events: readonly StoryEvent[]): readonly Day[] {
  const days: { day: string; events: Told[] }[] = [];
  for (const event of events) {
    const day = localDay(event.time);
    let last = days.at(-1);
    if (last === undefined || last.day !== day) {
      last = { day, events: [] };
      days.push(last);
    }
    last.events.push({
      time: event.time,
      mark: MARKS[event.event] ?? "note",
      sentence: event.sentence,
      by: event.by,
      importId: event.import,
      row: event.row,
    });
  }
  return days;
}

function localDay(time: string): string {
  const moment = new Date(time);
  if (Number.isNaN(moment.getTime())) return "";
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}
