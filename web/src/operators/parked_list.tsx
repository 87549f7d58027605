/** Records one by one: filters, selection, a look at each. */

import { useEffect, useState } from "preact/hooks";
import { get } from "../api/http";
import { useAction } from "../app/hooks";
import type { Listed } from "../course/model";
import { useMore } from "../course/more";
import { said } from "../text/operators";
import { Tag } from "../ui/badge";
import { Button } from "../ui/button";
import { Failed } from "../ui/failed";
import { SelectField } from "../ui/field";
import { Loading } from "../ui/loading";
import { type Column, Table } from "../ui/table";
import { orderable } from "./parked";
import { paths } from "./parked_asking";
import { type Parked, SERVICES, type Service } from "./parked_model";
import type { ParkedWanted } from "./parked_order";
import { ParkedRecord } from "./parked_record";

interface ListProps {
  readonly service: Service;
  /** Empty: of any cause. */
  readonly code: string;
  /** The causes there are in this service. */
  readonly codes: readonly string[];
  readonly edition: number;
  readonly onFilter: (service: Service, code: string) => void;
  readonly onOrder: (wanted: ParkedWanted) => void;
}

const STATES = ["parked", "redriven", "dropped"] as const;
const TONES = { parked: "wait", redriven: "good", dropped: "over" } as const;

export function ParkedList({ service, code, codes, edition, onFilter, onOrder }: ListProps) {
  const [state, setState] = useState<(typeof STATES)[number]>("parked");
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [open, setOpen] = useState<Parked>();
  const list = useMore<Parked>(paths.list(service, state, code));
  const more = useAction(() => list.more((path) => get<Listed<Parked>>(path)));
  useEffect(() => setTicked(new Set()), [service, state, code]);
  useEffect(() => {
    if (edition > 0) list.again();
  }, [edition]);
  const chosen = orderable(list.items ?? [])
    .filter((one) => ticked.has(one.id))
    .map((one) => one.id);
  const order = (action: ParkedWanted["action"]): void =>
    onOrder({
      service,
      action,
      which: { kind: "named", ids: chosen },
      limit: chosen.length,
      done: () => setTicked(new Set()),
    });
  const tick = (id: string, on: boolean): void =>
    setTicked((old) => new Set(on ? [...old, id] : [...old].filter((one) => one !== id)));
  const options = [...new Set([...codes, ...(code ? [code] : [])])];
  return (
    <section id="parked-list" aria-labelledby="parked-list-title">
      <h2 id="parked-list-title" tabIndex={-1}>
        {said.parked.list.title}
      </h2>
      <div class="filters">
        <SelectField
          label={said.parked.list.service}
          value={service}
          options={SERVICES.map((one) => [one, said.parked.services[one]] as const)}
          onChange={(one) => onFilter(SERVICES.find((known) => known === one) ?? "importer", "")}
        />
        <SelectField
          label={said.parked.list.state}
          value={state}
          options={STATES.map((one) => [one, said.parked.list.states[one]] as const)}
          onChange={(one) => setState(STATES.find((known) => known === one) ?? "parked")}
        />
        <SelectField
          label={said.parked.list.code}
          value={code}
          options={[["", said.parked.list.any], ...options.map((one) => [one, one] as const)]}
          onChange={(one) => onFilter(service, one)}
        />
      </div>
      {chosen.length > 0 && (
        <div class="selected some" role="group" aria-label={said.parked.list.select}>
          <strong role="status">{said.parked.list.selected(chosen.length)}</strong>
          <Button icon="retry" onClick={() => order("redrive")}>
            {said.parked.list.redrive}
          </Button>
          <Button onClick={() => order("drop")}>{said.parked.list.drop}</Button>
          <Button kind="quiet" onClick={() => setTicked(new Set())}>
            {said.parked.list.clear}
          </Button>
        </div>
      )}
      {list.error && <Failed error={list.error} retry={list.again} />}
      {list.items === undefined && !list.error && <Loading />}
      {list.items && (
        <Table<Parked>
          id="parked"
          caption={said.parked.list.caption(list.items.length)}
          columns={columnsOf(ticked, tick, setOpen)}
          rows={list.items}
          keyOf={(one) => one.id}
          empty={said.parked.list.none}
        />
      )}
      {more.error && <Failed error={more.error} />}
      {list.next && (
        <Button busy={more.busy} onClick={() => void more.run()}>
          {said.more}
        </Button>
      )}
      {open && <ParkedRecord record={open} onClose={() => setOpen(undefined)} />}
    </section>
  );
}

function columnsOf(
  ticked: ReadonlySet<string>,
  tick: (id: string, on: boolean) => void,
  open: (record: Parked) => void,
): readonly Column<Parked>[] {
  const words = said.parked.list;
  return [
    {
      name: "select",
      title: words.select,
      hideTitle: true,
      cell: ({ id, state }) =>
        state === "parked" && (
          <input
            type="checkbox"
            aria-label={words.selectOne(id)}
            checked={ticked.has(id)}
            onChange={(event) => tick(id, event.currentTarget.checked)}
          />
        ),
    },
    {
      name: "record",
      title: words.record,
      heads: true,
      cell: (one) => (
        <>
          <Button kind="quiet" label={words.open(one.id)} onClick={() => open(one)}>
            {one.id}
          </Button>
          {one.type && <p class="hint">{one.type}</p>}
        </>
      ),
    },
    { name: "state", title: words.state, cell: (one) => <Tag tone={TONES[one.state]}>{words.states[one.state]}</Tag> },
    {
      name: "why",
      title: words.why,
      cell: (one) => (
        <>
          <p>{one.message}</p>
          {one.reason !== one.message && <p class="hint">{one.reason}</p>}
          <p class="hint">
            <code>{one.code}</code>
          </p>
        </>
      ),
    },
    { name: "since", title: words.since, cell: (one) => words.at(one.parked) },
    { name: "tries", title: words.tries, numeric: true, cell: (one) => one.tries },
  ];
}
