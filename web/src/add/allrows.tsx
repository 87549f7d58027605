/** Every row of a draft: all, those of one verdict, or those that hold a text. Any of them can be edited. */

import { useEffect, useRef, useState } from "preact/hooks";
import { useSettled } from "../app/hooks";
import { useRows } from "../app/rows";
import { address } from "../api/http";
import { type Draft, type DraftRow, type Verdict, draftPath } from "../api/drafts";
import { count } from "../pure/numbers";
import { VERDICTS } from "../pure/preview";
import { text } from "../text";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Failed } from "../ui/failed";
import { SelectField, TextField } from "../ui/field";
import type { Column } from "../ui/table";
import { VirtualTable } from "../ui/virtual";

interface AllRowsProps {
  readonly draft: Draft;
  readonly verdict: Verdict | undefined;
  readonly onVerdict: (verdict: Verdict | undefined) => void;
  readonly onEdit: (row: DraftRow) => void;
}

const SIZE = 100;

export function AllRows({ draft, verdict, onVerdict, onEdit }: AllRowsProps) {
  const [search, setSearch] = useState("");
  const section = useRef<HTMLDetailsElement>(null);
  const wanted = useSettled(search.trim());
  useEffect(() => {
    if (verdict === undefined || section.current === null) return;
    section.current.open = true;
    section.current.scrollIntoView({ block: "start" });
  }, [verdict]);
  const columns: readonly Column<DraftRow>[] = [
    { name: "line", title: text.preview.lineTitle, numeric: true, share: 8, cell: (row) => count(row.line) },
    {
      name: "email",
      title: text.add.email,
      heads: true,
      share: 34,
      cell: (row) => <span title={row.email}>{row.email || "–"}</span>,
    },
    {
      name: "verdict",
      title: text.preview.verdictTitle,
      share: 18,
      cell: (row) => <Badge state={row.verdict}>{text.preview.verdict[row.verdict]}</Badge>,
    },
    { name: "why", title: text.preview.whyTitle, share: 30, cell: (row) => <Why row={row} /> },
    {
      name: "edit",
      title: text.preview.edit,
      hideTitle: true,
      share: 10,
      cell: (row) => (
        <Button kind="quiet" label={text.preview.editLine(row.line)} onClick={() => onEdit(row)}>
          {text.preview.edit}
        </Button>
      ),
    },
  ];
  return (
    <details ref={section} class="all-rows" open={draft.rows <= SIZE}>
      <summary>{text.preview.allRows(draft.rows)}</summary>
      <div class="filters">
        <SelectField
          label={text.preview.verdictTitle}
          value={verdict ?? ""}
          onChange={(value) => onVerdict(VERDICTS.find((one) => one === value))}
          options={[
            ["", text.preview.everyVerdict(count(draft.rows))],
            ...VERDICTS.filter((one) => draft.verdicts[one] > 0).map(
              (one) => [one, `${text.preview.verdict[one]} (${count(draft.verdicts[one])})`] as const,
            ),
          ]}
        />
        <TextField label={text.preview.search} type="search" value={search} onInput={setSearch} maxLength={200} />
      </div>
      <List draft={draft} verdict={verdict} wanted={wanted} columns={columns} />
    </details>
  );
}

interface ListProps {
  readonly draft: Draft;
  readonly verdict: Verdict | undefined;
  readonly wanted: string;
  readonly columns: readonly Column<DraftRow>[];
}

function List({ draft, verdict, wanted, columns }: ListProps) {
  const path = `${draftPath(draft.uuid)}rows/`;
  const filtered = verdict !== undefined || wanted !== "";
  const first = address(path, { verdict, text: wanted, page_size: SIZE });
  const direct = filtered ? null : (page: number) => address(path, { cursor: page * SIZE, page_size: SIZE });
  const list = useRows<DraftRow>(first, SIZE, direct);
  const changes = useRef(draft.preview_hash);
  useEffect(() => {
    if (changes.current === draft.preview_hash) return;
    changes.current = draft.preview_hash;
    list.refresh();
  }, [draft.preview_hash]);
  const rows = wanted !== "" ? list.known : verdict !== undefined ? draft.verdicts[verdict] : draft.rows;
  const none = rows === 0 || (wanted !== "" && !list.reading && list.rowAt(0) === undefined);
  return (
    <>
      {list.error && <Failed error={list.error} retry={list.refresh} />}
      {none ? (
        <p class="soft">{text.preview.noRows}</p>
      ) : (
        <VirtualTable
          caption={text.preview.rowsCaption}
          columns={columns}
          rows={rows}
          rowAt={list.rowAt}
          onWanted={list.wanted}
          edition={first}
          id="rows"
        />
      )}
    </>
  );
}

function Why({ row }: { readonly row: DraftRow }) {
  const said =
    row.duplicate_of !== null
      ? text.preview.repeats(row.duplicate_of)
      : row.error
        ? row.error.message
        : row.notes.map((note) => note.message).join(" ");
  return <span title={said}>{said || row.description}</span>;
}
