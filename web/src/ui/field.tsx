/** A label with its control, a hint, and what is wrong with it, tied together for screen readers. */

import type { ComponentChildren, ComponentProps, JSX, TargetedEvent } from "preact";
import { useId } from "preact/hooks";

interface FieldProps {
  readonly label: string;
  readonly hint?: ComponentChildren;
  readonly errors?: readonly string[] | undefined;
  readonly hideLabel?: boolean;
  readonly children: (attributes: {
    id: string;
    "aria-describedby": string | undefined;
    "aria-invalid": boolean | undefined;
  }) => JSX.Element;
}

export function Field({ label, hint, errors = [], hideLabel = false, children }: FieldProps) {
  const id = useId();
  const described = [hint ? `${id}-hint` : "", errors.length > 0 ? `${id}-error` : ""].filter(Boolean).join(" ");
  return (
    <div class={`field${errors.length > 0 ? " wrong" : ""}`}>
      <label for={id} class={hideLabel ? "for-readers" : undefined}>
        {label}
      </label>
      {children({
        id,
        "aria-describedby": described || undefined,
        "aria-invalid": errors.length > 0 || undefined,
      })}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {errors.length > 0 && (
        <p class="error" id={`${id}-error`} role="alert">
          {errors.join(" ")}
        </p>
      )}
    </div>
  );
}

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly hint?: ComponentChildren;
  readonly errors?: readonly string[] | undefined;
  readonly type?: "text" | "email" | "search" | "password";
  readonly name?: string;
  readonly required?: boolean;
  readonly rows?: number;
  readonly autoComplete?: string;
  readonly autoFocus?: boolean;
  readonly hideLabel?: boolean;
  readonly maxLength?: number;
  readonly placeholder?: string;
}

export function TextField(props: TextFieldProps) {
  const { label, value, onInput, hint, errors, rows, hideLabel = false } = props;
  const common = {
    name: props.name,
    required: props.required,
    autoComplete: props.autoComplete,
    autoFocus: props.autoFocus,
    maxLength: props.maxLength,
    placeholder: props.placeholder,
    spellcheck: false,
    autoCapitalize: "off" as const,
    value,
    onInput: (event: TargetedEvent<HTMLInputElement | HTMLTextAreaElement>) => onInput(event.currentTarget.value),
  };
  return (
    <Field label={label} hint={hint} errors={errors} hideLabel={hideLabel}>
      {(tied) =>
        rows === undefined ? (
          <input {...({ type: props.type ?? "text", ...tied, ...common } as ComponentProps<"input">)} />
        ) : (
          <textarea rows={rows} {...tied} {...common} />
        )
      }
    </Field>
  );
}

interface SelectFieldProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, shown: string])[];
  readonly onChange: (value: string) => void;
  readonly hint?: ComponentChildren;
  readonly errors?: readonly string[] | undefined;
  readonly hideLabel?: boolean;
}

export function SelectField({ label, value, options, onChange, hint, errors, hideLabel = false }: SelectFieldProps) {
  return (
    <Field label={label} hint={hint} errors={errors} hideLabel={hideLabel}>
      {(tied) => (
        <select {...tied} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          {options.map(([one, shown]) => (
            <option key={one} value={one} selected={one === value}>
              {shown}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface CheckProps {
  readonly label: ComponentChildren;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly hint?: string;
  readonly disabled?: boolean;
}

export function Check({ label, checked, onChange, hint, disabled = false }: CheckProps) {
  const id = useId();
  return (
    <div class="check">
      <input
        type="checkbox"
        id={id}
        checked={checked}
        disabled={disabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <label for={id}>{label}</label>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
