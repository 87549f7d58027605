/** Asking the server: errors are values, waits are bounded, what only reads is asked again by itself. */

import { type ApiError, noAnswer, passing, problemOf } from "./problem";
import { signedOut } from "./credential";

export type Answer<T> =
  | { readonly ok: true; readonly value: T; readonly status: number; readonly headers: Headers }
  | { readonly ok: false; readonly error: ApiError };

export interface Options {
  /** Ends the question; the answer is then the error `STOPPED`. */
  readonly signal?: AbortSignal | undefined;
  /** Seconds for one attempt. */
  readonly within?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface WriteOptions extends Options {
  /** The same key again is the same wish, done once. Each POST has one: its own, if you give none. */
  readonly key?: string;
}

type Query = Readonly<Record<string, string | number | boolean | readonly string[] | null | undefined>>;

const READ_WITHIN_S = 15;
const WRITE_WITHIN_S = 30;
const PAUSES_S = [0.4, 1.5];
const LONGEST_PAUSE_S = 5;

/** A path with its query; what is null or empty is left out. */
export function address(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === "" || value === false) continue;
    for (const one of Array.isArray(value) ? value : [value]) parameters.append(name, String(one));
  }
  const said = parameters.toString();
  return said ? `${path}?${said}` : path;
}

/** Read; asked again twice while nobody answers. */
export async function get<T>(path: string, options: Options = {}): Promise<Answer<T>> {
  for (const pause of PAUSES_S) {
    const answer = await once<T>("GET", path, undefined, options);
    if (answer.ok || !passing(answer.error) || options.signal?.aborted) return answer;
    await rest(Math.min(answer.error.retryAfter ?? pause, LONGEST_PAUSE_S), options.signal);
  }
  return once<T>("GET", path, undefined, options);
}

/** Only the headers of what `get` would answer. */
export function head(path: string, options: Options = {}): Promise<Answer<null>> {
  return once<null>("HEAD", path, undefined, options);
}

export function post<T>(path: string, body?: unknown, options: WriteOptions = {}): Promise<Answer<T>> {
  const headers = { "Idempotency-Key": options.key ?? newKey(), ...options.headers };
  return once<T>("POST", path, body, { within: WRITE_WITHIN_S, ...options, headers });
}

export function patch<T>(path: string, body: unknown, options: Options = {}): Promise<Answer<T>> {
  return once<T>("PATCH", path, body, { within: WRITE_WITHIN_S, ...options });
}

export function put<T>(path: string, body: unknown, options: Options = {}): Promise<Answer<T>> {
  return once<T>("PUT", path, body, { within: WRITE_WITHIN_S, ...options });
}

export function remove<T>(path: string, options: Options = {}): Promise<Answer<T>> {
  return once<T>("DELETE", path, undefined, { within: WRITE_WITHIN_S, ...options });
}

/** A new key for one wish of a person. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function once<T>(method: string, path: string, body: unknown, options: Options): Promise<Answer<T>> {
  const late = AbortSignal.timeout((options.within ?? READ_WITHIN_S) * 1000);
  const signal = options.signal ? AbortSignal.any([options.signal, late]) : late;
  const headers = {
    Accept: "application/json",
    ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    ...options.headers,
  };
  try {
    const response = await fetch(path, {
      method,
      headers,
      signal,
      cache: "no-store",
      credentials: "same-origin",
      redirect: "error",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const value: unknown = method === "HEAD" || response.status === 204 ? null : await jsonOf(response);
    if (response.ok || response.status === 304) {
      return { ok: true, value: value as T, status: response.status, headers: response.headers };
    }
    if (response.status === 401) signedOut();
    return { ok: false, error: problemOf(response.status, value, response.headers) };
  } catch {
    const kind = options.signal?.aborted ? "stopped" : late.aborted ? "late" : "away";
    return { ok: false, error: noAnswer(kind) };
  }
}

async function jsonOf(response: Response): Promise<unknown> {
  const said = await response.text();
  try {
    return said === "" ? null : JSON.parse(said);
  } catch {
    return null;
  }
}

/** Wait some seconds, less if the signal ends it. */
export function rest(seconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(finish, seconds * 1000);
    function finish(): void {
      clearTimeout(timer);
      signal?.removeEventListener("abort", finish);
      done();
    }
    if (signal?.aborted) finish();
    else signal?.addEventListener("abort", finish);
  });
}
