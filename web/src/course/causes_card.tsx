/** Why accounts failed, by cause, with what to do and a Retry for each. */

import { count } from "../pure/numbers";
import { said } from "../text/course";
import { Button } from "../ui/button";
import { Table } from "../ui/table";
import type { Cause } from "./causes";

interface CausesProps {
  readonly causes: readonly Cause[];
  readonly onShow: (code: string) => void;
  /** Null: all of them. */
  readonly onRetry: (code: string | null) => void;
}

export function Causes({ causes, onShow, onRetry }: CausesProps) {
  const failed = causes.reduce((sum, cause) => sum + cause.count, 0);
  return (
    <section class="card" aria-labelledby="causes-title">
      <div class="view-head">
        <h2 id="causes-title">{said.causes.title(failed)}</h2>
        <Button icon="retry" onClick={() => onRetry(null)}>
          {said.causes.all(failed)}
        </Button>
      </div>
      <Table<Cause>
        id="course-causes"
        caption={said.causes.caption}
        hideCaption
        columns={[
          { name: "number", title: said.causes.number, numeric: true, cell: (cause) => count(cause.count) },
          {
            name: "why",
            title: said.causes.why,
            heads: true,
            cell: (cause) => (
              <>
                <p>{cause.message ?? cause.code}</p>
                {cause.hint && <p class="hint">{cause.hint}</p>}
                <p class="hint">
                  <code>{cause.code}</code>
                </p>
              </>
            ),
          },
          {
            name: "actions",
            title: said.table.actions,
            cell: (cause) => (
              <div class="row-actions">
                <Button
                  icon="retry"
                  label={said.causes.retryOf(cause.count, cause.code)}
                  onClick={() => onRetry(cause.code)}
                >
                  {said.causes.retry(cause.count)}
                </Button>
                <Button kind="quiet" label={said.causes.showOf(cause.code)} onClick={() => onShow(cause.code)}>
                  {said.causes.show}
                </Button>
              </div>
            ),
          },
        ]}
        rows={causes}
        keyOf={(cause) => cause.code}
      />
    </section>
  );
}
