/** The rows of one cause: each with its line, what is wrong, its own one-click fix, and a way to edit it. */

import { useEffect, useState } from "preact/hooks";
import { useAction, useGet } from "../app/hooks";
import { address } from "../api/http";
import { type Cause, type Draft, type DraftRow, type DraftRows, draftPath, fix } from "../api/drafts";
import { count } from "../pure/numbers";
import { text } from "../text";
import { Button } from "../ui/button";
import { Failed } from "../ui/failed";
import { Loading } from "../ui/loading";
import { said } from "./cause";
import { EditRow } from "./editrow";

interface CauseRowsProps {
  readonly cause: Cause;
  readonly draft: Draft;
  readonly onChanged: (draft: Draft, said: string) => void;
}

const AT_FIRST = 10;
const MOST = 300;

export function CauseRows({ cause, draft, onChanged }: CauseRowsProps) {
  const [size, setSize] = useState(AT_FIRST);
  const [editing, setEditing] = useState<DraftRow>();
  const path = address(`${draftPath(draft.uuid)}rows/`, { code: cause.code, page_size: size });
  const rows = useGet<DraftRows>(path);
  useEffect(() => rows.reload(), [draft.preview_hash]);
  if (rows.value === undefined) return rows.error ? <Failed error={rows.error} retry={rows.reload} /> : <Loading />;
  return (
    <>
      {rows.error && <Failed error={rows.error} retry={rows.reload} />}
      <ul class="cause-rows">
        {rows.value.results.map((row) => (
          <li key={row.row} data-line={row.line}>
            <OneRow row={row} cause={cause} draft={draft} onChanged={onChanged} onEdit={() => setEditing(row)} />
          </li>
        ))}
      </ul>
      {rows.value.next !== null && size < MOST && (
        <Button kind="quiet" busy={rows.loading} onClick={() => setSize(MOST)}>{text.preview.more(count(Math.min(cause.count, MOST) - size))}</Button>
      )}
      {rows.value.next !== null && size >= MOST && <p class="soft">{text.preview.seeBelow}</p>}
      {editing && <EditRow row={editing} draft={draft} onClose={() => setEditing(undefined)} onChanged={onChanged} />}
    </>
  );
}

interface OneRowProps extends CauseRowsProps {
  readonly row: DraftRow;
  readonly onEdit: () => void;
}

function OneRow({ row, cause, draft, onChanged, onEdit }: OneRowProps) {
  const apply = useAction((_key, code: string, like: string) => fix(draft.uuid, { code, like, rows: [row.row] }));
  async function run(code: string, like: string): Promise<void> {
    const answer = await apply.run(code, like);
    if (answer?.ok) onChanged(answer.value.draft, said(answer.value));
  }
  const detail = row.error?.code === cause.code ? row.error.detail : (row.notes.find((note) => note.code === cause.code)?.detail ?? "");
  return (
    <>
      <span class="row-line">{text.preview.line(row.line)}</span>
      <span class="row-cells">
        <span class="mono">{row.email || <em class="soft">{text.preview.emptyCell}</em>}</span>
        {row.description && <span class="soft"> {row.description}</span>}
        {(detail || row.duplicate_of !== null) && (
          <span class="small soft">{row.duplicate_of === null ? detail : text.preview.repeats(row.duplicate_of)}</span>
        )}
      </span>
      <span class="row-buttons">
        {row.suggestions.map((one) => (
          <Button key={one.code + one.value} busy={apply.busy} label={`${one.message} ${text.preview.line(row.line)}`} onClick={() => void run(one.code, one.like)}>
            {text.preview.suggestion(one.code, one.message, one.value)}
          </Button>
        ))}
        <Button kind="quiet" icon="edit" label={text.preview.editLine(row.line)} onClick={onEdit}>{text.preview.edit}</Button>
      </span>
      {apply.error && <Failed error={apply.error} />}
    </>
  );
}
