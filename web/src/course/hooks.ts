/** What the course page keeps up to date by itself. */

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Answer } from "../api/http";
import type { ApiError } from "../api/problem";
import { epoch } from "../api/credential";
import { useStore } from "../app/hooks";
import { type Accounts, askAccounts, askCauses, askExplained, askProject, paths } from "./asking";
import { type Cause, type Explained, causesOf } from "./causes";
import { Following } from "./following";
import type { ImportListed, Project } from "./model";
import { fingerprint } from "./news";
import type { View } from "./view";

/** What is known, and what went wrong when it was asked for last. */
export interface Kept<T> {
  readonly value: T | undefined;
  readonly error: ApiError | undefined;
  readonly loading: boolean;
}

/** Something asked for anew whenever `key` or `edition` changes; what was known stays until the new answer is here. */
export function useKept<T>(
  key: string | null,
  edition: number,
  ask: (signal: AbortSignal) => Promise<Answer<T>>,
): Kept<T> & { readonly again: () => void } {
  const [kept, setKept] = useState<Kept<T>>({ value: undefined, error: undefined, loading: key !== null });
  const [times, setTimes] = useState(0);
  const signIns = useStore(epoch);
  const newest = useRef(ask);
  newest.current = ask;
  useEffect(() => {
    if (key === null) return;
    const stop = new AbortController();
    setKept((old) => ({ ...old, loading: true }));
    void newest.current(stop.signal).then((answer) => {
      if (stop.signal.aborted) return;
      if (answer.ok) setKept({ value: answer.value, error: undefined, loading: false });
      else setKept((old) => ({ value: old.value, error: answer.error, loading: false }));
    });
    return () => stop.abort();
  }, [key, edition, times, signIns]);
  const again = useCallback(() => setTimes((old) => old + 1), []);
  return { ...kept, again };
}

/** A course as it is followed. `edition` rises whenever its accounts may have changed. */
export interface Followed {
  readonly imports: readonly ImportListed[] | undefined;
  readonly lost: ApiError | undefined;
  readonly edition: number;
  /** Something was begun here: look at once, and often for a while. */
  readonly hurry: () => void;
  /** Something shown is on its way: look again soon. */
  readonly soon: () => void;
}

const HURRY_S = 15;
const SOON_S = 30;

/** Follow a course for as long as it is shown. */
export function useFollowed(course: string): Followed {
  const [state, setState] = useState<Pick<Followed, "imports" | "lost" | "edition">>({
    imports: undefined,
    lost: undefined,
    edition: 0,
  });
  const following = useRef<Following | null>(null);
  const signIns = useStore(epoch);
  useEffect(() => {
    let before: string | undefined;
    const one = new Following(course, {
      imports: (imports) => {
        const now = fingerprint(imports);
        const news = before !== undefined && before !== now;
        before = now;
        setState((old) => ({ imports, lost: undefined, edition: old.edition + (news ? 1 : 0) }));
      },
      lost: (lost) => setState((old) => ({ ...old, lost })),
    });
    following.current = one;
    return () => one.stop();
  }, [course, signIns]);
  const hurry = useCallback(() => {
    following.current?.hurry(HURRY_S);
    setState((old) => ({ ...old, edition: old.edition + 1 }));
  }, []);
  const soon = useCallback(() => following.current?.soon(SOON_S), []);
  return { ...state, hurry, soon };
}

/** A page of accounts. */
export function useAccounts(
  course: string,
  view: View,
  edition: number,
): Kept<Accounts> & { readonly again: () => void } {
  const path = paths.accounts(view, course);
  return useKept(path, edition, (signal) => askAccounts(path, signal));
}

/** A course with its numbers. */
export function useProject(course: string, edition: number): Kept<Project> & { readonly again: () => void } {
  return useKept(course, edition, (signal) => askProject(course, signal));
}

/** A value that follows another one, but changes no more often than every so many milliseconds. */
function useSteady<T>(value: T, milliseconds: number): T {
  const [shown, setShown] = useState(value);
  const last = useRef(0);
  useEffect(() => {
    if (Object.is(shown, value)) return;
    const timer = setTimeout(
      () => {
        last.current = Date.now();
        setShown(() => value);
      },
      Math.max(0, last.current + milliseconds - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [value, shown, milliseconds]);
  return shown;
}

const COUNT_CAUSES_MS = 5000;

/** Why accounts failed; asked anew when their number has changed, but not with every account of a running import. */
export function useCauses(course: string, failed: number): Kept<readonly Cause[]> & { readonly again: () => void } {
  const explained = useRef(new Map<string, Explained>());
  const steady = useSteady(failed, COUNT_CAUSES_MS);
  return useKept(steady > 0 ? `${course} ${steady}` : null, 0, async (signal) => {
    const answer = await askCauses(course, signal);
    if (!answer.ok) return answer;
    const unknown = Object.keys(answer.value.by_code).filter((code) => !explained.current.has(code));
    const found = await Promise.all(unknown.map(async (code) => [code, await askExplained(course, code)] as const));
    for (const [code, sentences] of found) if (sentences !== null) explained.current.set(code, sentences);
    return { ...answer, value: causesOf(answer.value.by_code, explained.current) };
  });
}
