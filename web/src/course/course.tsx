/** The page of one course. */

import { useCallback, useState } from "preact/hooks";
import { session } from "../api/credential";
import type { ApiError } from "../api/problem";
import { useStore, useTitle } from "../app/hooks";
import { Link, go, setQuery, usePlace } from "../app/router";
import { paths as pages } from "../app/routes";
import { said } from "../text/course";
import { Failed } from "../ui/failed";
import { Loading } from "../ui/loading";
import { Notice } from "../ui/notice";
import { Tabs } from "../ui/tabs";
import { StoryPanel, useStoryPanel } from "../account/panel";
import { Accounts } from "./accounts";
import { Causes } from "./causes_card";
import { CountsBar } from "./counts_bar";
import { Head } from "./head";
import { type Followed, useCauses, useFollowed, useProject } from "./hooks";
import { Imports } from "./imports";
import { Jobs, useJobsHere } from "./jobs_here";
import type { Project } from "./model";
import { heldOf } from "./news";
import { OrderDialog, type OrderWanted } from "./order";
import { type View, queryOf, viewOf } from "./view";
import { WaitingNotice } from "./waiting";

interface CourseProps {
  readonly course: string;
  /** What comes after its uuid in the address: a tab. */
  readonly rest: readonly string[];
}

const TABS = ["accounts", "imports"] as const;

export function Course({ course, rest }: CourseProps) {
  const followed = useFollowed(course);
  const project = useProject(course, followed.edition);
  useTitle(project.value?.name ?? null);
  if (project.error?.status === 404) {
    return (
      <Notice tone="bad" title={said.notThere}>
        <p>
          <Link to={pages.courses()}>{said.courses}</Link>
        </p>
      </Notice>
    );
  }
  if (project.value === undefined) {
    return project.error ? <Failed error={project.error} retry={project.again} /> : <Loading />;
  }
  const lost = followed.lost ?? project.error;
  return <Known project={project.value} rest={rest} followed={followed} lost={lost} />;
}

interface KnownProps {
  readonly project: Project;
  readonly rest: readonly string[];
  readonly followed: Followed;
  /** Why nothing newer is known. */
  readonly lost: ApiError | undefined;
}

function Known({ project, rest, followed, lost }: KnownProps) {
  const course = project.uuid;
  const now = useStore(session);
  const mayWrite = (now.state === "in" || now.state === "over") && now.user.may_write;
  const { query } = usePlace();
  const [search, setSearch] = useState("");
  const view: View = { ...viewOf(query.toString()), search };
  const failed = project.accounts.Erred;
  const causes = useCauses(course, mayWrite ? failed : 0);
  const jobs = useJobsHere(course);
  const story = useStoryPanel();
  const [wanted, setWanted] = useState<OrderWanted>();
  const held = heldOf(followed.imports ?? []);
  const tab = TABS.find((name) => name === rest[0]) ?? "accounts";

  const change = useCallback(
    (part: Partial<View>) => {
      if (part.search !== undefined) setSearch(part.search);
      // While the story of an account has the address, the list below it keeps its own.
      if (location.pathname.startsWith(pages.course(course))) {
        setQuery(queryOf({ ...viewOf(location.search), ...part }));
      }
    },
    [course],
  );

  return (
    <div class="carded">
      <Head project={project} mayWrite={mayWrite} onChanged={followed.hurry} />
      <CountsBar counts={project.accounts} />
      {held && <WaitingNotice held={held} />}
      {lost && (
        <Notice tone="wait">
          <p>{said.live.lost}</p>
        </Notice>
      )}
      <Jobs jobs={jobs} onProgress={followed.hurry} />
      <Tabs
        label={said.tabs.label}
        tabs={TABS.map((name) => ({ name, title: said.tabs[name] }))}
        current={tab}
        onChange={(name) =>
          go(`${pages.course(course)}${name === "accounts" ? "" : `${name}/`}`, { replace: true, keepScroll: true })
        }
      >
        {tab === "accounts" ? (
          <>
            {mayWrite && failed > 0 && causes.value && causes.value.length > 0 && (
              <Causes
                causes={causes.value}
                onShow={(code) => change({ problem: code, states: [], page: 1 })}
                onRetry={(code) =>
                  setWanted({
                    action: "retry",
                    order: { action: "retry", project: course, codes: code === null ? [] : [code] },
                  })
                }
              />
            )}
            {causes.error && (
              <Notice tone="wait">
                <p>{said.causes.unknown}</p>
              </Notice>
            )}
            <Accounts
              course={course}
              view={view}
              followed={followed}
              held={held}
              causes={causes.value ?? []}
              mayWrite={mayWrite}
              onView={change}
              onOrder={setWanted}
              onOpen={(account) => story.open(account.uuid)}
            />
          </>
        ) : (
          <Imports course={course} newest={followed.imports} />
        )}
      </Tabs>
      {wanted && (
        <OrderDialog
          {...wanted}
          onClose={() => setWanted(undefined)}
          onOrdered={({ job }) => {
            wanted.done?.();
            setWanted(undefined);
            jobs.add(job);
            followed.hurry();
          }}
        />
      )}
      {story.shown && (
        <StoryPanel
          account={story.shown}
          edition={followed.edition}
          mayWrite={mayWrite}
          onClose={story.close}
          onChanged={followed.hurry}
        />
      )}
    </div>
  );
}
