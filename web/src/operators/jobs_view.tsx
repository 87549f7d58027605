/** Jobs of all kinds: about accounts, and about dead letters of each service. */

import { useState } from "preact/hooks";
import { get } from "../api/http";
import { useAction } from "../app/hooks";
import { Link } from "../app/router";
import { paths as pages } from "../app/routes";
import { paths as accountPaths } from "../course/asking";
import { JobCard } from "../course/job_card";
import type { Job, Listed } from "../course/model";
import { useMore } from "../course/more";
import { said } from "../text/operators";
import { Tag } from "../ui/badge";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Failed } from "../ui/failed";
import { Loading } from "../ui/loading";
import { type Column, Table } from "../ui/table";
import type { ParkedJob } from "./model";
import { paths as parkedPaths } from "./parked_asking";
import { ParkedJobCard } from "./parked_job";
import { SERVICES, type Service } from "./parked_model";

const TONES = { queued: "calm", running: "info", finished: "good", cancelled: "over" } as const;

type Shown = { readonly of: "accounts" | Service; readonly uuid: string };

export function JobsView() {
  const [shown, setShown] = useState<Shown>();
  const words = said.jobs.all;
  return (
    <>
      <JobList<Job>
        id="account-jobs"
        path={accountPaths.jobs()}
        caption={said.jobList.accounts}
        onShow={(uuid) => setShown({ of: "accounts", uuid })}
        progress={(job) => said.jobs.progress(job.done, job.total)}
        about={(job) =>
          job.project_uuid ? (
            <Link to={pages.course(job.project_uuid)}>{words.course}</Link>
          ) : job.import_uuid ? (
            <Link to={pages.import(job.import_uuid)}>{words.import}</Link>
          ) : (
            words.named
          )
        }
        actions={said.jobs.actions}
      />
      {SERVICES.map((service) => (
        <JobList<ParkedJob>
          key={service}
          id={`${service}-jobs`}
          path={parkedPaths.jobs(service)}
          caption={said.jobList.parked(said.parked.services[service].toLowerCase())}
          onShow={(uuid) => setShown({ of: service, uuid })}
          progress={(job) => said.parked.jobs.progress(job.tried, job.total)}
          about={() => null}
          actions={said.parked.jobs.actions}
        />
      ))}
      {shown && (
        <Dialog title={said.jobList.show} wide onClose={() => setShown(undefined)}>
          {shown.of === "accounts" ? (
            <JobCard uuid={shown.uuid} onProgress={() => undefined} onHide={null} />
          ) : (
            <ParkedJobCard service={shown.of} uuid={shown.uuid} onProgress={() => undefined} onHide={null} />
          )}
        </Dialog>
      )}
    </>
  );
}

/** What all kinds of jobs have. */
interface AnyJob {
  readonly uuid: string;
  readonly action: string;
  readonly state: keyof typeof TONES;
  readonly author: string;
  readonly reason: string;
  readonly created: string;
}

interface ListProps<J extends AnyJob> {
  readonly id: string;
  readonly path: string;
  readonly caption: string;
  readonly actions: Readonly<Record<string, string>>;
  readonly progress: (job: J) => string;
  readonly about: (job: J) => ReturnType<Column<J>["cell"]>;
  readonly onShow: (uuid: string) => void;
}

function JobList<J extends AnyJob>({ id, path, caption, actions, progress, about, onShow }: ListProps<J>) {
  const words = said.jobs.all;
  const list = useMore<J>(path);
  const more = useAction(() => list.more((next) => get<Listed<J>>(next)));
  const nameOf = (job: J): string => actions[job.action] ?? job.action;
  if (list.error) return <Failed error={list.error} title={caption} retry={list.again} />;
  if (list.items === undefined) return <Loading />;
  const columns: readonly Column<J>[] = [
    {
      name: "what",
      title: words.what,
      heads: true,
      cell: (job) => (
        <Button
          kind="quiet"
          label={said.jobList.showOf(nameOf(job), said.jobList.at(job.created))}
          onClick={() => onShow(job.uuid)}
        >
          {nameOf(job)}
        </Button>
      ),
    },
    { name: "asked", title: words.asked, cell: (job) => said.jobList.at(job.created) },
    {
      name: "state",
      title: words.state,
      cell: (job) => <Tag tone={TONES[job.state]}>{said.jobs.states[job.state]}</Tag>,
    },
    { name: "progress", title: words.progress, cell: progress },
    { name: "by", title: words.by, cell: (job) => job.author },
    { name: "about", title: words.about, cell: about },
    { name: "reason", title: words.reason, cell: (job) => job.reason },
  ];
  return (
    <>
      <Table<J>
        id={id}
        caption={caption}
        columns={columns}
        rows={list.items}
        keyOf={(job) => job.uuid}
        empty={said.jobList.none}
      />
      {more.error && <Failed error={more.error} />}
      {list.next && (
        <Button busy={more.busy} onClick={() => void more.run()}>
          {said.more}
        </Button>
      )}
    </>
  );
}
