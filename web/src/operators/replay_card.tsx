/** One replay: how far it is, what it came to, and what may be done now. */

import { useState } from "preact/hooks";
import { get, post } from "../api/http";
import { useAction } from "../app/hooks";
import { useKept } from "../course/hooks";
import { said } from "../text/operators";
import { type Tone, Tag } from "../ui/badge";
import { Button } from "../ui/button";
import { Failed } from "../ui/failed";
import { Loading } from "../ui/loading";
import { Notice } from "../ui/notice";
import { Progress } from "../ui/progress";
import { ComparisonView } from "./comparison_view";
import { ReplayConfirm } from "./replay_confirm";
import type { Command, Replay, ReplayState } from "./replay_model";
import { fractionRead, isWorking, offeredCommands } from "./replays";

const TONES: Readonly<Record<ReplayState, Tone>> = {
  queued: "calm",
  building: "info",
  comparing: "info",
  warm: "good",
  swapped: "good",
  done: "over",
  failed: "bad",
  cancelled: "over",
};

interface CardProps {
  readonly replay: Replay;
  readonly open: boolean;
  readonly onChanged: () => void;
}

export function ReplayCard({ replay, open, onChanged }: CardProps) {
  const words = said.replays;
  const [asking, setAsking] = useState<Exclude<Command, "compare">>();
  const [showing, setShowing] = useState(open);
  const compare = useAction((key) => post<Replay>(`/api/replays/${replay.uuid}/compare/`, {}, { key }));
  const kind = words.kinds[replay.kind];

  function command(name: Command): void {
    if (name !== "compare") setAsking(name);
    else void compare.run().then((answer) => answer?.ok && onChanged());
  }

  return (
    <section
      class="card replay"
      aria-label={words.card(kind, replay.uuid.slice(0, 8))}
      data-replay={replay.uuid}
      data-state={replay.state}
    >
      <p class="job-head">
        <strong>{kind}</strong>
        <Tag tone={TONES[replay.state]}>{words.states[replay.state]}</Tag>
        <span class="soft">
          {[
            replay.asked && words.asked(replay.asked, replay.author),
            replay.reason && words.because(replay.reason),
            replay.set && words.inSet(replay.set, replay.edition),
            replay.until && words.until(replay.until),
          ]
            .filter(Boolean)
            .join(", ")}
        </span>
      </p>
      {isWorking(replay) && <Reading replay={replay} />}
      {replay.error && (
        <Notice tone="bad" title={replay.error.code}>
          <p>{replay.error.message}</p>
        </Notice>
      )}
      {compare.error && <Failed error={compare.error} />}
      <div class="row-actions">
        {offeredCommands(replay).map((name) => (
          <Button
            key={name}
            kind={name === "swap" ? "main" : "plain"}
            busy={name === "compare" && compare.busy}
            onClick={() => command(name)}
          >
            {words.commands[name]}
          </Button>
        ))}
        {!isWorking(replay) && (
          <Button kind="quiet" expanded={showing} onClick={() => setShowing(!showing)}>
            {showing ? words.hide : words.show}
          </Button>
        )}
      </div>
      {showing && !isWorking(replay) && <Whole replay={replay} />}
      {asking && (
        <ReplayConfirm
          replay={replay}
          command={asking}
          onClose={() => setAsking(undefined)}
          onDone={() => {
            setAsking(undefined);
            onChanged();
          }}
        />
      )}
    </section>
  );
}

function Reading({ replay }: { readonly replay: Replay }) {
  const words = said.replays;
  return (
    <>
      {fractionRead(replay) !== null && (
        <Progress done={replay.done} of={replay.total} label={words.about(words.kinds[replay.kind])} />
      )}
      <p>
        {[
          replay.total > 0 ? words.progress(replay.done, replay.total) : "",
          replay.rate > 0 ? words.speed(replay.rate) : "",
          replay.seconds_left === null ? "" : words.left(replay.seconds_left),
        ]
          .filter(Boolean)
          .join(", ")}
      </p>
    </>
  );
}

/** The comparison with all its rows, and who did what: only the single replay is answered with them. */
function Whole({ replay }: { readonly replay: Replay }) {
  const words = said.replays;
  const path = `/api/replays/${replay.uuid}/`;
  const whole = useKept(`${path} ${replay.state} ${String(replay.equal)}`, 0, (signal) =>
    get<Replay>(path, { signal }),
  );
  const known = whole.value;
  if (known === undefined) return whole.error ? <Failed error={whole.error} retry={whole.again} /> : <Loading />;
  return (
    <>
      {known.comparison && <ComparisonView comparison={known.comparison} />}
      {known.actions !== undefined && known.actions.length > 0 && (
        <>
          <h3>{words.actions}</h3>
          <ul class="plain-list">
            {known.actions.map((one) => (
              <li key={`${one.time} ${one.action}`}>
                {words.action(one.time, one.author, one.action)}
                {one.detail && <span class="hint"> {one.detail}</span>}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
