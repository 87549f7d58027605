/**
 * A table with a caption, and columns that can be sorted by. Wide ones scroll sideways by themselves. The roles are said
 * once more, because some browsers forget them where a narrow screen shows rows as blocks.
 */

import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { text } from "../text";
import { Icon } from "./icons";

export interface Column<R> {
  readonly name: string;
  readonly title: string;
  readonly cell: (row: R, index: number) => ComponentChildren;
  readonly numeric?: boolean;
  /** What to order by; without it the column cannot be sorted. */
  readonly order?: string;
  /** Share of the width, in virtual tables. */
  readonly share?: number;
  /** Says in each row what it is about. */
  readonly heads?: boolean;
  readonly hideTitle?: boolean;
}

/** `-name`: the other way round. */
export type Order = string;

interface TableProps<R> {
  readonly caption: string;
  readonly hideCaption?: boolean;
  readonly columns: readonly Column<R>[];
  readonly rows: readonly R[];
  readonly keyOf: (row: R) => string | number;
  readonly order?: Order | undefined;
  readonly onOrder?: (order: Order) => void;
  /** Shown in place of rows when there are none. */
  readonly empty?: ComponentChildren;
  readonly busy?: boolean;
  readonly id?: string;
}

export function Table<R>(props: TableProps<R>) {
  const { caption, hideCaption = false, columns, rows, keyOf, order, onOrder, empty, busy = false } = props;
  const id = useId();
  return (
    <div class="table-frame" role="region" aria-labelledby={id} tabIndex={0}>
      <table role="table" id={props.id} aria-busy={busy || undefined}>
        <caption id={id} class={hideCaption ? "for-readers" : undefined}>
          {caption}
        </caption>
        <Heads columns={columns} order={order} onOrder={onOrder} />
        <tbody role="rowgroup">
          {rows.map((row, index) => (
            <tr role="row" key={keyOf(row)}>
              <Cells columns={columns} row={row} index={index} />
            </tr>
          ))}
          {rows.length === 0 && empty !== undefined && (
            <tr role="row">
              <td role="cell" colSpan={columns.length} class="empty">
                {empty}
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}

interface HeadsProps<R> {
  readonly columns: readonly Column<R>[];
  readonly order?: Order | undefined;
  readonly onOrder?: ((order: Order) => void) | undefined;
}

export function Heads<R>({ columns, order, onOrder }: HeadsProps<R>) {
  return (
    <thead role="rowgroup">
      <tr role="row">
        {columns.map((column) => {
          const sorted = order === column.order ? "ascending" : order === `-${column.order}` ? "descending" : undefined;
          const by = column.order;
          return (
            <th
              key={column.name}
              role="columnheader"
              scope="col"
              class={column.numeric ? "numeric" : undefined}
              aria-sort={by ? (sorted ?? "none") : undefined}
            >
              {by && onOrder ? (
                <button
                  type="button"
                  class="sort"
                  onClick={() => onOrder(sorted === "ascending" ? `-${by}` : by)}
                  title={text.table.sortBy(column.title)}
                >
                  {column.title}
                  <span class={`sort-sign ${sorted ?? "none"}`} aria-hidden="true">
                    <Icon name="arrow" />
                  </span>
                </button>
              ) : (
                <span class={column.hideTitle ? "for-readers" : undefined}>{column.title}</span>
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

interface CellsProps<R> {
  readonly columns: readonly Column<R>[];
  readonly row: R;
  readonly index: number;
}

export function Cells<R>({ columns, row, index }: CellsProps<R>) {
  return (
    <>
      {columns.map((column) =>
        column.heads ? (
          <th key={column.name} role="rowheader" scope="row" data-title={column.title}>
            {column.cell(row, index)}
          </th>
        ) : (
          <td key={column.name} role="cell" data-title={column.title} class={column.numeric ? "numeric" : undefined}>
            {column.cell(row, index)}
          </td>
        ),
      )}
    </>
  );
}
