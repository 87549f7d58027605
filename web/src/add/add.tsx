/** Add accounts to a course: one, or a whole list. */

import { useGet, useNow, useTitle } from "../app/hooks";
import { Link, go } from "../app/router";
import { paths } from "../app/routes";
import { type Project, projectPath } from "../api/projects";
import { standing } from "../pure/courses";
import { day } from "../pure/numbers";
import { text } from "../text";
import { Failed } from "../ui/failed";
import { Loading } from "../ui/loading";
import { Notice } from "../ui/notice";
import { Tabs } from "../ui/tabs";
import { DraftView } from "./draft";
import { Single } from "./single";
import { Steps } from "./steps";
import { Upload } from "./upload";

interface AddProps {
  readonly course: string;
  readonly tab: "single" | "batch";
  readonly draft: string | null;
}

export function Add({ course, tab, draft }: AddProps) {
  const project = useGet<Project>(projectPath(course));
  const now = useNow(60);
  useTitle(project.value ? text.add.windowTitle(project.value.name) : null);
  if (project.value === undefined) {
    return project.error ? <Failed error={project.error} retry={project.reload} /> : <Loading />;
  }
  const name = project.value.name;
  const why = standing(project.value, now);
  return (
    <>
      <nav aria-label={text.add.crumbs}>
        <ol class="crumbs">
          <li>
            <Link to={paths.courses()}>{text.nav.courses}</Link>
          </li>
          <li>
            <Link to={paths.course(course)}>{name}</Link>
          </li>
        </ol>
      </nav>
      <div class="view-head">
        <div>
          <h1>{text.add.title}</h1>
          <p class="soft">{project.value.end_date ? text.add.forCourse(name, day(project.value.end_date)) : name}</p>
        </div>
      </div>
      {why !== "on" && (
        <Notice
          tone="wait"
          title={why === "over" ? text.add.over : text.add.endless}
          actions={
            <Link class="button" to={paths.course(course)}>
              {text.add.toCourse}
            </Link>
          }
        >
          <p>{why === "over" ? text.add.overWhy : text.add.endlessWhy}</p>
        </Notice>
      )}
      {draft !== null ? (
        <DraftView key={draft} course={course} draft={draft} />
      ) : (
        <Tabs
          label={text.add.title}
          tabs={[
            { name: "single", title: text.add.single },
            { name: "batch", title: text.add.batch },
          ]}
          current={tab}
          onChange={(next) =>
            go(next === "single" ? paths.addSingle(course) : paths.addBatch(course), {
              replace: true,
              keepScroll: true,
            })
          }
        >
          {tab === "single" ? (
            <Single course={course} />
          ) : (
            <>
              <Steps current={1} />
              <Upload course={course} />
            </>
          )}
        </Tabs>
      )}
    </>
  );
}
