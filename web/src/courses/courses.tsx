/** The courses somebody may manage: when they are, how their accounts stand, and what wants attention. */

import { useState } from "preact/hooks";
import { begun } from "../app/drafts";
import { useEvery, useGet, useNow, useStore, useTitle } from "../app/hooks";
import { type ImportList, importsPath } from "../api/imports";
import { type Projects, projectsPath } from "../api/projects";
import { inOrder, standing } from "../pure/courses";
import { text } from "../text";
import { Button } from "../ui/button";
import { Failed } from "../ui/failed";
import { TextField } from "../ui/field";
import { Loading } from "../ui/loading";
import { CourseCard } from "./card";

const MOST = 1000;
const SEARCH_FROM = 7;
const SHOWN_AT_FIRST = 24;
const EVERY_S = 10;

export function Courses() {
  useTitle(text.courses.title);
  const projects = useGet<Projects>(projectsPath(MOST));
  const moving = useGet<ImportList>(importsPath({ state: ["running", "cancelling", "undoing"], page_size: 200 }));
  const drafts = useStore(begun);
  const now = useNow(60);
  useEvery(EVERY_S, () => {
    projects.reload();
    moving.reload();
  });
  const [search, setSearch] = useState("");
  const [shown, setShown] = useState(SHOWN_AT_FIRST);

  if (projects.value === undefined) {
    return projects.error ? <Failed error={projects.error} retry={projects.reload} /> : <Loading />;
  }
  const all = projects.value.results.filter((project) => project.kind === "course");
  const wanted = search.trim().toLowerCase();
  const found = inOrder(all, now).filter((one) => `${one.name} ${one.slug}`.toLowerCase().includes(wanted));
  const cards = found.slice(0, shown);
  return (
    <>
      <h1>{text.courses.title}</h1>
      {projects.error && <Failed error={projects.error} retry={projects.reload} />}
      {all.length === 0 && <p class="lead">{text.courses.none}</p>}
      {all.length >= SEARCH_FROM && (
        <TextField label={text.courses.search} type="search" value={search} onInput={setSearch} />
      )}
      {found.length === 0 && all.length > 0 && <p>{text.courses.noneFound}</p>}
      <ul class="cards">
        {cards.map((project) => (
          <li key={project.uuid}>
            <CourseCard
              project={project}
              standing={standing(project, now)}
              imports={(moving.value?.results ?? []).filter((one) => one.project_uuid === project.uuid)}
              drafts={drafts.filter((one) => one.course === project.uuid)}
              now={now}
            />
          </li>
        ))}
      </ul>
      {found.length > cards.length && (
        <Button onClick={() => setShown(shown + SHOWN_AT_FIRST)}>
          {text.courses.more(found.length - cards.length)}
        </Button>
      )}
      {projects.value.next !== null && <p class="soft">{text.courses.tooMany}</p>}
    </>
  );
}
