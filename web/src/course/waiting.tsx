/** That accounts wait for the account service: since when, why, and when the next try is. */

import { useNow } from "../app/hooks";
import { said } from "../text/course";
import { Notice } from "../ui/notice";
import type { Held } from "./news";

export function WaitingNotice({ held }: { readonly held: Held }) {
  useNow(30);
  const { wait, rows } = held;
  return (
    <Notice tone="wait" title={said.waiting.title(rows)} id="course-waiting">
      <p>
        {[
          wait.reason ?? "",
          wait.since === null ? "" : said.waiting.since(wait.since),
          wait.next_attempt === null ? "" : said.waiting.next(wait.next_attempt),
        ]
          .filter(Boolean)
          .join(" ")}
      </p>
      <p>{said.waiting.byItself}</p>
    </Notice>
  );
}
