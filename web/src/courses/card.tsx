/** One course in the list. */

import { type Begun, forget } from "../app/drafts";
import { Link } from "../app/router";
import { paths } from "../app/routes";
import type { ImportStatus } from "../api/imports";
import { ACCOUNT_STATES, type Project } from "../api/projects";
import { type Attention, type Standing, attention } from "../pure/courses";
import { count, day, moment, percent, when } from "../pure/numbers";
import { text } from "../text";
import { Tag } from "../ui/badge";
import { Button } from "../ui/button";
import { Icon, type IconName } from "../ui/icons";
import { StackedBar } from "../ui/progress";

interface CardProps {
  readonly project: Project;
  readonly standing: Standing;
  readonly imports: readonly ImportStatus[];
  readonly drafts: readonly Begun[];
  readonly now: number;
}

export function CourseCard({ project, standing, imports, drafts, now }: CardProps) {
  const found = attention(project, { imports, drafts }, now);
  const total = ACCOUNT_STATES.reduce((sum, state) => sum + project.accounts[state], 0);
  return (
    <article class="card course" id={`course-${project.uuid}`}>
      <div class="course-head">
        <h2>
          <Link to={paths.course(project.uuid)}>{project.name}</Link>
        </h2>
        {standing === "over" && (
          <Tag tone="over" icon="closed">
            {text.courses.over}
          </Tag>
        )}
        {standing === "endless" && (
          <Tag tone="wait" icon="mark">
            {text.courses.endless}
          </Tag>
        )}
      </div>
      <p class="soft">{dates(project)}</p>
      {total === 0 ? (
        <p class="soft">{text.courses.noAccounts}</p>
      ) : (
        <StackedBar
          label={text.courses.bar(project.name, count(total))}
          parts={ACCOUNT_STATES.map((state) => ({
            state,
            number: project.accounts[state],
            name: text.courses.states[state],
          }))}
        />
      )}
      {found.length > 0 && (
        <ul class="attention" aria-label={text.courses.attention}>
          {found.map((one) => (
            <li key={`${one.what}-${keyOf(one)}`}>
              <Wants one={one} project={project} />
            </li>
          ))}
        </ul>
      )}
      <div class="actions">
        {standing === "on" && (
          <Link to={paths.addBatch(project.uuid)} class="button main">
            <Icon name="plus" />
            <span>{text.courses.add}</span>
            <span class="for-readers">{text.courses.toCourse(project.name)}</span>
          </Link>
        )}
        <Link to={paths.course(project.uuid)} class="button">
          {text.courses.open}
          <span class="for-readers">{text.courses.ofCourse(project.name)}</span>
        </Link>
      </div>
    </article>
  );
}

function Wants({ one, project }: { readonly one: Attention; readonly project: Project }) {
  const signs: Record<Attention["what"], readonly [IconName, string]> = {
    failed: ["cross", "bad"],
    waiting: ["clock", "wait"],
    running: ["dots", "info"],
    soon: ["clock", "wait"],
    draft: ["edit", "info"],
  };
  const [icon, tone] = signs[one.what];
  return (
    <>
      <span class={`sign ${tone}`}>
        <Icon name={icon} />
      </span>
      <Said one={one} project={project} />
    </>
  );
}

function Said({ one, project }: { readonly one: Attention; readonly project: Project }) {
  switch (one.what) {
    case "failed":
      return <Link to={`${paths.course(project.uuid)}?state=Erred`}>{text.courses.failed(one.number)}</Link>;
    case "waiting":
      return (
        <Link to={paths.import(one.import)}>{text.courses.waiting(one.number, one.since && when(one.since))}</Link>
      );
    case "running":
      return <Link to={paths.import(one.import)}>{text.courses.running(percent(one.done, one.of), one.of)}</Link>;
    case "soon":
      return <span>{text.courses.soon(one.days)}</span>;
    case "draft":
      return (
        <span>
          <Link to={paths.draft(project.uuid, one.draft)}>{text.courses.draft(moment(one.created))}</Link>{" "}
          <Button kind="quiet" label={text.courses.forgetDraft(moment(one.created))} onClick={() => forget(one.draft)}>
            {text.courses.forget}
          </Button>
        </span>
      );
  }
}

function keyOf(one: Attention): string {
  return one.what === "draft" ? one.draft : one.what === "waiting" || one.what === "running" ? one.import : "";
}

function dates(project: Project): string {
  const { start_date: start, end_date: end } = project;
  if (start && end) return text.courses.fromTo(day(start), day(end));
  if (end) return text.courses.until(day(end));
  return start ? text.courses.from(day(start)) : text.courses.noDates;
}
