/** Step 3, and afterwards: one import, how far it is, what became of its rows, and what can be done about it. */

import { useEffect } from "preact/hooks";
import { session } from "../api/credential";
import { type ImportStatus, running } from "../api/imports";
import { type Project, projectPath } from "../api/projects";
import { useGet, useStore, useTitle } from "../app/hooks";
import { Link } from "../app/router";
import { paths } from "../app/routes";
import { Steps } from "../add/steps";
import { count, moment, percent, when } from "../pure/numbers";
import { done, moving } from "../pure/progress";
import { text } from "../text";
import { Badge } from "../ui/badge";
import { Failed } from "../ui/failed";
import { tell } from "../ui/live";
import { Loading } from "../ui/loading";
import { Notice } from "../ui/notice";
import { Causes } from "./causes";
import { Chart } from "./chart";
import { Commands } from "./commands";
import { ConnectionLost, ConnectionState } from "./connection";
import { Downloads, Outcome } from "./outcome";
import { ProgressView } from "./progress";
import { Rows } from "./rows";
import { Timeline } from "./timeline";
import { type Followed, useImport } from "./use";

export function Import({ uuid }: { readonly uuid: string }) {
  const followed = useImport(uuid);
  const { status, error } = followed;
  const now = useStore(session);
  const mayWrite = (now.state === "in" || now.state === "over") && now.user.may_write;
  useTitle(status ? titleOf(status) : null);
  useSpoken(status);
  if (status === undefined) {
    if (error?.status === 404)
      return (
        <Notice tone="wait" title={text.imports.notYet}>
          <p>{text.imports.notYetWhy}</p>
        </Notice>
      );
    return error ? <Failed error={error} retry={() => followed.did()} /> : <Loading />;
  }
  return (
    <>
      <Head status={status} followed={followed} />
      {moving(status.state) && status.state !== "undoing" && <Steps current={3} />}
      <ConnectionLost followed={followed} />
      <ProgressView status={status} />
      {!moving(status.state) && <Outcome status={status} />}
      <div class="toolbar">
        {!moving(status.state) && <Downloads status={status} />}
        {mayWrite && <Commands status={status} onDone={followed.did} />}
      </div>
      <Causes status={status} mayWrite={mayWrite} onDone={followed.did} />
      <Rows status={status} followed={followed} mayWrite={mayWrite} />
      <div class="pair">
        <Chart
          course={followed.course}
          rows={status.counts.rows - status.counts.duplicate - status.counts.invalid}
          running={running(status)}
        />
        <Timeline status={status} />
      </div>
    </>
  );
}

function Head({ status, followed }: { readonly status: ImportStatus; readonly followed: Followed }) {
  const project = useGet<Project>(projectPath(status.project_uuid));
  const submitted = when(status.submitted);
  return (
    <>
      <nav aria-label={text.add.crumbs}>
        <ol class="crumbs">
          <li>
            <Link to={paths.courses()}>{text.nav.courses}</Link>
          </li>
          <li>
            <Link to={paths.course(status.project_uuid)}>{project.value?.name ?? "…"}</Link>
          </li>
        </ol>
      </nav>
      <div class="view-head">
        <div>
          <h1>
            {text.imports.title(status.file?.name ?? null, moment(status.submitted))} <Badge state={status.state} />
          </h1>
          <p class="soft">{text.imports.submitted(submitted, status.created_by)}</p>
        </div>
        <ConnectionState followed={followed} />
      </div>
    </>
  );
}

/** Screen readers are told how far it is, and of its end. */
function useSpoken(status: ImportStatus | undefined): void {
  const state = status?.state;
  const far = status && done(status.counts);
  useEffect(() => {
    if (status === undefined) return;
    const { counts } = status;
    if (moving(status.state)) tell(text.imports.spoken(count(done(counts)), count(counts.rows), counts.failed));
    else tell(text.imports.over(counts.created, counts.failed));
  }, [state, far]);
}

function titleOf(status: ImportStatus): string {
  const name = text.imports.title(status.file?.name ?? null, moment(status.submitted));
  return moving(status.state) ? text.imports.windowTitle(percent(done(status.counts), status.counts.rows), name) : name;
}
