/** Hooks every view uses: look at a store, ask the server, do something on a click, know the time. */

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { epoch } from "../api/credential";
import { type Answer, get, newKey } from "../api/http";
import type { ApiError } from "../api/problem";
import type { Store } from "../pure/store";
import { text } from "../text";

export function useStore<T>(store: Store<T>): T {
  const [value, setValue] = useState(store.get());
  useEffect(() => {
    setValue(() => store.get());
    return store.subscribe(() => setValue(() => store.get()));
  }, [store]);
  return value;
}

export interface Got<T> {
  /** The newest answer; while another is asked for, the one before. */
  readonly value: T | undefined;
  readonly error: ApiError | undefined;
  readonly loading: boolean;
  readonly reload: () => void;
  /** Put in what is known already, say from the answer to a change. */
  readonly put: (value: T) => void;
}

/** What `GET path` answers; asked again when the path changes and after a sign-in. Null: nothing is asked. */
export function useGet<T>(
  path: string | null,
  ask: (path: string, signal: AbortSignal) => Promise<Answer<T>> = ask0,
): Got<T> {
  const [state, setState] = useState<{ path: string | null; value?: T; error?: ApiError; loading: boolean }>({
    path,
    loading: path !== null,
  });
  const [times, setTimes] = useState(0);
  const signIns = useStore(epoch);
  useEffect(() => {
    if (path === null) return;
    const stop = new AbortController();
    setState((old) => (old.path === path ? { ...old, loading: true } : { path, loading: true }));
    void ask(path, stop.signal).then((answer) => {
      if (stop.signal.aborted) return;
      if (answer.ok) setState({ path, value: answer.value, loading: false });
      else setState((old) => ({ ...old, error: answer.error, loading: false }));
    });
    return () => stop.abort();
  }, [path, times, signIns]);
  const reload = useCallback(() => setTimes((old) => old + 1), []);
  const put = useCallback((value: T) => setState({ path, value, loading: false }), [path]);
  const current = state.path === path;
  return {
    value: current ? state.value : undefined,
    error: current ? state.error : undefined,
    loading: current ? state.loading : path !== null,
    reload,
    put,
  };
}

function ask0<T>(path: string, signal: AbortSignal): Promise<Answer<T>> {
  return get<T>(path, { signal });
}

export interface Action<Given extends readonly unknown[], T> {
  /** Do it, unless it is being done; the answer, or undefined if it was being done already. */
  readonly run: (...given: Given) => Promise<Answer<T> | undefined>;
  readonly busy: boolean;
  readonly error: ApiError | undefined;
  readonly clear: () => void;
}

/**
 * Something a person does with a click. `act` gets the key of the wish first: the same one until it has succeeded or
 * was refused, so that a click after a lost answer does nothing twice.
 */
export function useAction<Given extends readonly unknown[], T>(
  act: (key: string, ...given: Given) => Promise<Answer<T>>,
): Action<Given, T> {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError>();
  const wish = useRef<{ key: string; given: string; running: boolean } | undefined>(undefined);
  const newest = useRef(act);
  newest.current = act;
  const run = useCallback(async (...given: Given) => {
    if (wish.current?.running) return undefined;
    const said = JSON.stringify(given) ?? "";
    const key = wish.current?.given === said ? wish.current.key : newKey();
    wish.current = { key, given: said, running: true };
    setBusy(true);
    setError(undefined);
    const answer = await newest.current(key, ...given);
    const settled = answer.ok || (answer.error.kind === "problem" && answer.error.status < 500);
    wish.current = settled ? undefined : { key, given: said, running: false };
    setBusy(false);
    setError(answer.ok ? undefined : answer.error);
    return answer;
  }, []);
  const clear = useCallback(() => setError(undefined), []);
  return { run, busy, error, clear };
}

/** The time in milliseconds, anew every `seconds`. */
export function useNow(seconds = 1): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), seconds * 1000);
    return () => clearInterval(timer);
  }, [seconds]);
  return now;
}

/** Do something every so many seconds, while the page is looked at, and when it is looked at again. */
export function useEvery(seconds: number, act: () => void): void {
  const newest = useRef(act);
  newest.current = act;
  useEffect(() => {
    const look = () => void (!document.hidden && newest.current());
    const timer = setInterval(look, seconds * 1000);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [seconds]);
}

/** The title of the window; null: not known yet. */
export function useTitle(title: string | null): void {
  useEffect(() => {
    document.title = title === null ? text.product : text.title(title);
  }, [title]);
}

/** A value that follows another one only after it has been still for a while. */
export function useSettled<T>(value: T, milliseconds = 300): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(() => value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}
