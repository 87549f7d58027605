/** Orders about parked records, and how far a job about them is. Pure. */

import type { ParkedJob } from "./model";
import type { Parked, ParkedCause, Service } from "./parked_model";

/** Records a job takes first: whoever sends thousands has seen ten go through before. */
export const TRY_FIRST = 10;
export const MOST_RECORDS = 100_000;
export const MOST_NAMED = 1_000;

/** Which records are meant. */
export type Which =
  | { readonly kind: "named"; readonly ids: readonly string[] }
  | { readonly kind: "cause"; readonly code: string; readonly topic: string }
  | { readonly kind: "all" };

/** An order as the API takes it. */
export interface ParkedOrder {
  readonly records?: readonly string[];
  readonly codes?: readonly string[];
  readonly topic?: string;
  readonly all?: true;
  readonly limit?: number;
  readonly reason: string;
}

/** The order for these records; `limit` holds unless they are named. */
export function orderFor(which: Which, limit: number, reason: string): ParkedOrder {
  if (which.kind === "named") return { records: which.ids, reason };
  if (which.kind === "cause") return { codes: [which.code], topic: which.topic, limit, reason };
  return { all: true, limit, reason };
}

/** The causes of all services that answered, those with most records first. */
export function allCauses(parts: readonly (readonly ParkedCause[])[]): readonly ParkedCause[] {
  return parts.flat().sort((one, other) => other.records - one.records || one.code.localeCompare(other.code));
}

/** How many records wait in one service. */
export function waitingIn(causes: readonly ParkedCause[], service: Service): number {
  return causes.filter((one) => one.service === service).reduce((sum, one) => sum + one.records, 0);
}

/** Only those that can still be ordered about. */
export function orderable(records: readonly Parked[]): readonly Parked[] {
  return records.filter((one) => one.state === "parked");
}

/** Whether nothing more will be done. */
export function isOver(job: ParkedJob): boolean {
  return job.state === "finished" || job.state === "cancelled";
}

/** The part whose turn has been, from 0 to 1. */
export function fractionOf(job: ParkedJob): number {
  return job.total === 0 ? 1 : Math.min(1, job.tried / job.total);
}
