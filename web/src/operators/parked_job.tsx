/** A job about dead letters: how far it is, what it came to, what failed again. */

import { useState } from "preact/hooks";
import { get } from "../api/http";
import { useAction } from "../app/hooks";
import type { Listed } from "../course/model";
import { useMore } from "../course/more";
import { type Kind, useWatched } from "../course/watched";
import { said } from "../text/operators";
import { Tag } from "../ui/badge";
import { Button } from "../ui/button";
import { Failed } from "../ui/failed";
import { Loading } from "../ui/loading";
import { Progress } from "../ui/progress";
import { Table } from "../ui/table";
import type { ParkedJob } from "./model";
import { fractionOf, isOver } from "./parked";
import { type ParkedFailure, cancelParkedJob, paths } from "./parked_asking";
import type { Service } from "./parked_model";

interface JobProps {
  readonly service: Service;
  readonly uuid: string;
  readonly onProgress: () => void;
  readonly onHide: (() => void) | null;
}

export function ParkedJobCard({ service, uuid, onProgress, onHide }: JobProps) {
  const { job, error, look } = useWatched(paths.job(service, uuid), KIND, onProgress);
  const [showing, setShowing] = useState(false);
  const cancel = useAction(() => cancelParkedJob(service, uuid));
  if (job === undefined) return error ? <Failed error={error} retry={look} /> : <Loading />;
  const words = said.parked.jobs;
  const action = words.actions[job.action] ?? job.action;
  const about = words.about(action, said.parked.services[service], job.total);
  const over = isOver(job);
  return (
    <section class="job" aria-label={about} data-job={uuid} data-state={job.state}>
      <p class="job-head">
        <strong>{about}</strong>
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
      {!over && <Progress done={Math.round(fractionOf(job) * job.total)} of={job.total} label={about} />}
      <p>{over ? outcome(job) : progress(job)}</p>
      {error && <Failed error={error} retry={look} />}
      {cancel.error && <Failed error={cancel.error} />}
      <div class="row-actions">
        {!over && (
          <Button
            icon="stop"
            busy={cancel.busy}
            label={said.jobs.cancelOf(about)}
            onClick={() => void cancel.run().then(look)}
          >
            {said.jobs.cancel}
          </Button>
        )}
        {job.failed > 0 && (
          <Button kind="quiet" expanded={showing} onClick={() => setShowing(!showing)}>
            {words.failures}
          </Button>
        )}
        {over && onHide && (
          <Button kind="quiet" onClick={onHide}>
            {said.jobs.hide}
          </Button>
        )}
      </div>
      {showing && <Failures service={service} uuid={uuid} />}
    </section>
  );
}

function Failures({ service, uuid }: { readonly service: Service; readonly uuid: string }) {
  const list = useMore<ParkedFailure>(paths.failures(service, uuid));
  const more = useAction(() => list.more((path) => get<Listed<ParkedFailure>>(path)));
  if (list.error) return <Failed error={list.error} retry={list.again} />;
  if (list.items === undefined) return <Loading />;
  return (
    <>
      <Table<ParkedFailure>
        caption={said.parked.jobs.failuresCaption}
        columns={[
          { name: "record", title: said.parked.list.record, heads: true, cell: (one) => <code>{one.id}</code> },
          {
            name: "why",
            title: said.parked.jobs.why,
            cell: (one) => (
              <>
                <p>{one.message}</p>
                <p class="hint">{one.reason}</p>
              </>
            ),
          },
          { name: "hint", title: said.jobs.hint, cell: (one) => one.hint },
        ]}
        rows={list.items}
        keyOf={(one) => one.id}
      />
      {list.next && (
        <Button busy={more.busy} onClick={() => void more.run()}>
          {said.more}
        </Button>
      )}
    </>
  );
}

function progress(job: ParkedJob): string {
  const words = said.parked.jobs;
  return [
    words.progress(job.tried, job.total),
    job.failed > 0 ? words.failedAgain(job.failed) : "",
    job.rate ? words.speed(job.rate) : "",
    job.eta_seconds === null ? "" : words.left(job.eta_seconds),
  ]
    .filter(Boolean)
    .join(", ");
}

function outcome(job: ParkedJob): string {
  const words = said.parked.jobs;
  const parts = [
    words.done(job.action, job.done),
    job.failed > 0 ? words.failedAgain(job.failed) : "",
    job.passed > 0 ? words.passed(job.passed) : "",
    job.state === "cancelled" && job.total > job.tried ? words.rest(job.total - job.tried) : "",
  ];
  return `${parts.filter(Boolean).join(", ")}.`;
}

const KIND: Kind<ParkedJob> = { isOver, doneOf: (job) => job.tried, pauseMs: () => 1000, outcome };
