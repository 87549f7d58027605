/** Step 1: a file by dropping or choosing it, or a list that is pasted. What may be sent is said beforehand. */

import { useEffect, useRef, useState } from "preact/hooks";
import { remember } from "../app/drafts";
import { useGet } from "../app/hooks";
import { beforeLeaving, go } from "../app/router";
import { paths } from "../app/routes";
import { type Limits, limitsPath } from "../api/drafts";
import type { ApiError } from "../api/problem";
import { type Content, type Sending, upload } from "../api/upload";
import { percent, size } from "../pure/numbers";
import { text } from "../text";
import { Button } from "../ui/button";
import { Failed } from "../ui/failed";
import { tell } from "../ui/live";
import { Progress } from "../ui/progress";
import { LimitsText } from "./limits";
import { DropZone } from "./drop";
import { Paste } from "./paste";

interface Under {
  readonly content: Content;
  readonly sent: number;
  readonly of: number;
}

export function Upload({ course }: { readonly course: string }) {
  const limits = useGet<Limits>(limitsPath);
  const [under, setUnder] = useState<Under>();
  const [failed, setFailed] = useState<{ error: ApiError; content: Content }>();
  const [refused, setRefused] = useState<string>();
  const [pasted, setPasted] = useState("");
  const sending = useRef<Sending | undefined>(undefined);

  useEffect(() => {
    const ask = () =>
      sending.current !== undefined ? text.add.leaveUpload : pasted.trim() ? text.add.leavePaste : null;
    beforeLeaving.add(ask);
    return () => void beforeLeaving.delete(ask);
  }, [pasted]);
  useEffect(() => () => sending.current?.stop(), []);

  function choose(files: readonly File[]): void {
    const [file, another] = files;
    const most = limits.value?.bytes;
    setFailed(undefined);
    if (file === undefined) return;
    if (another !== undefined) setRefused(text.add.oneFile);
    else if (file.size === 0) setRefused(text.add.emptyFile(file.name));
    else if (most !== undefined && file.size > most)
      setRefused(text.add.tooLarge(file.name, size(file.size), size(most)));
    else void send({ file });
  }

  async function send(content: Content): Promise<void> {
    if (sending.current !== undefined) return;
    setRefused(undefined);
    setFailed(undefined);
    setUnder({ content, sent: 0, of: 0 });
    const now = upload(course, content, (sent, of) => setUnder({ content, sent, of }));
    sending.current = now;
    const answer = await now.answer;
    sending.current = undefined;
    setUnder(undefined);
    const draft = answer.ok ? answer.value.uuid : answer.error.more["draft"];
    if (typeof draft === "string") {
      // What cannot be read is a draft, too: its page says why, and how to read it after all.
      remember(draft, course);
      setPasted("");
      beforeLeaving.clear();
      go(paths.draft(course, draft));
    } else if (!answer.ok && answer.error.kind !== "stopped") setFailed({ error: answer.error, content });
    else tell(text.add.uploadStopped, { now: true });
  }

  if (under !== undefined) return <Sent under={under} onStop={() => sending.current?.stop()} />;
  return (
    <div class="upload">
      {refused && (
        <p class="notice bad" role="alert">
          {refused}
        </p>
      )}
      {failed && <Failed error={failed.error} title={text.add.uploadFailed} retry={() => void send(failed.content)} />}
      <DropZone onFiles={choose} />
      <Paste value={pasted} onInput={setPasted} onSend={() => void send({ text: pasted })} />
      <LimitsText limits={limits.value} />
    </div>
  );
}

function Sent({ under, onStop }: { readonly under: Under; readonly onStop: () => void }) {
  const { content, sent, of } = under;
  const name = "file" in content ? content.file.name : text.add.pastedList;
  const all = of > 0 && sent >= of;
  return (
    <section class="card" aria-busy="true">
      <h2>{all ? text.add.reading(name) : text.add.uploading(name)}</h2>
      <Progress done={sent} of={of} label={text.add.uploading(name)} />
      <p role="status">{all ? text.add.readingWhy : text.add.sent(size(sent), size(of), percent(sent, of))}</p>
      <div class="actions">
        <Button icon="cross" onClick={onStop}>
          {text.add.stopUpload}
        </Button>
      </div>
    </section>
  );
}
