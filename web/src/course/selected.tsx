/** What is selected, and what can be done with it. */

import { useEffect, useRef } from "preact/hooks";
import { said } from "../text/course";
import { Button } from "../ui/button";
import type { Action, Selection } from "./selection";
import { pageState, tickedCount } from "./selection";

interface SelectedProps {
  readonly selection: Selection;
  readonly onPage: readonly string[];
  readonly matching: number;
  readonly onPageTick: (on: boolean) => void;
  readonly onAll: () => void;
  readonly onNone: () => void;
  readonly onAction: (action: Action) => void;
}

export function Selected(props: SelectedProps) {
  const { selection, onPage, matching, onPageTick, onAll, onNone, onAction } = props;
  const box = useRef<HTMLInputElement>(null);
  const state = pageState(selection, onPage);
  const number = tickedCount(selection, matching);
  useEffect(() => {
    if (box.current !== null) box.current.indeterminate = state === "some";
  }, [state]);
  return (
    <div class={`selected${number > 0 ? " some" : ""}`} role="group" aria-label={said.selection.label}>
      <label class="chip">
        <input
          ref={box}
          type="checkbox"
          checked={state === "all"}
          disabled={onPage.length === 0}
          onChange={(event) => onPageTick(event.currentTarget.checked)}
        />
        <span>{said.table.selectPage}</span>
      </label>
      {number > 0 && (
        <>
          <strong role="status">
            {selection.kind === "all" ? said.selection.everything(number) : said.selection.number(number)}
          </strong>
          {selection.kind === "some" && matching > onPage.length && (
            <Button kind="quiet" onClick={onAll}>
              {said.selection.all(matching)}
            </Button>
          )}
          <Button icon="retry" onClick={() => onAction("retry")}>
            {said.selection.retry}
          </Button>
          <Button icon="closed" onClick={() => onAction("close")}>
            {said.selection.close}
          </Button>
          <Button kind="quiet" onClick={onNone}>
            {said.selection.clear}
          </Button>
        </>
      )}
    </div>
  );
}
