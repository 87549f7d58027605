/** Watching a job until it is over: asked about as often as it wants, told once when it ends. */

import { useEffect, useRef, useState } from "preact/hooks";
import { get, rest } from "../api/http";
import type { ApiError } from "../api/problem";
import { tell } from "../ui/live";

/** What is known of a kind of job. */
export interface Kind<J> {
  readonly isOver: (job: J) => boolean;
  /** How much of it is done, to notice progress. */
  readonly doneOf: (job: J) => number;
  readonly pauseMs: (job: J) => number;
  /** What it came to, as a sentence. */
  readonly outcome: (job: J) => string;
}

export interface Watched<J> {
  readonly job: J | undefined;
  readonly error: ApiError | undefined;
  readonly look: () => void;
}

const AFTER_ERROR_S = 3;

/** The job at `path`, as it stands; `onProgress` is told whenever more of it is done. */
export function useWatched<J>(path: string, kind: Kind<J>, onProgress: () => void): Watched<J> {
  const [job, setJob] = useState<J>();
  const [error, setError] = useState<ApiError>();
  const [times, setTimes] = useState(0);
  const told = useRef(onProgress);
  told.current = onProgress;
  useEffect(() => {
    const stop = new AbortController();
    void watch(stop.signal);
    return () => stop.abort();

    async function watch(signal: AbortSignal): Promise<void> {
      let done = -1;
      while (!signal.aborted) {
        const answer = await get<J>(path, { signal });
        if (signal.aborted) return;
        setError(answer.ok ? undefined : answer.error);
        if (!answer.ok) {
          if (answer.error.status === 404) return;
          await rest(AFTER_ERROR_S, signal);
          continue;
        }
        setJob(answer.value);
        if (kind.doneOf(answer.value) !== done) told.current();
        done = kind.doneOf(answer.value);
        if (kind.isOver(answer.value)) return tell(kind.outcome(answer.value), { now: true });
        await rest(kind.pauseMs(answer.value) / 1000, signal);
      }
    }
  }, [path, times]);
  return { job, error, look: () => setTimes((old) => old + 1) };
}
