/** The courses somebody may manage: when they are, how their accounts stand, and what wants attention. */

import { useState } from "preact/hooks";
import { begun } from "../app/drafts";
import { useEvery, useGet, useNow, useStore, useTitle } from "../app/hooks";
import { type ImportList, importsPath } from "../api/imports";
import { inOrder, named, standing } from "../pure/courses";
import { text } from "../text";
import { Button } from "../ui/button";
import { Failed } from "../ui/failed";
import { TextField } from "../ui/field";
import { Loading } from "../ui/loading";
import { CourseCard } from "./card";
import { type Found, useCourses } from "./find";

const SEARCH_FROM = 7;
const SHOWN_AT_FIRST = 24;
const EVERY_S = 10;

export function Courses() {
  useTitle(text.courses.title);
  const [search, setSearch] = useState("");
  const [shown, setShown] = useState(SHOWN_AT_FIRST);
  const asked = useCourses(search);
  const moving = useGet<ImportList>(importsPath({ state: ["running", "cancelling", "undoing"], page_size: 200 }));
  const drafts = useStore(begun);
  const now = useNow(60);
  useEvery(EVERY_S, () => {
    asked.reload();
    moving.reload();
  });

  const { courses, many } = asked;
  if (courses === undefined) {
    return asked.error ? <Failed error={asked.error} retry={asked.reload} /> : <Loading />;
  }
  const found = many ? courses : named(inOrder(courses, now), search);
  const cards = many ? found : found.slice(0, shown);
  const none = courses.length === 0 && !many;
  return (
    <>
      <h1>{text.courses.title}</h1>
      {asked.error && <Failed error={asked.error} retry={asked.reload} />}
      {none && <p class="lead">{text.courses.none}</p>}
      {(many || courses.length >= SEARCH_FROM) && (
        <TextField label={text.courses.search} type="search" value={search} onInput={setSearch} maxLength={100} />
      )}
      {found.length === 0 && !none && <p role="status">{text.courses.noneFound}</p>}
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
      <Leaf found={asked} number={found.length} />
    </>
  );
}

/** To the pages before and after, where there are many courses. */
function Leaf({ found: { next, previous }, number }: { readonly found: Found; readonly number: number }) {
  if (next === null && previous === null) return null;
  const go = (turn: (() => void) | null) => () => {
    turn?.();
    window.scrollTo(0, 0);
    document.getElementById("main")?.focus({ preventScroll: true });
  };
  return (
    <nav class="pager" aria-label={text.courses.pages}>
      <Button kind="quiet" icon="back" disabled={previous === null} onClick={go(previous)}>
        {text.pager.previous}
      </Button>
      <span>{text.courses.byName(number)}</span>
      <Button kind="quiet" icon="arrow" disabled={next === null} onClick={go(next)}>
        {text.pager.next}
      </Button>
    </nav>
  );
}
