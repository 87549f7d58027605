/** Two sets of tables side by side: the verdict, every table, what differs first, which rules are broken. */

import { count } from "../pure/numbers";
import { said } from "../text/operators";
import { Notice } from "../ui/notice";
import { Table } from "../ui/table";
import type { ComparedTable, Comparison, Difference } from "./replay_model";
import { brokenRules, cellText, keyText, resultOf, tablesToShow, verdictOf } from "./replays";

export function ComparisonView({ comparison }: { readonly comparison: Comparison }) {
  const words = said.replays.table;
  const verdict = verdictOf(comparison);
  const good = verdict.kind === "equal" || verdict.kind === "as-expected";
  return (
    <>
      <h3>{said.replays.comparison}</h3>
      <Notice tone={good ? "good" : "bad"}>
        <p>{sentenceOf(verdict)}</p>
      </Notice>
      {brokenRules(comparison).map((rule) => (
        <Notice key={`${rule.model} ${rule.name}`} tone="bad" title={said.replays.rules(rule.model, rule.broken)}>
          <p>{rule.says}</p>
          <ul>
            {rule.first.map((row, index) => (
              <li key={index}>
                <code>{keyText(row)}</code>
              </li>
            ))}
          </ul>
        </Notice>
      ))}
      <Table<ComparedTable>
        caption={words.caption(comparison.here, comparison.there)}
        columns={[
          { name: "table", title: words.table, heads: true, cell: (one) => <code>{one.table}</code> },
          { name: "model", title: words.model, cell: (one) => one.model ?? "–" },
          { name: "here", title: words.here, numeric: true, cell: (one) => numberOf(one.rows_here) },
          { name: "there", title: words.there, numeric: true, cell: (one) => numberOf(one.rows_there) },
          { name: "result", title: words.result, cell: (one) => <Result table={one} /> },
        ]}
        rows={tablesToShow(comparison)}
        keyOf={(one) => one.table}
      />
      {comparison.tables
        .filter((one) => one.first.length > 0)
        .map((one) => (
          <Differences key={one.table} table={one} />
        ))}
    </>
  );
}

function Result({ table }: { readonly table: ComparedTable }) {
  const columns = [...table.only_here, ...table.only_there, ...table.retyped];
  return (
    <>
      {wordOf(table)}
      {!table.equal && table.expected && <span class="hint"> ({said.replays.table.expected})</span>}
      {columns.length > 0 && (
        <p class="hint">
          <code>{columns.join(", ")}</code>
        </p>
      )}
    </>
  );
}

function Differences({ table }: { readonly table: ComparedTable }) {
  const words = said.replays.differences;
  const lines = table.first.flatMap((row) =>
    row.cells.length > 0
      ? row.cells.map((cell) => ({ row, ...cell }))
      : [{ row, column: words.only[row.where], here: null, there: null }],
  );
  return (
    <>
      <Table<(typeof lines)[number]>
        caption={words.title(table.table)}
        columns={[
          { name: "key", title: words.key, heads: true, cell: ({ row }) => <code>{keyText(row.key)}</code> },
          { name: "column", title: words.column, cell: (line) => line.column },
          { name: "here", title: words.here, cell: (line) => <Value row={line.row} value={line.here} /> },
          { name: "there", title: words.there, cell: (line) => <Value row={line.row} value={line.there} /> },
        ]}
        rows={lines}
        keyOf={(line) => `${keyText(line.row.key)} ${line.column}`}
      />
      <p class="hint">{words.personal}</p>
    </>
  );
}

function Value({ row, value }: { readonly row: Difference; readonly value: string | null }) {
  return row.cells.length === 0 ? null : <code>{cellText(value)}</code>;
}

function wordOf(table: ComparedTable): string {
  const words = said.replays.table;
  const result = resultOf(table);
  switch (result.kind) {
    case "equal":
      return words.equal;
    case "only":
      return words.only[result.where];
    case "not-paired":
      return words.notPaired;
    case "columns":
      return words.columns;
    case "rows":
      return words.rows(result.rows);
  }
}

function sentenceOf(verdict: ReturnType<typeof verdictOf>): string {
  const words = said.replays.verdicts;
  switch (verdict.kind) {
    case "equal":
      return words.equal(verdict.tables);
    case "as-expected":
      return words.expected(verdict.models.join(", "));
    case "rules-broken":
      return words.rules(verdict.rules);
    case "different":
      return words.different(verdict.tables);
  }
}

function numberOf(rows: number | null): string {
  return rows === null ? "–" : count(rows);
}
