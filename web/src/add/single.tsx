/** One account: judged by the same rules as a row of a file, with the same advice, before it is created. */

import { useEffect, useRef, useState } from "preact/hooks";
import { useAction } from "../app/hooks";
import { go } from "../app/router";
import { paths } from "../app/routes";
import { type Draft, submit } from "../api/drafts";
import { knownFrom } from "../imports/known";
import { text } from "../text";
import { Button } from "../ui/button";
import { Failed } from "../ui/failed";
import { TextField } from "../ui/field";
import { Notice } from "../ui/notice";
import { type Judged, judgeOne } from "./judge";

export function Single({ course }: { readonly course: string }) {
  const [email, setEmail] = useState("");
  const [description, setDescription] = useState("");
  const [judged, setJudged] = useState<Judged>();
  const [missing, setMissing] = useState(false);
  const stop = useRef(new AbortController());
  const judge = useAction((key, address: string, what: string) =>
    judgeOne(course, address, what, { key, signal: stop.current.signal }),
  );
  const create = useAction((key, draft: Draft) =>
    submit(
      draft.uuid,
      { preview_hash: draft.preview_hash ?? "", skip_invalid: true, if_erred: "retry", if_closed: "reopen" },
      { key },
    ),
  );

  useEffect(() => () => stop.current.abort(), []);

  function typed(change: () => void): void {
    change();
    // What is still being judged is not what is meant any more.
    stop.current.abort();
    stop.current = new AbortController();
    setJudged(undefined);
    create.clear();
    judge.clear();
  }
  async function send(address: string, anyway = false): Promise<void> {
    setMissing(address.trim() === "");
    if (address.trim() === "") return;
    const answer =
      anyway && judged ? { ok: true as const, value: judged } : await judge.run(address.trim(), description.trim());
    if (!answer?.ok) return;
    setJudged(answer.value);
    const { draft, row } = answer.value;
    const clean = row.error === null && row.suggestions.length === 0 && row.notes.length === 0;
    if (draft.to_create === 0 || (!clean && !anyway)) return;
    const made = await create.run(draft);
    if (made?.ok) knownFrom(made.value);
    if (made?.ok || (made?.ok === false && made.error.code === "ALREADY_SUBMITTED")) go(paths.import(draft.uuid));
  }

  const row = judged?.row;
  const errors =
    missing && !email.trim()
      ? [text.add.emailMissing]
      : row?.error
        ? [`${row.error.message} ${row.error.hint}`]
        : judge.error?.fields["email"];
  return (
    <form
      class="card narrow"
      onSubmit={(event) => {
        event.preventDefault();
        void send(email);
      }}
    >
      <TextField
        label={text.add.email}
        type="text"
        autoComplete="off"
        value={email}
        maxLength={1000}
        errors={errors}
        onInput={(value) => typed(() => setEmail(value))}
      />
      <TextField
        label={text.add.description}
        hint={text.add.descriptionHint}
        value={description}
        maxLength={2000}
        onInput={(value) => typed(() => setDescription(value))}
      />
      {judged && (
        <Advice
          judged={judged}
          busy={judge.busy || create.busy}
          onUse={(value) => {
            typed(() => setEmail(value));
            void send(value);
          }}
          onAnyway={() => void send(email, true)}
        />
      )}
      {judge.error && !judge.error.fields["email"] && <Failed error={judge.error} />}
      {create.error && <Failed error={create.error} />}
      <div class="actions">
        <Button kind="main" type="submit" busy={judge.busy || create.busy}>
          {text.add.createOne}
        </Button>
      </div>
      <p class="small soft">{text.preview.whoTells}</p>
    </form>
  );
}

interface AdviceProps {
  readonly judged: Judged;
  readonly busy: boolean;
  readonly onUse: (email: string) => void;
  readonly onAnyway: () => void;
}

function Advice({ judged: { draft, row }, busy, onUse, onAnyway }: AdviceProps) {
  if (row.verdict === "existing_ok" || row.verdict === "existing_pending") {
    return (
      <Notice tone="good" urgent title={text.preview.verdict[row.verdict]}>
        <p>{text.preview.existingSaid[row.verdict](1)}</p>
      </Notice>
    );
  }
  if (row.suggestions.length === 0 && row.notes.length === 0) return null;
  return (
    <Notice tone="wait" urgent title={row.notes.map((note) => note.message).join(" ") || text.add.lookAgain}>
      <div class="actions">
        {row.suggestions
          .filter((one) => one.value !== "" && one.value !== row.email)
          .map((one) => (
            <Button key={one.code + one.value} kind="main" busy={busy} onClick={() => onUse(one.value)}>
              {text.add.use(one.value)}
            </Button>
          ))}
        {draft.to_create > 0 && (
          <Button busy={busy} onClick={onAnyway}>
            {text.add.useAnyway(row.email)}
          </Button>
        )}
      </div>
    </Notice>
  );
}
