/** What went wrong, as a value: a problem the server named, or why there was no answer. */

import { text } from "../text";

export interface ApiError {
  /** `problem`: the server said it. `away`: no connection. `late`: no answer in time. `stopped`: we gave up asking. */
  readonly kind: "problem" | "away" | "late" | "stopped";
  /** HTTP's number; 0 without an answer. */
  readonly status: number;
  /** Never changes its meaning: branch on this. */
  readonly code: string;
  /** A sentence for people. */
  readonly sentence: string;
  /** Sentences by field of what was sent. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** All the rest that the server said. */
  readonly more: Readonly<Record<string, unknown>>;
  /** To quote to whoever runs the services. */
  readonly requestId: string | null;
  /** Seconds after which the server asks to be asked again. */
  readonly retryAfter: number | null;
}

/** The error of an answer that is not 2xx. */
export function problemOf(status: number, body: unknown, headers: Headers): ApiError {
  const said = isObject(body) ? body : {};
  const { code, detail, errors, request_id: id, ...more } = said;
  return {
    kind: "problem",
    status,
    code: typeof code === "string" ? code : `HTTP_${status}`,
    sentence: typeof detail === "string" && detail ? detail : text.errors.plain(status),
    fields: fieldsOf(errors),
    more,
    requestId: typeof id === "string" ? id : headers.get("X-Request-ID"),
    retryAfter: seconds(headers.get("Retry-After")),
  };
}

/** The error when nobody answered. */
export function noAnswer(kind: "away" | "late" | "stopped"): ApiError {
  const sentence = { away: text.errors.away, late: text.errors.late, stopped: text.errors.stopped }[kind];
  const code = { away: "NO_CONNECTION", late: "NO_ANSWER", stopped: "STOPPED" }[kind];
  return { kind, status: 0, code, sentence, fields: {}, more: {}, requestId: null, retryAfter: null };
}

/** Whether asking again soon may help: nobody answered, or a service is restarting. */
export function passing(error: ApiError): boolean {
  return error.kind === "away" || error.kind === "late" || [429, 502, 503, 504].includes(error.status);
}

function fieldsOf(errors: unknown): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  if (!isObject(errors)) return fields;
  for (const [name, said] of Object.entries(errors)) {
    fields[name] = (Array.isArray(said) ? said : [said]).map(String);
  }
  return fields;
}

function seconds(header: string | null): number | null {
  const number = header === null ? Number.NaN : Number(header);
  return Number.isFinite(number) && number >= 0 ? number : null;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
