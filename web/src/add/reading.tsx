/** How the file was read, and the choices to read it in another way. */

import { useState } from "preact/hooks";
import { useAction, useGet } from "../app/hooks";
import { type Choices, type Draft, type Limits, limitsPath, readAgain } from "../api/drafts";
import { columnsOf, encodingName } from "../pure/preview";
import { text } from "../text";
import { Button } from "../ui/button";
import { Failed } from "../ui/failed";
import { SelectField, TextField } from "../ui/field";
import { Notice } from "../ui/notice";
import { Sample } from "./sample";

interface ReadingProps {
  readonly draft: Draft;
  readonly open?: boolean;
  readonly onRead: (draft: Draft) => void;
  /** It cannot be read that way: the draft now says why. */
  readonly onRefused: () => void;
}

const NONE = "-1";
const FIND_OUT = "";

export function Reading({ draft, open = false, onRead, onRefused }: ReadingProps) {
  const { file } = draft;
  const said = [
    file.kind !== null && file.kind !== "csv" && file.kind !== "text"
      ? text.reading.workbook(file.kind.toUpperCase())
      : "",
    file.encoding ? text.reading.encoding(encodingName(file.encoding), file.encoding_guessed) : "",
    file.delimiter ? text.reading.delimiter(text.reading.delimiters[file.delimiter] ?? file.delimiter) : "",
    file.columns["email"] ? text.reading.emailColumn(file.columns["email"]) : "",
    file.columns["description"] ? text.reading.descriptionColumn(file.columns["description"]) : "",
  ].filter(Boolean);
  return (
    <>
      {said.length > 0 && (
        <p class="soft" id="how-read">
          {text.reading.how(said.join(", "))}{" "}
          {file.ignored_columns.length > 0 && text.reading.ignored(file.ignored_columns.join(", "))}
        </p>
      )}
      <details open={open} class="reading">
        <summary>{text.reading.change}</summary>
        <Choose draft={draft} onRead={onRead} onRefused={onRefused} />
      </details>
    </>
  );
}

interface Fields {
  readonly encoding: string;
  readonly delimiter: string;
  readonly header: string;
  readonly email: string;
  readonly description: string;
}

function Choose({ draft, onRead, onRefused }: ReadingProps) {
  const limits = useGet<Limits>(limitsPath);
  const { file } = draft;
  const offered = draft.error?.choices;
  const chosen: Choices = { ...draft.choices, ...offered, columns: { ...draft.choices.columns, ...offered?.columns } };
  const [fields, setFields] = useState<Fields>({
    encoding: chosen.encoding ?? FIND_OUT,
    delimiter: chosen.delimiter ?? FIND_OUT,
    header: String(chosen.columns?.header_line ?? FIND_OUT),
    email: String(chosen.columns?.email ?? FIND_OUT),
    description: String(chosen.columns?.description ?? FIND_OUT),
  });
  const again = useAction((_key, wanted: Choices) => readAgain(draft.uuid, wanted));
  const set = (change: Partial<Fields>) => setFields({ ...fields, ...change });
  const columns = columnsOf(file).map(
    ({ place, heading }) => [String(place), text.reading.column(place + 1, heading)] as const,
  );
  const encodings = [
    ...file.encodings.map(
      (one) => [one.encoding, text.reading.encodingSample(encodingName(one.encoding), one.sample)] as const,
    ),
    ...(limits.value?.encodings ?? [])
      .filter((one) => !file.encodings.some((other) => other.encoding === one))
      .map((one) => [one, encodingName(one)] as const),
  ];
  const corrected = draft.problems.some((problem) => problem.code === "EDITED" || problem.code === "CONFIRMED");
  const isText = file.kind === "csv" || file.kind === "text" || file.kind === null;

  async function read(): Promise<void> {
    const answer = await again.run(choicesOf(fields));
    if (answer?.ok) onRead(answer.value);
    else if (answer?.ok === false && answer.error.status === 422) onRefused();
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void read();
      }}
    >
      <Sample file={file} />
      <div class="grid">
        {isText && (
          <SelectField
            label={text.reading.encodingLabel}
            value={fields.encoding}
            onChange={(encoding) => set({ encoding })}
            options={[[FIND_OUT, text.reading.findOut], ...encodings]}
          />
        )}
        {isText && (
          <SelectField
            label={text.reading.delimiterLabel}
            value={fields.delimiter}
            onChange={(delimiter) => set({ delimiter })}
            options={[[FIND_OUT, text.reading.findOut], ...Object.entries(text.reading.delimiters)]}
          />
        )}
        <SelectField
          label={text.reading.emailLabel}
          value={fields.email}
          onChange={(email) => set({ email })}
          options={[[FIND_OUT, text.reading.findOut], ...columns]}
        />
        <SelectField
          label={text.reading.descriptionLabel}
          value={fields.description}
          onChange={(description) => set({ description })}
          options={[[FIND_OUT, text.reading.findOut], [NONE, text.reading.noDescription], ...columns]}
        />
        <TextField
          label={text.reading.headerLabel}
          hint={text.reading.headerHint}
          value={fields.header}
          onInput={(header) => set({ header: header.replace(/\D/g, "").slice(0, 3) })}
        />
      </div>
      {corrected && (
        <Notice tone="wait">
          <p>{text.reading.loses}</p>
        </Notice>
      )}
      {again.error && again.error.status !== 422 && <Failed error={again.error} />}
      <div class="actions">
        <Button kind={offered ? "main" : "plain"} type="submit" busy={again.busy}>
          {text.reading.button}
        </Button>
      </div>
    </form>
  );
}

function choicesOf(fields: Fields): Choices {
  const columns = {
    ...(fields.header === FIND_OUT ? {} : { header_line: Number(fields.header) }),
    ...(fields.email === FIND_OUT ? {} : { email: Number(fields.email) }),
    ...(fields.description === FIND_OUT ? {} : { description: Number(fields.description) }),
  };
  return {
    ...(fields.encoding === FIND_OUT ? {} : { encoding: fields.encoding }),
    ...(fields.delimiter === FIND_OUT ? {} : { delimiter: fields.delimiter }),
    ...(Object.keys(columns).length === 0 ? {} : { columns }),
  };
}
