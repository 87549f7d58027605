/** Correct the cells of one row of a draft. */

import { useState } from "preact/hooks";
import { useAction } from "../app/hooks";
import { type Draft, type DraftRow, correctRow } from "../api/drafts";
import { text } from "../text";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Failed } from "../ui/failed";
import { TextField } from "../ui/field";

interface EditRowProps {
  readonly row: DraftRow;
  readonly draft: Draft;
  readonly onClose: () => void;
  readonly onChanged: (draft: Draft, said: string) => void;
}

export function EditRow({ row, draft, onClose, onChanged }: EditRowProps) {
  const [email, setEmail] = useState(row.email);
  const [description, setDescription] = useState(row.description);
  const [wrong, setWrong] = useState<DraftRow["error"]>(row.error);
  const save = useAction((_key, cells: { email: string; description: string }) =>
    correctRow(draft.uuid, row.row, cells),
  );

  async function run(): Promise<void> {
    const answer = await save.run({ email, description });
    if (!answer?.ok) return;
    const { row: now, draft: next } = answer.value;
    setWrong(now.error);
    onChanged(next, now.error === null ? text.preview.rowIsRight(now.line) : now.error.message);
    if (now.verdict !== "invalid") onClose();
  }

  return (
    <Dialog title={text.preview.editTitle(row.line)} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <TextField
          label={text.add.email}
          value={email}
          onInput={setEmail}
          autoFocus
          maxLength={4000}
          errors={
            save.error?.fields["email"] ??
            (wrong ? [`${wrong.message} ${wrong.detail && `(${wrong.detail}) `}${wrong.hint}`] : [])
          }
        />
        <TextField
          label={text.add.description}
          value={description}
          onInput={setDescription}
          maxLength={4000}
          errors={save.error?.fields["description"]}
        />
        {save.error && Object.keys(save.error.fields).length === 0 && <Failed error={save.error} />}
        <div class="actions">
          <Button kind="main" type="submit" busy={save.busy}>
            {text.save}
          </Button>
          <Button onClick={onClose}>{text.back}</Button>
        </div>
      </form>
    </Dialog>
  );
}
