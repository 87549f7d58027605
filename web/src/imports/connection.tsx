/** How the page knows what it shows: told by events, by asking, or not at all at the moment. */

import { useNow } from "../app/hooks";
import { clock } from "../pure/numbers";
import { pollAfter } from "../pure/follow";
import { text } from "../text";
import { Tag } from "../ui/badge";
import { Notice } from "../ui/notice";
import type { Followed } from "./use";

export function ConnectionState({ followed }: { readonly followed: Followed }) {
  const { connection, status, heard, error } = followed;
  useNow(5);
  const words = text.imports.connection;
  if (connection === "lost") {
    return (
      <Notice tone="wait" urgent id="connection" title={words.lost}>
        <p>{words.lostWhy} {heard !== null && words.lostSince(clock(heard))}</p>
        {error?.kind === "problem" && <p class="small">{error.sentence}</p>}
      </Notice>
    );
  }
  return (
    <p class="connection" id="connection" data-connection={connection}>
      {connection === "polling" ? (
        <>
          <Tag tone="wait" icon="retry">{words.polling(pollAfter(status, false))}</Tag> <span class="small soft">{words.pollingWhy}</span>
        </>
      ) : (
        <Tag tone={connection === "live" ? "good" : "calm"} icon={connection === "live" ? "here" : "dots"}>{words[connection]}</Tag>
      )}
    </p>
  );
}
