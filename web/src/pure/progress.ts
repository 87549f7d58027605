/** How far an import is: what is done, what comes next, and how it went until now. */

import { CLASSES, type Counts, type ImportState, type RowClass } from "../api/imports";

/** Rows that wait for nothing more. */
export function done(counts: Counts): number {
  return counts.rows - counts.pending - counts.waiting;
}

/** The classes to show: those somebody who watches looks for, and all that are not empty. */
export function shownClasses(counts: Counts): readonly RowClass[] {
  const always: readonly RowClass[] = ["created", "failed", "pending"];
  return CLASSES.filter((one) => counts[one] > 0 || always.includes(one));
}

/** The equation in which every row is counted exactly once; empty classes are left out. */
export function terms(counts: Counts): readonly { readonly class: RowClass; readonly number: number }[] {
  return CLASSES.filter((one) => counts[one] > 0).map((one) => ({ class: one, number: counts[one] }));
}

/** Whether a state ends by itself. */
export function moving(state: ImportState): boolean {
  return state === "running" || state === "cancelling" || state === "undoing";
}

/** One moment of an import: milliseconds, and rows by then; without those that were never worked on. */
export interface Sample {
  readonly at: number;
  readonly created: number;
  readonly failed: number;
  readonly others: number;
}

const MOST_SAMPLES = 240;

/** The course of an import with one more moment; moments close together are thinned out once there are many. */
export function withSample(course: readonly Sample[], at: number, counts: Counts): readonly Sample[] {
  const last = course.at(-1);
  const sample: Sample = {
    at,
    created: counts.created,
    failed: counts.failed,
    others: counts.existing + counts.cancelled + counts.closed,
  };
  if (last !== undefined && (at <= last.at || same(last, sample))) return course;
  const longer = [...course, sample];
  return longer.length <= MOST_SAMPLES
    ? longer
    : longer.filter((_, place) => place % 2 === 0 || place > MOST_SAMPLES - 20);
}

function same(one: Sample, other: Sample): boolean {
  return one.created === other.created && one.failed === other.failed && one.others === other.others;
}

/** A band of the chart as the points of an SVG polygon, in a box of `width` by `height`. */
export function band(
  course: readonly Sample[],
  rows: number,
  box: { readonly width: number; readonly height: number; readonly from: number; readonly until: number },
  lower: (sample: Sample) => number,
  upper: (sample: Sample) => number,
): string {
  const span = Math.max(1, box.until - box.from);
  const x = (sample: Sample) => (box.width * (Math.min(sample.at, box.until) - box.from)) / span;
  const y = (number: number) => box.height * (1 - number / Math.max(1, rows));
  const forth = course.map((sample) => `${round(x(sample))},${round(y(upper(sample)))}`);
  const back = [...course].reverse().map((sample) => `${round(x(sample))},${round(y(lower(sample)))}`);
  return [...forth, ...back].join(" ");
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
