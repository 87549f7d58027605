/** What would become of every row, before anything is created: counts, problems first, and the button that says how many. */

import { useEffect, useRef, useState } from "preact/hooks";
import { remember } from "../app/drafts";
import { Link } from "../app/router";
import { paths } from "../app/routes";
import type { Draft, DraftRow, Verdict } from "../api/drafts";
import { count, moment } from "../pure/numbers";
import { VERDICTS, type Wish, causesInOrder, toCreate } from "../pure/preview";
import { text } from "../text";
import { tell } from "../ui/live";
import { Notice } from "../ui/notice";
import { StackedBar } from "../ui/progress";
import { AllRows } from "./allrows";
import { CauseView } from "./cause";
import { EditRow } from "./editrow";
import { Existing } from "./existing";
import { Reading } from "./reading";
import { Submit } from "./submit";

interface PreviewProps {
  readonly draft: Draft;
  readonly course: string;
  readonly onDraft: (draft: Draft) => void;
  readonly reload: () => void;
}

const FIRST_WISH: Wish = { if_erred: "retry", if_closed: "reopen", problems: "skip" };

export function Preview({ draft, course, onDraft, reload }: PreviewProps) {
  const [wish, setWish] = useState<Wish>(FIRST_WISH);
  const [verdict, setVerdict] = useState<Verdict>();
  const [editing, setEditing] = useState<DraftRow>();
  const heading = useRef<HTMLHeadingElement>(null);
  const causes = causesInOrder(draft.problems);
  const number = toCreate(draft.verdicts, wish);

  useEffect(() => remember(draft.uuid, course), [draft.uuid, course]);
  useEffect(() => tell(text.preview.spoken(number, draft.verdicts.invalid)), [draft.preview_hash, number]);

  /** What was pressed may be gone after a fix, so the focus goes to a place that stays. */
  function fixed(next: Draft, said: string): void {
    changed(next, said);
    heading.current?.focus();
  }
  function changed(next: Draft, said: string): void {
    onDraft(next);
    tell(said, { now: true });
  }

  return (
    <>
      <h2 ref={heading} tabIndex={-1} id="preview">
        {text.preview.title(draft.file.name ?? text.add.pastedList, draft.rows)}
      </h2>
      {draft.file.seen_before && (
        <Notice tone="wait" id="seen-before">
          <p>
            {text.preview.seenBefore(
              draft.file.seen_before.submitted && moment(draft.file.seen_before.submitted),
              draft.file.seen_before.created_by,
            )}{" "}
            <Link to={paths.import(draft.file.seen_before.uuid)}>{text.preview.seeThatImport}</Link>
          </p>
        </Notice>
      )}
      {draft.notes
        .filter((note) => note.code !== "ENCODING_GUESSED")
        .map((note) => (
          <Notice key={`${note.code}-${note.line}`}>
            <p>
              {note.line ? `${text.preview.line(note.line)}: ` : ""}
              {note.message}
            </p>
          </Notice>
        ))}
      <section class="card" aria-labelledby="verdicts-title">
        <h3 id="verdicts-title">{text.preview.verdicts}</h3>
        <StackedBar
          id="verdicts"
          label={text.preview.barLabel(count(draft.rows))}
          parts={VERDICTS.map((one) => ({ state: one, number: draft.verdicts[one], name: text.preview.verdict[one] }))}
        />
        {draft.blank > 0 && <p class="soft small">{text.preview.blank(draft.blank)}</p>}
        <Reading draft={draft} onRead={onDraft} onRefused={reload} />
      </section>
      {causes.length > 0 && (
        <section aria-labelledby="causes-title">
          <h3 id="causes-title">{text.preview.causes}</h3>
          {causes.map((cause) => (
            <CauseView key={cause.code} cause={cause} draft={draft} onChanged={fixed} onEdit={setEditing} />
          ))}
        </section>
      )}
      <Existing verdicts={draft.verdicts} wish={wish} onWish={setWish} onShow={setVerdict} />
      <AllRows draft={draft} verdict={verdict} onVerdict={setVerdict} onEdit={setEditing} />
      {editing && (
        <EditRow
          key={editing.row}
          row={editing}
          draft={draft}
          onClose={() => setEditing(undefined)}
          onChanged={changed}
        />
      )}
      <Submit draft={draft} course={course} wish={wish} onWish={setWish} reload={reload} />
    </>
  );
}
