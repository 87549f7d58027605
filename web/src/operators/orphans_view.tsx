/** Compares the account service's list with ours, line by line as it comes in. */

import { useEffect, useRef, useState } from "preact/hooks";
import { type ApiError, noAnswer, problemOf } from "../api/problem";
import { Link } from "../app/router";
import { paths } from "../app/routes";
import { said } from "../text/operators";
import { Button } from "../ui/button";
import { Failed } from "../ui/failed";
import { tell } from "../ui/live";
import { Notice } from "../ui/notice";
import { Table } from "../ui/table";
import { readLines } from "./ndjson";
import { type Comparing, NOTHING_YET, type Orphan, withLine } from "./orphans";

const PATH = "/api/target/orphans/";

export function Orphans() {
  const words = said.reports.orphans;
  const [state, setState] = useState<Comparing>();
  const [running, setRunning] = useState(false);
  const [error, setError] = useState<ApiError>();
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);

  async function start(): Promise<void> {
    const mine = new AbortController();
    stop.current = mine;
    setError(undefined);
    setState(NOTHING_YET);
    setRunning(true);
    const failed = await compare(mine.signal, setState);
    if (stop.current !== mine) return;
    setRunning(false);
    setError(failed);
    tell(words.over, { now: true });
  }

  return (
    <section class="card" aria-labelledby="orphans-title">
      <h2 id="orphans-title">{words.title}</h2>
      <p class="soft">{words.what}</p>
      <div class="actions">
        <Button icon="here" busy={running} onClick={() => void start()}>
          {words.start}
        </Button>
        {running && (
          <Button icon="stop" onClick={() => stop.current?.abort()}>
            {words.stop}
          </Button>
        )}
      </div>
      {error && <Failed error={error} />}
      {state && <Found state={state} running={running} broken={error !== undefined} />}
    </section>
  );
}

function Found({
  state,
  running,
  broken,
}: {
  readonly state: Comparing;
  readonly running: boolean;
  readonly broken: boolean;
}) {
  const words = said.reports.orphans;
  const { ending } = state;
  return (
    <>
      {running && <p role="status">{words.listed(state.listed)}</p>}
      {!running && ending === null && !broken && (
        <Notice tone="wait">
          <p>{words.brokeOff}</p>
        </Notice>
      )}
      {ending?.kind === "error" && (
        <Notice tone="bad" urgent title={ending.message}>
          <p>{ending.hint}</p>
        </Notice>
      )}
      {ending?.kind === "finished" && (
        <Notice tone={ending.atTarget + ending.ours > 0 ? "wait" : "good"}>
          <p>
            {words.finished(state.listed, ending.atTarget, ending.ours)}{" "}
            {ending.atTarget + ending.ours === 0 && words.equal} {!ending.complete && words.incomplete}
          </p>
        </Notice>
      )}
      {state.orphans.length > 0 && (
        <Table<Orphan>
          id="orphans"
          caption={words.caption}
          columns={[
            { name: "username", title: words.username, heads: true, cell: (one) => <code>{one.username}</code> },
            { name: "where", title: words.where, cell: (one) => words.places[one.where] },
            { name: "address", title: words.address, cell: (one) => one.email },
            { name: "course", title: words.course, cell: (one) => one.scope },
            {
              name: "ours",
              title: words.ourAccount,
              cell: (one) => one.account_uuid && <Link to={paths.story(one.account_uuid)}>{words.open}</Link>,
            },
          ]}
          rows={state.orphans}
          keyOf={(one) => `${one.where} ${one.username}`}
        />
      )}
      {state.more > 0 && <p>{words.more(state.more)}</p>}
    </>
  );
}

/** Read the answer to its end; the error, if it did not come to one. */
async function compare(signal: AbortSignal, show: (state: Comparing) => void): Promise<ApiError | undefined> {
  try {
    const response = await fetch(PATH, { signal, cache: "no-store", credentials: "same-origin" });
    if (!response.ok || response.body === null) {
      return problemOf(response.status, await response.json().catch(() => null), response.headers);
    }
    let state = NOTHING_YET;
    let rest = "";
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      const lines = readLines(rest, piece.value);
      rest = lines.rest;
      state = lines.values.reduce(withLine, state);
      show(state);
    }
    return undefined;
  } catch {
    return signal.aborted ? undefined : noAnswer("away");
  }
}
