/** How far a job about accounts is. Pure. */

import type { Job } from "./model";

/** Whether nothing more is decided. */
export function isOver(job: Job): boolean {
  return job.state === "finished" || job.state === "cancelled";
}

/** How long to wait before asking again, in milliseconds, within bounds whatever the server says. */
export function pollAfterMs(job: Job): number {
  return Math.min(10_000, Math.max(500, job.poll_after * 1000));
}

/** The jobs to show on the page of a course: those under way, and those that were begun here. */
export function shownJobs(jobs: readonly Job[], project: string, own: ReadonlySet<string>): readonly Job[] {
  return jobs.filter((job) => own.has(job.uuid) || (job.project_uuid === project && !isOver(job)));
}
