/** Asks before a replay is swapped in, rolled back, cleaned up or cancelled. */

import { useState } from "preact/hooks";
import { post } from "../api/http";
import { useAction } from "../app/hooks";
import { said } from "../text/operators";
import { Confirm } from "../ui/dialog";
import { Check } from "../ui/field";
import { Notice } from "../ui/notice";
import type { Command, Replay } from "./replay_model";
import { needsAcceptance } from "./replays";

interface ConfirmProps {
  readonly replay: Replay;
  readonly command: Exclude<Command, "compare">;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function ReplayConfirm({ replay, command, onDone, onClose }: ConfirmProps) {
  const [accepted, setAccepted] = useState(false);
  const asks = command === "swap" && needsAcceptance(replay);
  const give = useAction((key, accept: boolean) =>
    post<Replay>(`/api/replays/${replay.uuid}/${command}/`, command === "swap" ? { accept_differences: accept } : {}, {
      key,
    }),
  );
  const words = said.replays.confirm[command];
  return (
    <Confirm
      title={words.title}
      deed={words.deed}
      danger={command === "clean-up" || command === "cancel"}
      busy={give.busy}
      ready={!asks || accepted}
      error={give.error}
      onClose={onClose}
      onConfirm={() => void give.run(accepted).then((answer) => answer?.ok && onDone())}
    >
      <p>{words.what}</p>
      {asks && (
        <>
          <Notice tone="wait">
            <p>{replay.equal === null ? said.replays.confirm.swap.notCompared : said.replays.confirm.swap.differs}</p>
          </Notice>
          <Check label={said.replays.confirm.swap.accept} checked={accepted} onChange={setAccepted} />
        </>
      )}
    </Confirm>
  );
}
