/** Something to know, with what can be done about it. */

import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icons";

export interface NoticeProps {
  readonly tone?: "info" | "good" | "wait" | "bad";
  readonly title?: string;
  /** Another sign than the usual one. */
  readonly icon?: IconName;
  readonly children?: ComponentChildren;
  readonly actions?: ComponentChildren;
  /** Told by screen readers as soon as it appears. */
  readonly urgent?: boolean;
  readonly id?: string;
}

const ICONS: Record<NonNullable<NoticeProps["tone"]>, IconName> = {
  info: "info",
  good: "check",
  wait: "mark",
  bad: "mark",
};

export function Notice({ tone = "info", title, children, actions, urgent = false, id, icon }: NoticeProps) {
  return (
    <div class={`notice ${tone}`} id={id} role={urgent ? "alert" : undefined}>
      <span class="notice-sign">
        <Icon name={icon ?? ICONS[tone]} />
      </span>
      <div class="notice-body">
        {title && <p class="notice-title">{title}</p>}
        {children}
        {actions && <div class="actions">{actions}</div>}
      </div>
    </div>
  );
}
