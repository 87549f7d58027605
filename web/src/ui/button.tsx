/** Buttons. While something is being done a button stays where it is, says so, and cannot be pressed again. */

import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icons";

export interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onClick?: (() => void) | undefined;
  /** `main`: the one thing to do here. `danger`: takes something away. `quiet`: beside other things. */
  readonly kind?: "main" | "plain" | "danger" | "quiet";
  readonly type?: "button" | "submit";
  readonly busy?: boolean;
  readonly disabled?: boolean;
  readonly icon?: IconName;
  readonly id?: string;
  /** The name for screen readers, where the text alone does not say it. */
  readonly label?: string;
  readonly controls?: string;
  readonly expanded?: boolean;
}

export function Button(props: ButtonProps) {
  const { children, onClick, kind = "plain", type = "button", busy = false, disabled = false, icon } = props;
  return (
    <button
      type={type}
      id={props.id}
      class={`button ${kind}`}
      disabled={disabled}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      aria-label={props.label}
      aria-controls={props.controls}
      aria-expanded={props.expanded}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.();
      }}
    >
      {busy ? <span class="spinner" aria-hidden="true" /> : icon && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  );
}
