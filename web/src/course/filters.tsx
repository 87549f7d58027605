/** Which accounts are shown: search, states, problem. */

import { useEffect, useState } from "preact/hooks";
import { useSettled } from "../app/hooks";
import { said } from "../text/course";
import { Button } from "../ui/button";
import { SelectField, TextField } from "../ui/field";
import { Icon } from "../ui/icons";
import { paths } from "./asking";
import type { Cause } from "./causes";
import { SORTABLE, STATES, type State, type View, isNarrowed } from "./view";

interface FiltersProps {
  readonly view: View;
  readonly causes: readonly Cause[];
  readonly onChange: (change: Partial<View>) => void;
}

export function Filters({ view, causes, onChange }: FiltersProps) {
  const [search, setSearch] = useState(view.search);
  const settled = useSettled(search, 350);
  useEffect(() => {
    if (settled !== view.search) onChange({ search: settled, page: 1 });
  }, [settled]);
  return (
    <form
      class="filters"
      role="search"
      aria-label={said.filters.label}
      onSubmit={(event) => {
        event.preventDefault();
        onChange({ search, page: 1 });
      }}
    >
      <TextField
        label={said.filters.search}
        type="search"
        name="q"
        autoComplete="off"
        maxLength={320}
        value={search}
        onInput={setSearch}
      />
      <States states={view.states} onChange={(chosen) => onChange({ states: chosen, problem: null, page: 1 })} />
      {(causes.length > 0 || view.problem !== null) && (
        <SelectField
          label={said.filters.problem}
          value={view.problem ?? ""}
          options={problems(causes, view.problem)}
          onChange={(code) => onChange({ problem: code || null, states: [], page: 1 })}
        />
      )}
      <div class="narrow-only">
        <SelectField
          label={said.table.order}
          value={`${view.descending ? "-" : ""}${view.order}`}
          options={SORTABLE.flatMap((name) => [
            [name, said.table.orders[name]] as const,
            [`-${name}`, said.table.reversed(said.table.orders[name])] as const,
          ])}
          onChange={(order) => {
            const column = SORTABLE.find((name) => name === order.replace(/^-/, ""));
            if (column) onChange({ order: column, descending: order.startsWith("-"), page: 1 });
          }}
        />
      </div>
      {isNarrowed(view) && (
        <div class="filters-end">
          <Button
            kind="quiet"
            onClick={() => {
              setSearch("");
              onChange({ search: "", states: [], problem: null, page: 1 });
            }}
          >
            {said.filters.clear}
          </Button>
        </div>
      )}
    </form>
  );
}

/** All accounts in the states chosen, as a file. */
export function FileLink({ course, view }: { readonly course: string; readonly view: View }) {
  const states = view.problem === null ? view.states : (["Erred"] as const);
  const words = states.map((state) => said.counts.states[state]).join(", ");
  return (
    <a
      class="button quiet file-link"
      href={paths.file(view, course)}
      download="accounts.csv"
      title={said.filters.fileHint}
    >
      <Icon name="down" />
      {words ? said.filters.fileOf(words) : said.filters.file}
    </a>
  );
}

interface StatesProps {
  readonly states: readonly State[];
  readonly onChange: (states: readonly State[]) => void;
}

function States({ states, onChange }: StatesProps) {
  return (
    <fieldset class="chips">
      <legend>{said.filters.states}</legend>
      {STATES.map((state) => (
        <label key={state} class="chip">
          <input
            type="checkbox"
            checked={states.includes(state)}
            onChange={(event) =>
              onChange(STATES.filter((one) => (one === state ? event.currentTarget.checked : states.includes(one))))
            }
          />
          <span>{said.counts.states[state]}</span>
        </label>
      ))}
    </fieldset>
  );
}

function problems(causes: readonly Cause[], chosen: string | null): readonly (readonly [string, string])[] {
  const known = causes.map(({ code, count, message }) => [code, said.filters.cause(message ?? code, count)] as const);
  const missing = chosen !== null && !causes.some((one) => one.code === chosen);
  return [["", said.filters.anyProblem], ...known, ...(missing ? [[chosen, chosen] as const] : [])];
}
