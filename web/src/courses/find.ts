/** Which courses are listed: all that somebody may manage, or, where they are many, a page of those that were found. */

import { useEffect, useRef, useState } from "preact/hooks";
import { useGet, useSettled } from "../app/hooks";
import { type Project, type Projects, coursesPath } from "../api/projects";
import type { ApiError } from "../api/problem";

const PAGE = 100;

export interface Found {
  readonly courses: readonly Project[] | undefined;
  readonly error: ApiError | undefined;
  /** More than a page: they come by name, and only the server can search them all. */
  readonly many: boolean;
  readonly next: (() => void) | null;
  readonly previous: (() => void) | null;
  readonly reload: () => void;
}

/** The courses that `search` finds in what is asked for: the page that is shown, and nothing else. */
export function useCourses(search: string): Found {
  const [many, setMany] = useState(false);
  const last = useRef<Projects | undefined>(undefined);
  const wanted = useSettled(many ? search.trim() : "");
  const [trail, setTrail] = useState<{ readonly of: string; readonly pages: readonly string[] }>({ of: "", pages: [] });
  const pages = trail.of === wanted ? trail.pages : [];
  const asked = useGet<Projects>(pages.at(-1) ?? coursesPath(wanted, PAGE));
  last.current = asked.value ?? last.current; // what was shown stays until the next answer is here
  const following = asked.value?.next ?? null;
  useEffect(() => {
    if (following !== null) setMany(true);
  }, [following]);
  return {
    courses: last.current?.results,
    error: asked.error,
    many: many || following !== null,
    next: following === null ? null : () => setTrail({ of: wanted, pages: [...pages, following] }),
    previous: pages.length === 0 ? null : () => setTrail({ of: wanted, pages: pages.slice(0, -1) }),
    reload: asked.reload,
  };
}
