/** A job about accounts: how far it is, what it came to, what was refused and why. */

import { useState } from "preact/hooks";
import { useAction } from "../app/hooks";
import { said } from "../text/course";
import { Tag } from "../ui/badge";
import { Button } from "../ui/button";
import { Failed } from "../ui/failed";
import { Loading } from "../ui/loading";
import { Progress } from "../ui/progress";
import { cancelJob, paths } from "./asking";
import { isOver, pollAfterMs } from "./jobs";
import type { Job } from "./model";
import { Refusals } from "./refusals";
import { type Kind, useWatched } from "./watched";

interface JobCardProps {
  readonly uuid: string;
  /** Told whenever more of it is done. */
  readonly onProgress: () => void;
  /** Null: it stays. */
  readonly onHide: (() => void) | null;
}

export function JobCard({ uuid, onProgress, onHide }: JobCardProps) {
  const { job, error, look } = useWatched(paths.job(uuid), KIND, onProgress);
  const [showing, setShowing] = useState(false);
  const cancel = useAction(() => cancelJob(uuid));
  if (job === undefined) return error ? <Failed error={error} retry={look} /> : <Loading />;
  const over = isOver(job);
  const action = said.jobs.actions[job.action] ?? job.action;
  return (
    <section class="job" aria-label={said.jobs.about(action, job.total)} data-job={uuid} data-state={job.state}>
      <p class="job-head">
        <strong>{action}</strong>
        <Tag
          tone={job.state === "finished" ? "good" : job.state === "cancelled" ? "over" : "info"}
          icon={job.state === "finished" ? "check" : "dots"}
        >
          {said.jobs.states[job.state]}
        </Tag>
        <span class="soft">
          {said.jobs.by(job.author)}
          {job.reason ? `, ${said.jobs.because(job.reason)}` : ""}
        </span>
      </p>
      {!over && <Progress done={job.done + job.dropped} of={job.total} label={said.jobs.about(action, job.total)} />}
      <p>{over ? outcome(job) : progress(job)}</p>
      {error && <Failed error={error} retry={look} />}
      {cancel.error && <Failed error={cancel.error} />}
      <div class="row-actions">
        {!over && (
          <Button
            icon="stop"
            busy={cancel.busy}
            label={said.jobs.cancelOf(action)}
            onClick={() => void cancel.run().then(look)}
          >
            {said.jobs.cancel}
          </Button>
        )}
        {job.refused > 0 && (
          <Button kind="quiet" expanded={showing} onClick={() => setShowing(!showing)}>
            {said.jobs.showRefused}
          </Button>
        )}
        {over && onHide && (
          <Button kind="quiet" onClick={onHide}>
            {said.jobs.hide}
          </Button>
        )}
      </div>
      {showing && <Refusals job={uuid} number={job.refused} />}
    </section>
  );
}

function progress(job: Job): string {
  return [
    said.jobs.progress(job.done, job.total),
    job.refused > 0 ? said.jobs.refused(job.refused) : "",
    job.rate ? said.jobs.speed(job.rate) : "",
    job.eta_seconds === null ? "" : said.jobs.left(job.eta_seconds),
  ]
    .filter(Boolean)
    .join(", ");
}

function outcome(job: Job): string {
  const parts = [
    said.jobs.changed(job.action, job.changed),
    job.unchanged > 0 ? said.jobs.unchanged(job.unchanged) : "",
    job.refused > 0 ? said.jobs.refused(job.refused) : "",
    job.dropped > 0 ? said.jobs.dropped(job.dropped) : "",
  ];
  return `${parts.filter(Boolean).join(", ")}.`;
}

const KIND: Kind<Job> = { isOver, doneOf: (job) => job.done, pauseMs: pollAfterMs, outcome };
