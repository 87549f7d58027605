/** How the page knows what it shows: told by events, by asking, or not at all at the moment. */

import { useNow } from "../app/hooks";
import { clock } from "../pure/numbers";
import { pollAfter } from "../pure/follow";
import { text } from "../text";
import { Tag } from "../ui/badge";
import { Notice } from "../ui/notice";
import type { Followed } from "./use";

interface ConnectionProps {
  readonly followed: Followed;
}

const words = text.imports.connection;

export function ConnectionState({ followed: { connection, status } }: ConnectionProps) {
  if (connection === "lost")
    return (
      <p class="connection" data-connection="lost">
        <Tag tone="bad" icon="cross">
          {words.lost}
        </Tag>
      </p>
    );
  if (connection === "polling") {
    return (
      <p class="connection" id="connection" data-connection="polling">
        <Tag tone="wait" icon="retry">
          {words.polling(pollAfter(status, false))}
        </Tag>{" "}
        <span class="small soft">{words.pollingWhy}</span>
      </p>
    );
  }
  return (
    <p class="connection" id="connection" data-connection={connection}>
      <Tag tone={connection === "live" ? "good" : "calm"} icon={connection === "live" ? "here" : "dots"}>
        {words[connection]}
      </Tag>
    </p>
  );
}

/** While nobody answers: what that means, and since when. */
export function ConnectionLost({ followed: { connection, heard, error } }: ConnectionProps) {
  useNow(5);
  if (connection !== "lost") return null;
  return (
    <Notice tone="wait" urgent id="connection" title={words.lost}>
      <p>
        {words.lostWhy} {heard !== null && words.lostSince(clock(heard))}
      </p>
      {error?.kind === "problem" && <p class="small">{error.sentence}</p>}
    </Notice>
  );
}
