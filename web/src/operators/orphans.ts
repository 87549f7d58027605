/** The comparison with the account service as it comes in, line by line. Pure. */

import { isObject } from "../api/problem";

/** An account that only one side knows. */
export interface Orphan {
  readonly where: "target" | "ours";
  readonly username: string;
  readonly email: string | null;
  readonly scope: string | null;
  readonly account_uuid: string | null;
}

/** How far the comparison is. `ending`: its last line; without one it broke off. */
export interface Comparing {
  readonly listed: number;
  readonly orphans: readonly Orphan[];
  readonly more: number;
  readonly ending:
    | { readonly kind: "finished"; readonly atTarget: number; readonly ours: number; readonly complete: boolean }
    | { readonly kind: "error"; readonly message: string; readonly hint: string }
    | null;
}

export const NOTHING_YET: Comparing = { listed: 0, orphans: [], more: 0, ending: null };
const MOST_SHOWN = 1_000;

/** The state after one more line; unknown lines change nothing. */
export function withLine(state: Comparing, line: unknown): Comparing {
  if (!isObject(line)) return state;
  switch (line["type"]) {
    case "progress":
      return { ...state, listed: number(line["listed"]) };
    case "orphan":
      if (state.orphans.length >= MOST_SHOWN) return { ...state, more: state.more + 1 };
      return { ...state, orphans: [...state.orphans, orphan(line)] };
    case "finished":
      return {
        ...state,
        listed: number(line["listed"]),
        ending: {
          kind: "finished",
          atTarget: number(line["at_target"]),
          ours: number(line["ours"]),
          complete: line["complete"] === true,
        },
      };
    case "error":
      return {
        ...state,
        ending: { kind: "error", message: text(line["message"]) ?? "", hint: text(line["hint"]) ?? "" },
      };
    default:
      return state;
  }
}

function orphan(line: Record<string, unknown>): Orphan {
  return {
    where: line["where"] === "ours" ? "ours" : "target",
    username: text(line["username"]) ?? "",
    email: text(line["email"]),
    scope: text(line["scope"]),
    account_uuid: text(line["account_uuid"]),
  };
}

function number(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
