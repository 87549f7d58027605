/** The rows of one cause: each with its line, what is wrong, its own one-click fix, and a way to edit it. */

import { useEffect, useState } from "preact/hooks";
import { useAction, useGet } from "../app/hooks";
import { address } from "../api/http";
import { type DraftRow, type DraftRows, draftPath, fix } from "../api/drafts";
import { count } from "../pure/numbers";
import { text } from "../text";
import { Button } from "../ui/button";
import { Failed } from "../ui/failed";
import { Loading } from "../ui/loading";
import { type CauseProps, said } from "./cause";

const AT_FIRST = 10;
const MOST = 300;

export function CauseRows({ cause, draft, onChanged, onEdit }: CauseProps) {
  const [size, setSize] = useState(AT_FIRST);
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
            <OneRow row={row} cause={cause} draft={draft} onChanged={onChanged} onEdit={onEdit} />
          </li>
        ))}
      </ul>
      {rows.value.next !== null && size < MOST && (
        <Button kind="quiet" busy={rows.loading} onClick={() => setSize(MOST)}>
          {text.preview.more(count(Math.min(cause.count, MOST) - size))}
        </Button>
      )}
      {rows.value.next !== null && size >= MOST && <p class="soft">{text.preview.seeBelow}</p>}
    </>
  );
}

interface OneRowProps extends CauseProps {
  readonly row: DraftRow;
}

function OneRow({ row, cause, draft, onChanged, onEdit }: OneRowProps) {
  const apply = useAction((_key, code: string, like: string) => fix(draft.uuid, { code, like, rows: [row.row] }));
  async function run(code: string, like: string): Promise<void> {
    const answer = await apply.run(code, like);
    if (answer?.ok) onChanged(answer.value.draft, said(answer.value));
  }
  const detail =
    row.error?.code === cause.code
      ? row.error.detail
      : (row.notes.find((note) => note.code === cause.code)?.detail ?? "");
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
        {/* A single row is put right by the button above, which says the same. */}
        {cause.count > 1 &&
          row.suggestions.map((one) => (
            <Button
              key={one.code + one.value}
              busy={apply.busy}
              label={text.preview.suggestionName(one, row.line)}
              onClick={() => void run(one.code, one.like)}
            >
              {text.preview.suggestion(one)}
            </Button>
          ))}
        <Button kind="quiet" icon="edit" label={text.preview.editLine(row.line)} onClick={() => onEdit(row)}>
          {text.preview.edit}
        </Button>
      </span>
      {apply.error && <Failed error={apply.error} />}
    </>
  );
}
