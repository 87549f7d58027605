/** The accounts of a course: filters, what is selected, the table, its pages. */

import { useCallback, useEffect, useState } from "preact/hooks";
import { useAction } from "../app/hooks";
import { count } from "../pure/numbers";
import { said } from "../text/course";
import { Failed } from "../ui/failed";
import { SelectField } from "../ui/field";
import { tell } from "../ui/live";
import { Loading } from "../ui/loading";
import { Notice } from "../ui/notice";
import { Pager } from "../ui/pager";
import { Table } from "../ui/table";
import { askIds, retryAccount } from "./asking";
import type { Cause } from "./causes";
import { CloseOne } from "./close_one";
import { columnsOf, idOfRow } from "./columns";
import { FileLink, Filters } from "./filters";
import { type Followed, useAccounts } from "./hooks";
import type { Account } from "./model";
import type { Held } from "./news";
import { type OrderWanted } from "./order";
import { Selected } from "./selected";
import { type Action, NOBODY, type Selection, isTicked, pageTicked, planFor, ticked } from "./selection";
import { PAGE_SIZES, SORTABLE, type View, filtersOf, isNarrowed, pagesOf, rangeOf } from "./view";

interface AccountsProps {
  readonly course: string;
  readonly view: View;
  readonly followed: Followed;
  readonly held: Held | null;
  readonly causes: readonly Cause[];
  readonly mayWrite: boolean;
  readonly onView: (change: Partial<View>) => void;
  readonly onOrder: (wanted: OrderWanted) => void;
  readonly onOpen: (account: Account) => void;
}

const MOVING = new Set(["queued", "retry_scheduled", "closing"]);

export function Accounts(props: AccountsProps) {
  const { course, view, followed, held, causes, mayWrite, onView, onOrder, onOpen } = props;
  const { value, error, loading, again } = useAccounts(course, view, followed.edition);
  const [selection, setSelection] = useState<Selection>(NOBODY);
  const [tooMany, setTooMany] = useState<number>();
  const [closing, setClosing] = useState<Account>();
  const [done, setDone] = useState<Account>();
  const retry = useAction((key, uuid: string) => retryAccount(uuid, key));
  const accounts = value?.accounts ?? [];
  const matching = value?.count ?? 0;
  const onPage = accounts.map((account) => account.uuid);
  const filters = filtersOf(view, course).toString();

  useEffect(() => setSelection((old) => (old.kind === "all" ? NOBODY : old)), [filters]);
  useEffect(() => {
    if (accounts.some((account) => MOVING.has(account.phase ?? ""))) followed.soon();
  }, [value]);
  useEffect(() => {
    if (value !== undefined && !loading) tell(said.table.news(value.count));
  }, [filters, value?.count]);
  useEffect(() => {
    if (done !== undefined) focusRow(done);
  }, [done]);
  useEffect(() => {
    const focused = document.activeElement;
    if (done === undefined || focused?.id === idOfRow(done.uuid)) return;
    if (focused === document.body) focusRow(done); // the list has left it out
    setDone(undefined);
  }, [value]);
  useEffect(() => {
    if (error?.status === 404 && view.page > 1) onView({ page: 1 });
  }, [error]);

  const change = useCallback(
    (part: Partial<View>) => {
      setTooMany(undefined);
      onView(part);
    },
    [onView],
  );

  function act(action: Action): void {
    const plan = planFor(action, selection, view, course, matching);
    setTooMany(plan.kind === "too-many" ? plan.most : undefined);
    if (plan.kind === "order") onOrder({ action, order: plan.order, done: () => setSelection(NOBODY) });
    if (plan.kind === "name-them") {
      const named = async () => {
        const answer = await askIds(view, course);
        return answer.ok ? { ...answer, value: { action, accounts: answer.value } } : answer;
      };
      onOrder({ action, order: named, done: () => setSelection(NOBODY) });
    }
  }

  function begun(account: Account, sentence: string): void {
    tell(sentence, { now: true });
    setDone({ ...account });
    followed.hurry();
  }

  const columns = columnsOf({
    held,
    mayWrite,
    isTicked: (uuid) => isTicked(selection, uuid),
    onTick: (uuid, on) => setSelection((old) => ticked(old, uuid, on, onPage)),
    onOpen,
    onRetry: (account) =>
      void retry.run(account.uuid).then((answer) => answer?.ok && begun(account, said.table.retried(account.email))),
    onClose: setClosing,
  });
  const range = rangeOf(view, matching);
  return (
    <>
      <Filters view={view} causes={causes} onChange={change} />
      <div class="above-table">
        {mayWrite && (
          <Selected
            selection={selection}
            onPage={onPage}
            matching={matching}
            onPageTick={(on) => setSelection((old) => pageTicked(old, onPage, on))}
            onAll={() => setSelection({ kind: "all" })}
            onNone={() => setSelection(NOBODY)}
            onAction={act}
          />
        )}
        <FileLink course={course} view={view} />
      </div>
      {tooMany !== undefined && (
        <Notice tone="wait" urgent>
          <p>{said.selection.tooMany(tooMany)}</p>
        </Notice>
      )}
      {retry.error && <Failed error={retry.error} />}
      {error && error.status !== 404 && <Failed error={error} retry={again} />}
      {value === undefined && error === undefined && <Loading />}
      {value !== undefined && (
        <Table<Account>
          id="accounts"
          caption={said.table.caption(matching)}
          columns={columns}
          rows={accounts}
          keyOf={(account) => account.uuid}
          order={`${view.descending ? "-" : ""}${view.order}`}
          onOrder={(order) => {
            const column = SORTABLE.find((name) => name === order.replace(/^-/, ""));
            if (column) change({ order: column, descending: order.startsWith("-"), page: 1 });
          }}
          busy={loading}
          empty={isNarrowed(view) ? said.table.noneMatch : said.table.none}
        />
      )}
      <div class="table-foot">
        {range && <p class="soft">{said.table.range(range.first, range.last, matching)}</p>}
        <Pager
          page={view.page}
          pages={pagesOf(view, matching)}
          onPage={(page) => change({ page })}
          label={said.table.pages}
        />
        {matching > PAGE_SIZES[0] && (
          <SelectField
            label={said.table.size}
            value={String(view.size)}
            options={PAGE_SIZES.map((size) => [String(size), count(size)] as const)}
            onChange={(size) => change({ size: Number(size), page: 1 })}
          />
        )}
      </div>
      {closing && (
        <CloseOne
          account={closing}
          onClose={() => setClosing(undefined)}
          onDone={() => {
            setClosing(undefined);
            begun(closing, said.table.closed(closing.email));
          }}
        />
      )}
    </>
  );
}

/** What was pressed vanishes from its row, or takes the row along: whoever goes by keyboard stays there, or in the table. */
function focusRow({ uuid }: Account): void {
  const table = document.getElementById("accounts")?.closest<HTMLElement>(".table-frame");
  (document.getElementById(idOfRow(uuid)) ?? table)?.focus();
}
