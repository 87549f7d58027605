/** One import as a view sees it: how it stands, how it is known, and what to do when rows change. */

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { ImportRow, ImportStatus } from "../api/imports";
import type { ApiError } from "../api/problem";
import { epoch } from "../api/credential";
import { useStore } from "../app/hooks";
import { newer } from "../pure/follow";
import type { Sample } from "../pure/progress";
import { withSample } from "../pure/progress";
import { type Connection, Follower } from "./follower";
import { keepCourse, keptCourse } from "./course";
import { knownStatus } from "./known";

export interface Followed {
  readonly status: ImportStatus | undefined;
  readonly connection: Connection;
  readonly error: ApiError | undefined;
  /** When the server last answered, in milliseconds. */
  readonly heard: number | null;
  readonly course: readonly Sample[];
  /** Called with rows that changed; null: many, read again. */
  readonly onRows: (listener: (rows: readonly ImportRow[] | null) => void) => () => void;
  /** Something was done: its answer, and look again. */
  readonly did: (status?: ImportStatus) => void;
}

const SETTLING_MS = 1000;

interface State {
  readonly status?: ImportStatus;
  readonly connection: Connection;
  readonly error?: ApiError | undefined;
  readonly heard: number | null;
  readonly course: readonly Sample[];
}

export function useImport(uuid: string): Followed {
  const [state, setState] = useState<State>(() => begun(uuid));
  const listeners = useRef(new Set<(rows: readonly ImportRow[] | null) => void>());
  const follower = useRef<Follower | undefined>(undefined);
  const signIns = useStore(epoch);

  useEffect(() => {
    let waiting: ImportStatus | undefined;
    let drawing = 0;
    // Events may come faster than the screen is drawn: of what comes between two drawings the newest is shown.
    function draw(): void {
      drawing = 0;
      const status = waiting;
      if (status !== undefined) setState((old) => withStatus(old, uuid, status));
    }
    const following = new Follower(uuid, {
      news: (news) => {
        for (const one of news) {
          if (one.kind === "status") waiting = newer(waiting, one.status);
          else for (const tell of listeners.current) tell(one.kind === "rows" ? one.rows : null);
        }
        if (drawing === 0) drawing = requestAnimationFrame(draw);
      },
      connection: (connection, error) =>
        setState((old) =>
          old.connection === connection && old.error?.code === error?.code ? old : { ...old, connection, error },
        ),
    });
    follower.current = following;
    following.start();
    return () => {
      cancelAnimationFrame(drawing);
      following.end();
    };
  }, [uuid, signIns]);

  const onRows = useCallback((listener: (rows: readonly ImportRow[] | null) => void) => {
    listeners.current.add(listener);
    return () => void listeners.current.delete(listener);
  }, []);
  const did = useCallback(
    (status?: ImportStatus) => {
      if (status !== undefined) setState((old) => withStatus(old, uuid, status));
      for (const tell of listeners.current) tell(null);
      follower.current?.nudge();
    },
    [uuid],
  );
  return {
    status: state.status,
    connection: state.connection,
    error: state.error,
    heard: state.heard,
    course: state.course,
    onRows,
    did,
  };
}

function begun(uuid: string): State {
  const state: State = { connection: "connecting", heard: null, course: keptCourse(uuid) };
  const status = knownStatus(uuid);
  return status === undefined ? state : withStatus(state, uuid, status);
}

/** When a status was so. What is finished was so when it finished, but not before what was seen until then. */
function momentOf(status: ImportStatus, last: number): number {
  if (status.finished === null) return Date.now();
  return Math.max(new Date(status.finished).getTime(), Math.min(Date.now(), last + SETTLING_MS));
}

function withStatus(old: State, uuid: string, status: ImportStatus): State {
  const now = newer(old.status, status);
  const from =
    old.course.length === 0
      ? [{ at: new Date(now.submitted).getTime(), created: 0, failed: 0, others: 0 }]
      : old.course;
  const at = momentOf(now, from.at(-1)?.at ?? 0);
  const course = withSample(from, at, now.counts);
  if (course !== old.course) keepCourse(uuid, course);
  return { ...old, status: now, heard: Date.now(), course };
}
