/** Asks before the account service is paused, and what its rate shall be. */

import { useState } from "preact/hooks";
import { patch, post } from "../api/http";
import { useAction } from "../app/hooks";
import { said } from "../text/operators";
import { Confirm } from "../ui/dialog";
import { TextField } from "../ui/field";
import type { Target } from "./model";
import { readRate } from "./rate";

interface DialogProps {
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function PauseDialog({ onDone, onClose }: DialogProps) {
  const [reason, setReason] = useState("");
  const pause = useAction((key, why: string) => post<Target>("/api/target/pause/", { reason: why }, { key }));
  return (
    <Confirm
      title={said.service.pauseTitle}
      deed={said.service.pauseDeed}
      busy={pause.busy}
      error={pause.error}
      onClose={onClose}
      onConfirm={() => void pause.run(reason.trim()).then((answer) => answer?.ok && onDone())}
    >
      <p>{said.service.pauseWhat}</p>
      <TextField
        label={said.service.reasonField}
        hint={said.service.reasonHint}
        value={reason}
        maxLength={2000}
        onInput={setReason}
      />
    </Confirm>
  );
}

export function RateDialog({ rate, onDone, onClose }: DialogProps & { readonly rate: number | null }) {
  const [text, setText] = useState(rate === null ? "" : String(rate));
  const [asked, setAsked] = useState(false);
  const set = useAction((_key, wanted: number | null) => patch<Target>("/api/target/", { rate: wanted }));
  const wanted = readRate(text);

  async function confirm(): Promise<void> {
    setAsked(true);
    if (wanted === undefined) return;
    const answer = await set.run(wanted);
    if (answer?.ok) onDone();
  }

  return (
    <Confirm
      title={said.service.rateTitle}
      deed={said.service.rateDeed}
      busy={set.busy}
      error={set.error}
      onClose={onClose}
      onConfirm={() => void confirm()}
    >
      <p>{said.service.rateWhat}</p>
      <TextField
        label={said.service.rateField}
        hint={said.service.rateHint}
        value={text}
        errors={asked && wanted === undefined ? [said.service.rateWrong] : []}
        onInput={setText}
      />
    </Confirm>
  );
}
