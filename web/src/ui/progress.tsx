/** Parts of a whole as one bar. The same numbers stand below it in words, so the bar itself is only a picture. */

import { count, percent } from "../pure/numbers";
import { type State, SHOWN } from "./badge";
import { Icon } from "./icons";
import { text } from "../text";

export interface Part {
  readonly state: State;
  readonly number: number;
  /** Another name than the usual one. */
  readonly name?: string;
}

interface BarProps {
  readonly parts: readonly Part[];
  readonly label: string;
  /** Show parts of 0, too. */
  readonly all?: boolean;
  readonly id?: string;
}

export function StackedBar({ parts, label, all = false, id }: BarProps) {
  const whole = parts.reduce((sum, part) => sum + part.number, 0);
  const shown = parts.filter((part) => part.number > 0);
  const legend = all ? parts : shown;
  return (
    <figure class="stacked" id={id}>
      <div class="bar" aria-hidden="true">
        {shown.map((part) => (
          <div
            key={part.state}
            class={`bar-part ${SHOWN[part.state].tone} ${part.state}`}
            style={{ flexGrow: String(part.number) }}
            title={`${nameOf(part)}: ${count(part.number)} (${percent(part.number, whole)})`}
          />
        ))}
      </div>
      <figcaption class="for-readers">{label}</figcaption>
      <ul class="legend">
        {legend.map((part) => (
          <li key={part.state} data-state={part.state} data-count={part.number}>
            <span class={`sign ${SHOWN[part.state].tone}`}>
              <Icon name={SHOWN[part.state].icon} />
            </span>
            <span class="legend-number">{count(part.number)}</span> <span class="legend-name">{nameOf(part)}</span>
          </li>
        ))}
      </ul>
    </figure>
  );
}

/** How far something is, as one share. */
export function Progress({ done, of, label }: { readonly done: number; readonly of: number; readonly label: string }) {
  return (
    <progress value={Math.min(done, of)} max={Math.max(of, 1)} aria-label={label}>
      {percent(done, of)}
    </progress>
  );
}

function nameOf(part: Part): string {
  return part.name ?? text.states[part.state];
}
