/** The jobs about this course that are under way, and those that were begun here. */

import { useCallback, useEffect, useState } from "preact/hooks";
import { get } from "../api/http";
import { said } from "../text/course";
import { paths } from "./asking";
import { JobCard } from "./job_card";
import { shownJobs } from "./jobs";
import type { Job, Listed } from "./model";

export interface JobsHere {
  readonly ids: readonly string[];
  readonly add: (uuid: string) => void;
  readonly hide: (uuid: string) => void;
}

const NOBODYS: ReadonlySet<string> = new Set();

/** What is under way when the page opens, and what is begun on it. */
export function useJobsHere(course: string): JobsHere {
  const [ids, setIds] = useState<readonly string[]>([]);
  const add = useCallback((uuid: string) => setIds((old) => [uuid, ...old.filter((one) => one !== uuid)]), []);
  const hide = useCallback((uuid: string) => setIds((old) => old.filter((one) => one !== uuid)), []);
  useEffect(() => {
    const stop = new AbortController();
    void get<Listed<Job>>(paths.jobs(), { signal: stop.signal }).then((answer) => {
      if (!answer.ok || stop.signal.aborted) return;
      const running = shownJobs(answer.value.results, course, NOBODYS).map((job) => job.uuid);
      setIds((old) => [...old, ...running.filter((uuid) => !old.includes(uuid))]);
    });
    return () => stop.abort();
  }, [course]);
  return { ids, add, hide };
}

export function Jobs({ jobs, onProgress }: { readonly jobs: JobsHere; readonly onProgress: () => void }) {
  if (jobs.ids.length === 0) return null;
  return (
    <section class="card jobs" aria-labelledby="jobs-title">
      <h2 id="jobs-title">{said.jobs.title}</h2>
      {jobs.ids.map((uuid) => (
        <JobCard key={uuid} uuid={uuid} onProgress={onProgress} onHide={() => jobs.hide(uuid)} />
      ))}
    </section>
  );
}
