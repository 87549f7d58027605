/** A list that is pasted: a column of a spreadsheet, or the To: line of a mail. */

import { useState } from "preact/hooks";
import { text } from "../text";
import { Button } from "../ui/button";
import { TextField } from "../ui/field";

interface PasteProps {
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly onSend: () => void;
}

export function Paste({ value, onInput, onSend }: PasteProps) {
  const [missing, setMissing] = useState(false);
  const empty = value.trim() === "";
  return (
    <details class="card" open={!empty}>
      <summary>{text.add.paste}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setMissing(empty);
          if (!empty) onSend();
        }}
      >
        <TextField
          label={text.add.pasteLabel}
          hint={text.add.pasteHint}
          errors={missing && empty ? [text.add.pasteMissing] : []}
          rows={7}
          value={value}
          onInput={onInput}
        />
        <div class="actions">
          <Button type="submit">{text.add.pasteButton}</Button>
        </div>
      </form>
    </details>
  );
}
