/** A dialog over the page: the browser keeps the focus in it, Escape closes it, and focus goes back afterwards. */

import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { text } from "../text";
import { Button } from "./button";
import { Failed } from "./failed";
import type { ApiError } from "../api/problem";

interface DialogProps {
  readonly title: string;
  readonly children: ComponentChildren;
  /** Null: it cannot be closed, only answered. */
  readonly onClose: (() => void) | null;
  readonly wide?: boolean;
  /** Whether a button beside the title closes it, too. */
  readonly dismiss?: boolean;
}

export function Dialog({ title, children, onClose, wide = false, dismiss = true }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    if (element !== null && !element.open) element.showModal();
    return () => {
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
      else document.getElementById("main")?.focus({ preventScroll: true });
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class={wide ? "wide" : undefined}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape" && onClose === null) event.preventDefault();
      }}
    >
      <div class="dialog-head">
        <h2 id={id}>{title}</h2>
        {onClose && dismiss && (
          <Button kind="quiet" icon="cross" label={text.close} onClick={onClose}>
            {text.close}
          </Button>
        )}
      </div>
      <div class="dialog-body">{children}</div>
    </dialog>
  );
}

interface ConfirmProps {
  readonly title: string;
  readonly children: ComponentChildren;
  /** What the button says: the deed, with its number. */
  readonly deed: string;
  readonly danger?: boolean;
  readonly busy?: boolean;
  readonly ready?: boolean;
  readonly error?: ApiError | undefined;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before something is done. */
export function Confirm(props: ConfirmProps) {
  const { title, children, deed, danger = false, busy = false, ready = true, error, onConfirm, onClose } = props;
  return (
    <Dialog title={title} onClose={onClose} dismiss={false}>
      {children}
      {error && <Failed error={error} />}
      <div class="actions">
        <Button kind={danger ? "danger" : "main"} busy={busy} disabled={!ready} onClick={onConfirm}>
          {deed}
        </Button>
        <Button onClick={onClose}>{text.back}</Button>
      </div>
    </Dialog>
  );
}
