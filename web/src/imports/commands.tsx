/** Cancel while it runs; undo, with a count first. */

import { useEffect, useState } from "preact/hooks";
import { type ImportStatus, type UndoCount, cancelImport, countUndo, undoImport } from "../api/imports";
import { useAction } from "../app/hooks";
import { text } from "../text";
import { Button } from "../ui/button";
import { Confirm } from "../ui/dialog";
import { Failed } from "../ui/failed";
import { TextField } from "../ui/field";
import { Loading } from "../ui/loading";

interface CommandsProps {
  readonly status: ImportStatus;
  readonly onDone: (status?: ImportStatus) => void;
}

export function Commands({ status, onDone }: CommandsProps) {
  const [asked, setAsked] = useState<"cancel" | "undo">();
  const { counts, state } = status;
  const cancellable = state === "running";
  const undoable = status.undo === null && counts.created + counts.pending + counts.waiting > 0;
  if (!cancellable && !undoable) return null;
  return (
    <div class="actions commands">
      {cancellable && (
        <Button icon="barred" id="cancel" onClick={() => setAsked("cancel")}>
          {text.imports.cancel.button}
        </Button>
      )}
      {undoable && !cancellable && (
        <Button icon="retry" id="undo" onClick={() => setAsked("undo")}>
          {text.imports.undo.button}
        </Button>
      )}
      {asked === "cancel" && <Cancel status={status} onDone={onDone} onClose={() => setAsked(undefined)} />}
      {asked === "undo" && <Undo status={status} onDone={onDone} onClose={() => setAsked(undefined)} />}
    </div>
  );
}

interface AskProps extends CommandsProps {
  readonly onClose: () => void;
}

function Cancel({ status, onDone, onClose }: AskProps) {
  const [reason, setReason] = useState("");
  const cancel = useAction((key, why: string) => cancelImport(status.uuid, why, { key }));
  async function run(): Promise<void> {
    const answer = await cancel.run(reason.trim());
    if (!answer?.ok) return;
    onDone(answer.value);
    onClose();
  }
  return (
    <Confirm
      title={text.imports.cancel.title}
      deed={text.imports.cancel.deed}
      danger
      busy={cancel.busy}
      error={cancel.error}
      onConfirm={() => void run()}
      onClose={onClose}
    >
      <p>{text.imports.cancel.what(status.counts.pending + status.counts.waiting)}</p>
      <TextField label={text.imports.cancel.reason} value={reason} onInput={setReason} maxLength={500} />
    </Confirm>
  );
}

function Undo({ status, onDone, onClose }: AskProps) {
  const [reason, setReason] = useState("");
  const [found, setFound] = useState<UndoCount>();
  const ask = useAction(() => countUndo(status.uuid));
  const undo = useAction((key, why: string) => undoImport(status.uuid, why, { key }));
  useEffect(() => {
    void ask.run().then((answer) => answer?.ok && setFound(answer.value));
  }, []);
  async function run(): Promise<void> {
    const answer = await undo.run(reason.trim());
    if (!answer?.ok) return;
    onDone(answer.value);
    onClose();
  }
  const said = text.imports.undo;
  return (
    <Confirm
      title={said.title}
      deed={said.deed(found?.close ?? 0)}
      danger
      ready={found !== undefined && found.close + found.pending > 0}
      busy={undo.busy}
      error={undo.error}
      onConfirm={() => void run()}
      onClose={onClose}
    >
      {found === undefined && !ask.error && <Loading what={said.counting} />}
      {ask.error && (
        <Failed error={ask.error} retry={() => void ask.run().then((answer) => answer?.ok && setFound(answer.value))} />
      )}
      {found && (
        <ul id="undo-count">
          <li>
            <strong>{found.close + found.pending > 0 ? said.close(found.close) : said.none}</strong>
          </li>
          {found.pending > 0 && <li>{said.pending(found.pending)}</li>}
          {found.kept > 0 && <li>{said.kept(found.kept)}</li>}
          {found.nothing > 0 && <li>{said.nothing(found.nothing)}</li>}
        </ul>
      )}
      <TextField label={text.imports.cancel.reason} value={reason} onInput={setReason} maxLength={500} />
    </Confirm>
  );
}
