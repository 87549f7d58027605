/** How far a job about accounts is. Pure. */

import type { Job } from "./model";

/** Whether nothing more is decided. */
export function isOver(job: Job): boolean {
  return job.state === "finished" || job.state === "cancelled";
}

/** The part that is decided or dropped, from 0 to 1; a job about nobody is done. */
export function fractionOf(job: Job): number {
  if (job.total === 0) return 1;
  return Math.min(1, Math.max(0, (job.done + job.dropped) / job.total));
}

/** How long to wait before asking again, in milliseconds, within bounds whatever the server says. */
export function pollAfterMs(job: Job): number {
  return Math.min(10_000, Math.max(500, job.poll_after * 1000));
}

/** The jobs to show on the page of a course: those under way, and those that were begun here. */
export function shownJobs(jobs: readonly Job[], project: string, own: ReadonlySet<string>): readonly Job[] {
  return jobs.filter((job) => own.has(job.uuid) || (job.project_uuid === project && !isOver(job)));
}
