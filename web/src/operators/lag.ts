/** The lag of the tables over the last minutes: samples kept in the page, and the lines of a chart. Pure. */

import type { ReadModel } from "./model";

/** One look: when (milliseconds), and the age in seconds of the oldest event that any table lacks. */
export interface Sample {
  readonly at: number;
  readonly seconds: number;
}

export const KEPT_MS = 5 * 60_000;
const LEAST_CEILING_S = 1;

/** The age of the oldest event that any read model lacks, in seconds. */
export function worstOf(models: readonly ReadModel[]): number {
  return Math.max(0, ...models.map((model) => model.oldest_unprocessed_seconds));
}

/** The samples with one more, without those that are too old. */
export function withSample(samples: readonly Sample[], next: Sample): readonly Sample[] {
  return [...samples.filter((one) => one.at > next.at - KEPT_MS && one.at < next.at), next];
}

/** The top of the chart: the next of 1, 2, 5, 10 … seconds above what is shown. */
export function ceilingOf(samples: readonly Sample[]): number {
  const most = Math.max(LEAST_CEILING_S, ...samples.map((one) => one.seconds));
  const power = 10 ** Math.floor(Math.log10(most));
  for (const factor of [1, 2, 5]) if (most <= factor * power) return factor * power;
  return 10 * power;
}

/** The line as an SVG path in a box of this size; the right edge is `now`. Empty without samples. */
export function pathOf(samples: readonly Sample[], now: number, width: number, height: number): string {
  const top = ceilingOf(samples);
  return samples
    .map((one, index) => {
      const x = width * (1 - (now - one.at) / KEPT_MS);
      const y = height * (1 - Math.min(1, one.seconds / top));
      return `${index === 0 ? "M" : "L"}${round(x)} ${round(y)}`;
    })
    .join("");
}

/** The same as an area down to the ground. */
export function areaOf(samples: readonly Sample[], now: number, width: number, height: number): string {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || samples.length < 2) return "";
  const x = (one: Sample): string => round(width * (1 - (now - one.at) / KEPT_MS));
  return `${pathOf(samples, now, width, height)}L${x(last)} ${height}L${x(first)} ${height}Z`;
}

function round(number: number): string {
  return String(Math.round(number * 10) / 10);
}
