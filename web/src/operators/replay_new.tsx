/** Asks for a set to be built, or for the tables to be verified. */

import { useState } from "preact/hooks";
import { post } from "../api/http";
import { useAction } from "../app/hooks";
import { said } from "../text/operators";
import { Confirm } from "../ui/dialog";
import { TextField } from "../ui/field";
import type { Replay } from "./replay_model";

interface NewProps {
  readonly kind: "build" | "verify";
  readonly editions: readonly string[];
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function NewReplay({ kind, editions, onDone, onClose }: NewProps) {
  const [edition, setEdition] = useState("");
  const [reason, setReason] = useState("");
  const ask = useAction((key, name: string, why: string) =>
    post<Replay>("/api/replays/", { kind, reason: why, ...(name ? { edition: name } : {}) }, { key }),
  );
  const words = said.replays.new[kind];
  return (
    <Confirm
      title={words.title}
      deed={words.deed}
      busy={ask.busy}
      error={ask.error}
      onClose={onClose}
      onConfirm={() => void ask.run(edition.trim(), reason.trim()).then((answer) => answer?.ok && onDone())}
    >
      <p>{words.what}</p>
      {kind === "build" && (
        <TextField
          label={said.replays.new.edition}
          hint={`${said.replays.new.editionHint} ${editions.join(", ")}`}
          value={edition}
          maxLength={63}
          onInput={setEdition}
        />
      )}
      <TextField
        label={said.replays.new.reason}
        hint={said.jobs.reasonHint}
        value={reason}
        maxLength={2000}
        onInput={setReason}
      />
    </Confirm>
  );
}
