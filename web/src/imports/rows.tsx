/** The rows of an import: e-mail, state, error. Quick at 200,000 rows, and live while somebody looks. */

import { useEffect, useRef, useState } from "preact/hooks";
import { CLASSES, type ImportRow, type ImportStatus, type RowClass, type RowFilter, rowsPath } from "../api/imports";
import { useSettled } from "../app/hooks";
import { setQuery, usePlace } from "../app/router";
import { useRows } from "../app/rows";
import { Pace } from "../pure/pace";
import { count } from "../pure/numbers";
import { text } from "../text";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Failed } from "../ui/failed";
import { SelectField, TextField } from "../ui/field";
import type { Column } from "../ui/table";
import { VirtualTable } from "../ui/virtual";
import { RowDialog } from "./row";
import type { Followed } from "./use";

interface RowsProps {
  readonly status: ImportStatus;
  readonly followed: Followed;
  readonly mayWrite: boolean;
}

const SIZE = 200;
const REFRESH_MS = 1500;

export function Rows({ status, followed, mayWrite }: RowsProps) {
  const { query } = usePlace();
  const only = CLASSES.find((one) => one === query.get("show"));
  const code = query.get("code");
  const [search, setSearch] = useState("");
  const [open, setOpen] = useState<ImportRow>();
  const wanted = useSettled(search.trim());
  const { counts } = status;
  return (
    <section aria-labelledby="rows-title">
      <h2 id="rows-title" tabIndex={-1}>
        {text.imports.rows.title}
      </h2>
      <div class="filters">
        <SelectField
          label={text.imports.rows.filter}
          value={only ?? ""}
          onChange={(value) => setQuery({ show: value || null, code: null })}
          options={[
            ["", `${text.imports.rows.all} (${count(counts.rows)})`],
            ...CLASSES.filter((one) => counts[one] > 0 || one === only).map(
              (one) => [one, `${text.states[one]} (${count(counts[one])})`] as const,
            ),
          ]}
        />
        <TextField label={text.imports.rows.search} type="search" value={search} onInput={setSearch} maxLength={300} />
        {code && (
          <Button icon="cross" onClick={() => setQuery({ code: null })}>
            {code}
          </Button>
        )}
      </div>
      <List status={status} followed={followed} only={only} code={code} wanted={wanted} onOpen={setOpen} />
      {open && (
        <RowDialog
          key={open.row}
          uuid={status.uuid}
          row={open}
          version={status.version}
          mayWrite={mayWrite}
          onClose={() => setOpen(undefined)}
          onDone={followed.did}
        />
      )}
    </section>
  );
}

interface ListProps {
  readonly status: ImportStatus;
  readonly followed: Followed;
  readonly only: RowClass | undefined;
  readonly code: string | null;
  readonly wanted: string;
  readonly onOpen: (row: ImportRow) => void;
}

function List({ status, followed, only, code, wanted, onOpen }: ListProps) {
  const filter: RowFilter = {
    ...(only ? { class: [only] } : {}),
    ...(code ? { code: [code] } : {}),
    ...(wanted ? { text: wanted } : {}),
  };
  const all = only === undefined && code === null && wanted === "";
  const first = rowsPath(status.uuid, filter, SIZE);
  const list = useRows<ImportRow>(first, SIZE, all ? (page) => `${first}&after=${page * SIZE}` : null);
  useFresh(followed, list.replace, list.refresh, all);
  const open = code !== null || wanted !== "";
  const rows = open || only === undefined ? (all ? status.counts.rows : list.known) : status.counts[only];
  const none = rows === 0 || (open && !list.reading && list.rowAt(0) === undefined);
  const columns: readonly Column<ImportRow>[] = [
    { name: "line", title: text.imports.rows.line, numeric: true, share: 9, cell: (row) => count(row.line ?? row.row) },
    {
      name: "email",
      title: text.imports.rows.email,
      heads: true,
      share: 33,
      cell: (row) => (
        <button
          type="button"
          class="cell-button"
          title={row.email}
          aria-label={text.imports.rows.details(row.email)}
          onClick={() => onOpen(row)}
        >
          {row.email || "–"}
        </button>
      ),
    },
    { name: "state", title: text.imports.rows.state, share: 16, cell: (row) => <Badge state={row.class} /> },
    { name: "error", title: text.imports.rows.error, share: 42, cell: (row) => <Said row={row} /> },
  ];
  return (
    <>
      {list.error && <Failed error={list.error} retry={list.refresh} />}
      {none ? (
        <p class="soft">{text.imports.rows.none}</p>
      ) : (
        <VirtualTable
          caption={text.imports.rows.caption}
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

function Said({ row }: { readonly row: ImportRow }) {
  const said =
    row.error?.message ??
    row.closing?.message ??
    (row.duplicate_of === null ? "" : text.imports.rows.duplicateOf(row.duplicate_of));
  return <span title={said}>{said}</span>;
}

/** Changed rows are put in their places; where it is not known which, what is on the screen is read again, at a pace. */
function useFresh(followed: Followed, replace: (row: ImportRow) => boolean, refresh: () => void, all: boolean): void {
  const newest = useRef({ replace, refresh });
  newest.current = { replace, refresh };
  useEffect(() => {
    const pace = new Pace(REFRESH_MS, () => newest.current.refresh());
    const leave = followed.onRows((rows) => {
      if (rows !== null) for (const row of rows) newest.current.replace(row);
      if (rows === null || !all) pace.want();
    });
    return () => {
      leave();
      pace.end();
    };
  }, [followed.onRows, all]);
}
