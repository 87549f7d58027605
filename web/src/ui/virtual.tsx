/** A table of any length, of which only the rows on the screen are drawn. All rows are equally high. */

import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { type Window, windowOf } from "../pure/window";
import { Cells, type Column, Heads, type Order } from "./table";

interface VirtualProps<R> {
  readonly caption: string;
  readonly columns: readonly Column<R>[];
  /** How many rows there are in all. */
  readonly rows: number;
  /** Row number `index` from 0; undefined: not here yet. */
  readonly rowAt: (index: number) => R | undefined;
  /** Rows `first` to before `end` are wanted: fetch what is missing. */
  readonly onWanted: (first: number, end: number) => void;
  readonly order?: Order;
  readonly onOrder?: (order: Order) => void;
  /** Rises when the list begins anew: it is shown from its first row. */
  readonly edition?: string | number;
  readonly id?: string;
}

/** Pixels, as in `.virtual` of tables.css. */
const ROW_WIDE = 44;
const ROW_NARROW = 76;
const HEAD = 46;
const NARROW = window.matchMedia("(max-width: 40rem)");

export function VirtualTable<R>(props: VirtualProps<R>) {
  const { caption, columns, rows, rowAt, onWanted, order, onOrder, edition = 0 } = props;
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const [rowHeight, setRowHeight] = useState(NARROW.matches ? ROW_NARROW : ROW_WIDE);
  const [shown, setShown] = useState<Window>(() => windowOf(rows, rowHeight, 0, 600));

  useEffect(() => {
    const measure = () => setRowHeight(NARROW.matches ? ROW_NARROW : ROW_WIDE);
    NARROW.addEventListener("change", measure);
    return () => NARROW.removeEventListener("change", measure);
  }, []);
  useLayoutEffect(() => {
    if (frame.current !== null) frame.current.scrollTop = 0;
  }, [edition]);
  useLayoutEffect(() => look(), [rows, rowHeight, edition]);
  useEffect(() => onWanted(shown.first, shown.end), [shown.first, shown.end, edition, rows]);

  function look(): void {
    const element = frame.current;
    if (element === null) return;
    const next = windowOf(rows, rowHeight, element.scrollTop, element.clientHeight);
    setShown((old) => (old.first === next.first && old.end === next.end && old.after === next.after ? old : next));
  }

  const indexes = Array.from({ length: shown.end - shown.first }, (_, place) => shown.first + place);
  return (
    <div
      class="table-frame virtual"
      role="region"
      aria-labelledby={id}
      tabIndex={0}
      ref={frame}
      onScroll={look}
      style={{ height: `min(62vh, 44rem, ${rows * rowHeight + HEAD}px)` }}
    >
      <table role="table" id={props.id} aria-rowcount={rows + 1}>
        <caption id={id} class="for-readers">
          {caption}
        </caption>
        <colgroup>
          {columns.map((column) => (
            <col key={column.name} style={{ width: `${column.share ?? 10}%` }} />
          ))}
        </colgroup>
        <Heads columns={columns} order={order} onOrder={onOrder} />
        <tbody role="presentation" aria-hidden="true">
          <tr class="space" style={{ height: `${shown.before}px` }} />
        </tbody>
        <tbody role="rowgroup">
          {indexes.map((index) => {
            const row = rowAt(index);
            return (
              <tr role="row" key={index} aria-rowindex={index + 2} class={row === undefined ? "absent" : undefined}>
                {row === undefined ? (
                  <td role="cell" colSpan={columns.length}>
                    <span class="absent-bar" />
                  </td>
                ) : (
                  <Cells columns={columns} row={row} index={index} />
                )}
              </tr>
            );
          })}
        </tbody>
        <tbody role="presentation" aria-hidden="true">
          <tr class="space" style={{ height: `${shown.after}px` }} />
        </tbody>
      </table>
    </div>
  );
}
