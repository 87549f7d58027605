/** A state in words, in colour and by a shape: nobody needs the colour to tell. */

import { text } from "../text";
import { Icon, type IconName } from "./icons";

/** Classes of rows, states of accounts and imports, verdicts of a preview. */
export type State = keyof typeof SHOWN;

export type Tone = "good" | "bad" | "wait" | "calm" | "info" | "odd" | "over";

export const SHOWN = {
  created: { tone: "good", icon: "check" },
  failed: { tone: "bad", icon: "cross" },
  waiting: { tone: "wait", icon: "clock" },
  pending: { tone: "calm", icon: "dots" },
  cancelled: { tone: "over", icon: "barred" },
  closed: { tone: "over", icon: "closed" },
  existing: { tone: "info", icon: "here" },
  duplicate: { tone: "odd", icon: "twice" },
  invalid: { tone: "bad", icon: "mark" },
  // states of accounts
  OK: { tone: "good", icon: "check" },
  Pending: { tone: "calm", icon: "dots" },
  Erred: { tone: "bad", icon: "cross" },
  Closed: { tone: "over", icon: "closed" },
  // verdicts
  new: { tone: "good", icon: "plus" },
  existing_ok: { tone: "info", icon: "here" },
  existing_pending: { tone: "info", icon: "dots" },
  existing_erred: { tone: "wait", icon: "retry" },
  existing_closed: { tone: "wait", icon: "closed" },
  // states of imports
  running: { tone: "info", icon: "dots" },
  finished: { tone: "good", icon: "check" },
  cancelling: { tone: "wait", icon: "barred" },
  undoing: { tone: "wait", icon: "retry" },
  undone: { tone: "over", icon: "closed" },
} as const satisfies Record<string, { tone: Tone; icon: IconName }>;

interface BadgeProps {
  readonly state: State;
  /** Another word than the usual one. */
  readonly children?: string;
}

export function Badge({ state, children }: BadgeProps) {
  const { tone, icon } = SHOWN[state];
  return (
    <span class={`badge ${tone}`} data-state={state}>
      <Icon name={icon} />
      {children ?? text.states[state]}
    </span>
  );
}

/** A badge of no listed state. */
export function Tag({
  tone,
  icon,
  children,
}: {
  readonly tone: Tone;
  readonly icon?: IconName;
  readonly children: string;
}) {
  return (
    <span class={`badge ${tone}`}>
      {icon && <Icon name={icon} />}
      {children}
    </span>
  );
}
