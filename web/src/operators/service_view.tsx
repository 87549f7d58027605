/** The account service: how it stands, pause, resume, rate; and what waits for it. */

import { useState } from "preact/hooks";
import { post } from "../api/http";
import { useAction } from "../app/hooks";
import { count, when } from "../pure/numbers";
import { said } from "../text/operators";
import { Button } from "../ui/button";
import { Failed } from "../ui/failed";
import { Loading } from "../ui/loading";
import type { Target, Waiting } from "./model";
import { usePolled } from "./polling";
import { PauseDialog, RateDialog } from "./service_dialogs";
import { WaitingTables } from "./waiting_tables";

const EVERY_S = 3;

export function ServiceView() {
  const target = usePolled<Target>("/api/target/", EVERY_S);
  const waiting = usePolled<Waiting>("/api/waiting/?imports=20&oldest=20", EVERY_S);
  const again = (): void => {
    target.again();
    waiting.again();
  };
  return (
    <>
      {target.error && <Failed error={target.error} retry={target.again} />}
      {target.value === undefined ? (
        target.error === undefined && <Loading />
      ) : (
        <Service target={target.value} onChanged={again} />
      )}
      {waiting.error && <Failed error={waiting.error} retry={waiting.again} />}
      {waiting.value && <WaitingTables waiting={waiting.value} />}
    </>
  );
}

function Service({ target, onChanged }: { readonly target: Target; readonly onChanged: () => void }) {
  const [asking, setAsking] = useState<"pause" | "rate">();
  const resume = useAction((key) => post<Target>("/api/target/resume/", undefined, { key }));
  const minute = target.calls.last_minute;
  const done = (): void => {
    setAsking(undefined);
    onChanged();
  };
  const facts: readonly (readonly [string, string | null])[] = [
    [said.service.state, said.service.states[target.state] ?? target.state],
    [said.service.since, target.since && when(target.since)],
    [said.service.reason, target.reason],
    [said.service.pausedBy, target.paused && [target.paused.by, target.paused.reason].filter(Boolean).join(": ")],
    [said.service.nextTry, target.next_attempt && when(target.next_attempt)],
    [said.service.rate, target.rate === null ? said.service.noLimit : String(target.rate)],
    [said.service.underWay, count(target.calls.under_way)],
    [
      said.service.minute,
      [
        said.service.answered(minute.answered),
        said.service.unclear(minute.unclear),
        said.service.notTaken(minute.not_taken),
      ].join(", "),
    ],
    [said.service.copies, count(target.copies)],
  ];
  return (
    <section class="card" aria-labelledby="service-title" data-state={target.state}>
      <h2 id="service-title">{said.service.title(target.name)}</h2>
      <dl class="facts">
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={`${name} value`}>{value}</dd>])}
      </dl>
      {resume.error && <Failed error={resume.error} />}
      <div class="actions">
        {target.state !== "paused" && (
          <Button icon="stop" onClick={() => setAsking("pause")}>
            {said.service.pause}
          </Button>
        )}
        {target.state !== "up" && (
          <Button
            kind="main"
            icon="retry"
            busy={resume.busy}
            onClick={() => void resume.run().then((answer) => answer?.ok && done())}
          >
            {said.service.resume}
          </Button>
        )}
        <Button onClick={() => setAsking("rate")}>{said.service.setRate}</Button>
      </div>
      {target.state !== "up" && <p class="hint">{said.service.resumeHint}</p>}
      {asking === "pause" && <PauseDialog onDone={done} onClose={() => setAsking(undefined)} />}
      {asking === "rate" && <RateDialog rate={target.rate} onDone={done} onClose={() => setAsking(undefined)} />}
    </section>
  );
}
