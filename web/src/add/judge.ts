/** One account judged by the rules of a file: a draft with one row, waited for while the readers have others to read. */

import { type Draft, type DraftRow, draftOfOne, draftPath, draftRows } from "../api/drafts";
import { type Answer, get, rest } from "../api/http";
import { noAnswer, problemOf } from "../api/problem";
import { text } from "../text";

export interface Judged {
  readonly draft: Draft;
  readonly row: DraftRow;
}

const notRead: Answer<Judged> = {
  ok: false,
  error: problemOf(503, { code: "STILL_READING", detail: text.add.notReadYet }, new Headers()),
};
const LOOK_AGAIN_S = 0.7;
const LOOKS = 85; // about a minute

export interface Wish {
  readonly key: string;
  readonly signal: AbortSignal;
  /** Waits some seconds, less if the signal ends it. */
  readonly pause?: (seconds: number, signal: AbortSignal) => Promise<void>;
}

/** What becomes of an address. One that nobody gets round to read is an error; the same key then goes on with it. */
export async function judgeOne(
  course: string,
  email: string,
  description: string,
  { key, signal, pause = rest }: Wish,
): Promise<Answer<Judged>> {
  let draft: Answer<Draft> = await draftOfOne(course, email, description, { key, signal });
  for (let look = 0; draft.ok && draft.value.state === "reading"; look++) {
    if (look === LOOKS) return notRead;
    await pause(LOOK_AGAIN_S, signal);
    if (signal.aborted) return { ok: false, error: noAnswer("stopped") };
    draft = await get<Draft>(draftPath(draft.value.uuid), { signal });
  }
  if (!draft.ok) return draft;
  if (draft.value.error) return { ok: false, error: problemOf(422, draft.value.error, new Headers()) };
  const rows = await draftRows(draft.value.uuid, 0, 1, {}, { signal });
  if (!rows.ok) return rows;
  if (signal.aborted) return { ok: false, error: noAnswer("stopped") };
  const row = rows.value.results[0];
  return row === undefined ? notRead : { ...draft, value: { draft: draft.value, row } };
}
