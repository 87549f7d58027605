/** What a replay comes to, and what may be done with it. Pure. */

import {
  COMMANDS,
  type Command,
  type ComparedTable,
  type Comparison,
  type Invariant,
  type Replay,
} from "./replay_model";

/** Whether somebody works on it, or is going to. */
export function isWorking(replay: Replay): boolean {
  return replay.state === "queued" || replay.state === "building" || replay.state === "comparing";
}

/** How much of the log is read, from 0 to 1; null while nobody knows how much there is. */
export function fractionRead(replay: Replay): number | null {
  if (replay.total <= 0) return null;
  return Math.min(1, replay.done / replay.total);
}

/** What may be done now, in the order in which it is offered; commands of a newer server are left out. */
export function offeredCommands(replay: Replay): readonly Command[] {
  return COMMANDS.filter((command) => replay.commands.includes(command));
}

/** A swap to a set that says something else has to be wanted expressly. */
export function needsAcceptance(replay: Replay): boolean {
  return replay.equal !== true;
}

/** How a comparison came out. */
export type Verdict =
  | { readonly kind: "equal"; readonly tables: number }
  /** Only tables of changed models differ, and every rule holds. */
  | { readonly kind: "as-expected"; readonly models: readonly string[] }
  | { readonly kind: "rules-broken"; readonly rules: number }
  | { readonly kind: "different"; readonly tables: number };

/** How a comparison came out. */
export function verdictOf(comparison: Comparison): Verdict {
  const broken = brokenRules(comparison);
  if (comparison.equal && broken.length === 0) return { kind: "equal", tables: comparison.tables.length };
  if (comparison.sound) return { kind: "as-expected", models: comparison.changed.map((one) => one.model) };
  if (comparison.equal) return { kind: "rules-broken", rules: broken.length };
  return { kind: "different", tables: comparison.tables.filter((one) => !one.equal).length };
}

/** The rules that rows of the new set break. */
export function brokenRules(comparison: Comparison): readonly Invariant[] {
  return comparison.invariants.filter((rule) => rule.broken > 0);
}

/** How one table came out. */
export type TableResult =
  | { readonly kind: "equal" }
  | { readonly kind: "only"; readonly where: "here" | "there" }
  | { readonly kind: "not-paired" }
  | { readonly kind: "columns" }
  | { readonly kind: "rows"; readonly rows: number };

/** How one table came out. */
export function resultOf(table: ComparedTable): TableResult {
  if (table.equal) return { kind: "equal" };
  if (table.rows_here === null) return { kind: "only", where: "there" };
  if (table.rows_there === null) return { kind: "only", where: "here" };
  if (table.differing === null) return { kind: "not-paired" };
  return table.differing === 0 ? { kind: "columns" } : { kind: "rows", rows: table.differing };
}

/** The tables, those that should not differ and do first, equal ones last. */
export function tablesToShow(comparison: Comparison): readonly ComparedTable[] {
  const rank = (table: ComparedTable): number => (table.equal ? 2 : table.expected ? 1 : 0);
  return [...comparison.tables].sort((one, other) => rank(one) - rank(other) || one.table.localeCompare(other.table));
}

/** A key of a row as text. */
export function keyText(key: Readonly<Record<string, number | string | null>>): string {
  return Object.entries(key)
    .map(([name, value]) => `${name} ${value ?? "–"}`)
    .join(", ");
}

/** A cell as text; what could be taken for something else is quoted. */
export function cellText(value: string | null): string {
  if (value === null) return "NULL";
  const plain = value !== "" && value !== "NULL" && value === value.trim() && !value.includes('"');
  return plain ? value : JSON.stringify(value);
}
