/** What a course is, when it ends, and what can be done for all of it. */

import { useState } from "preact/hooks";
import { Link } from "../app/router";
import { paths } from "../app/routes";
import { useNow } from "../app/hooks";
import { said } from "../text/course";
import { Button } from "../ui/button";
import { Icon } from "../ui/icons";
import { Notice } from "../ui/notice";
import { type End, endOf } from "./days";
import { Extend } from "./extend";
import type { Project } from "./model";

interface HeadProps {
  readonly project: Project;
  readonly mayWrite: boolean;
  readonly onChanged: () => void;
}

const SOON_DAYS = 7;

export function Head({ project, mayWrite, onChanged }: HeadProps) {
  const [extending, setExtending] = useState(false);
  const now = useNow(60);
  const end = endOf(project.end_date, project.ends_at, new Date(now));
  const shut = end.kind === "over" || end.kind === "none";
  return (
    <>
      <nav aria-label={said.crumbs}>
        <ol class="crumbs">
          <li>
            <Link to={paths.courses()}>{said.courses}</Link>
          </li>
          <li aria-current="page">{project.name}</li>
        </ol>
      </nav>
      <div class="view-head">
        <div>
          <h1>{project.name}</h1>
          <p class="course-dates">
            <span>{datesOf(project)}</span> <span class={nearnessOf(end)}>{endSentence(end)}</span>
          </p>
        </div>
        {mayWrite && (
          <div class="actions head-actions">
            {!shut && (
              <Link to={paths.addBatch(project.uuid)} class="button main">
                <Icon name="plus" />
                {said.add}
              </Link>
            )}
            <Button icon="clock" onClick={() => setExtending(true)}>
              {said.extend.button}
            </Button>
          </div>
        )}
      </div>
      {end.kind === "over" && (
        <Notice tone="wait">
          <p>{said.end.closed}</p>
        </Notice>
      )}
      {end.kind === "none" && (
        <Notice tone="wait">
          <p>{said.end.none}</p>
        </Notice>
      )}
      {extending && (
        <Extend
          project={project}
          onClose={() => setExtending(false)}
          onDone={() => {
            setExtending(false);
            onChanged();
          }}
        />
      )}
    </>
  );
}

function datesOf({ start_date: start, end_date: end }: Project): string {
  if (start !== null && end !== null) return `${said.between(start, end)}.`;
  if (end !== null) return `${said.until(end)}.`;
  return start === null ? "" : `${said.from(start)}.`;
}

function endSentence(end: End): string {
  switch (end.kind) {
    case "none":
      return "";
    case "over":
      return said.end.over(end.days);
    case "today":
      return `${said.end.today} ${said.end.closes}`;
    case "ahead":
      return `${said.end.ahead(end.days)}${end.days <= SOON_DAYS ? ` ${said.end.closes}` : ""}`;
  }
}

function nearnessOf(end: End): string {
  if (end.kind === "today" || (end.kind === "ahead" && end.days <= SOON_DAYS)) return "ends-soon";
  return end.kind === "over" ? "ends-over" : "soft";
}
