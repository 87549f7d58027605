/** One row of an import: all that is known of it, and how to put it right. */

import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { type ImportRow, correctImportRow, retryRows, rowPath } from "../api/imports";
import { useAction, useGet } from "../app/hooks";
import { Link } from "../app/router";
import { paths } from "../app/routes";
import { clock } from "../pure/numbers";
import { Pace } from "../pure/pace";
import { text } from "../text";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Failed } from "../ui/failed";
import { Check, TextField } from "../ui/field";
import { tell } from "../ui/live";

const REFRESH_MS = 1500;

interface RowProps {
  readonly uuid: string;
  readonly row: ImportRow;
  /** Of the import's status: when it moves, the row may have moved. */
  readonly version: number;
  readonly mayWrite: boolean;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function RowDialog({ uuid, row: seen, version, mayWrite, onClose, onDone }: RowProps) {
  const newest = useGet<ImportRow>(rowPath(uuid, seen.row));
  const pace = useMemo(() => new Pace(REFRESH_MS, newest.reload), [newest.reload]);
  const known = useRef(version);
  useEffect(() => {
    if (known.current !== version) pace.want();
    known.current = version;
  }, [version]);
  useEffect(() => () => pace.end(), [pace]);
  const row = newest.value ?? seen;
  const retry = useAction((key) => retryRows(uuid, { rows: [row.row] }, { key }));
  const wrong = row.class === "failed" || row.class === "invalid";
  async function again(): Promise<void> {
    const answer = await retry.run();
    if (!answer?.ok) return;
    tell(text.imports.row.retried, { now: true });
    onDone();
    onClose();
  }
  return (
    <Dialog title={row.email || text.imports.rows.row(row.line ?? row.row, row.row)} onClose={onClose}>
      <dl class="facts">
        <dt>{text.imports.rows.state}</dt>
        <dd>
          <Badge state={row.class} />{" "}
          {row.attempts > 0 && row.class !== "created" && text.imports.rows.attempts(row.attempts)}{" "}
          {row.next_attempt && row.class === "waiting" && text.imports.rows.next(clock(row.next_attempt))}
        </dd>
        <dt>{text.imports.rows.line}</dt>
        <dd>{text.imports.rows.row(row.line ?? row.row, row.row)}</dd>
        {row.description && (
          <>
            <dt>{text.imports.row.description}</dt>
            <dd>{row.description}</dd>
          </>
        )}
        {row.username && (
          <>
            <dt>{text.imports.row.username}</dt>
            <dd class="mono">{row.username}</dd>
          </>
        )}
        {row.duplicate_of !== null && (
          <>
            <dt>{text.imports.row.why}</dt>
            <dd>{text.imports.rows.duplicateOf(row.duplicate_of)}</dd>
          </>
        )}
        {row.error && row.duplicate_of === null && (
          <>
            <dt>{text.imports.row.why}</dt>
            <dd>{row.error.message}</dd>
            <dt>{text.imports.row.doing}</dt>
            <dd>{row.error.hint}</dd>
          </>
        )}
        {row.closing && (
          <>
            <dt>{text.imports.row.why}</dt>
            <dd>
              {row.closing.message} {row.closing.hint}
            </dd>
          </>
        )}
      </dl>
      {row.account_uuid && (
        <p>
          <Link to={paths.story(row.account_uuid)}>{text.imports.row.story}</Link>
        </p>
      )}
      {retry.error && <Failed error={retry.error} />}
      {mayWrite && wrong && (
        <CorrectForm uuid={uuid} row={row} onDone={onDone} onClose={onClose}>
          {row.class === "failed" && row.error?.can_retry && (
            <Button icon="retry" busy={retry.busy} onClick={() => void again()}>
              {text.imports.row.retry}
            </Button>
          )}
        </CorrectForm>
      )}
    </Dialog>
  );
}

interface CorrectProps extends Omit<RowProps, "mayWrite" | "version"> {
  readonly children: ComponentChildren;
}

function CorrectForm({ uuid, row, onDone, onClose, children }: CorrectProps) {
  const [email, setEmail] = useState(row.email);
  const [description, setDescription] = useState(row.description);
  const [confirmed, setConfirmed] = useState(false);
  const [unchanged, setUnchanged] = useState(false);
  const correct = useAction((_key, cells: { email?: string; description?: string; confirmed?: boolean }) =>
    correctImportRow(uuid, row.row, cells),
  );
  const mayBeMeant = row.error?.code === "EMAIL_LOOKALIKE" || correct.error?.code === "EMAIL_LOOKALIKE";
  async function run(): Promise<void> {
    const cells = {
      ...(email === row.email ? {} : { email }),
      ...(description === row.description ? {} : { description }),
      ...(confirmed ? { confirmed } : {}),
    };
    setUnchanged(Object.keys(cells).length === 0);
    if (Object.keys(cells).length === 0) return;
    const answer = await correct.run(cells);
    if (!answer?.ok) return;
    tell(text.imports.row.corrected, { now: true });
    onDone();
    onClose();
  }
  const { fields } = correct.error ?? { fields: {} as Record<string, string[]> };
  return (
    <form
      class="correct"
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      <h3>{text.imports.row.correctTitle}</h3>
      <TextField
        label={text.add.email}
        value={email}
        onInput={setEmail}
        maxLength={1000}
        errors={unchanged ? [text.imports.row.nothingChanged] : fields["email"]}
      />
      <TextField
        label={text.add.description}
        value={description}
        onInput={setDescription}
        maxLength={2000}
        errors={fields["description"]}
      />
      {mayBeMeant && <Check label={text.imports.row.confirm} checked={confirmed} onChange={setConfirmed} />}
      {correct.error && Object.keys(fields).length === 0 && <Failed error={correct.error} />}
      <div class="actions">
        <Button kind="main" type="submit" busy={correct.busy}>
          {text.imports.row.save}
        </Button>
        {children}
      </div>
    </form>
  );
}
