/** Sending a file: with progress, and a way to stop. `fetch` cannot tell how much was sent, so this is the older way. */

import type { Answer } from "./http";
import { newKey } from "./http";
import type { Draft } from "./drafts";
import { noAnswer, problemOf } from "./problem";
import { signedOut } from "./credential";

export type Content = { readonly file: File } | { readonly text: string };

export interface Sending {
  readonly answer: Promise<Answer<Draft>>;
  readonly stop: () => void;
}

/** Milliseconds in which nothing moves, neither way, until we say that nobody answers. */
const SILENT_MS = 90_000;

/** Send a file, or a text that was pasted. `progress`: bytes that were sent, of how many. */
export function upload(project: string, content: Content, progress: (sent: number, of: number) => void): Sending {
  const request = new XMLHttpRequest();
  const form = new FormData();
  form.append("project", project);
  if ("file" in content) form.append("file", content.file, content.file.name);
  else form.append("text", content.text);
  const answer = new Promise<Answer<Draft>>((settle) => {
    let timer = setTimeout(silent, SILENT_MS);
    let late = false;
    function silent(): void {
      late = true;
      request.abort();
    }
    function moved(): void {
      clearTimeout(timer);
      timer = setTimeout(silent, SILENT_MS);
    }
    function failed(kind: "away" | "late" | "stopped"): void {
      clearTimeout(timer);
      settle({ ok: false, error: noAnswer(kind) });
    }
    request.upload.onprogress = (event) => {
      moved();
      progress(event.loaded, event.total);
    };
    request.onprogress = moved;
    request.onerror = () => failed("away");
    request.onabort = () => failed(late ? "late" : "stopped");
    request.onload = () => {
      clearTimeout(timer);
      settle(answerOf(request));
    };
    request.open("POST", "/api/import-drafts/");
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Idempotency-Key", newKey());
    request.send(form);
  });
  return { answer, stop: () => request.abort() };
}

function answerOf(request: XMLHttpRequest): Answer<Draft> {
  const headers = new Headers();
  for (const name of ["X-Request-ID", "Retry-After"]) {
    const value = request.getResponseHeader(name);
    if (value !== null) headers.set(name, value);
  }
  let said: unknown = null;
  try {
    said = JSON.parse(request.responseText);
  } catch {
    said = null;
  }
  if (request.status >= 200 && request.status < 300) {
    return { ok: true, value: said as Draft, status: request.status, headers };
  }
  if (request.status === 401) signedOut();
  return { ok: false, error: problemOf(request.status, said, headers) };
}
