/** Step 2: a draft, as it stands: being read, readable or not, submitted or over. Its address finds it again. */

import { useEffect } from "preact/hooks";
import { forget } from "../app/drafts";
import { useGet } from "../app/hooks";
import { Link, go } from "../app/router";
import { paths } from "../app/routes";
import { type Draft, draftPath } from "../api/drafts";
import { count, percent, size } from "../pure/numbers";
import { text } from "../text";
import { Failed } from "../ui/failed";
import { Loading } from "../ui/loading";
import { Notice } from "../ui/notice";
import { Progress } from "../ui/progress";
import { Preview } from "./preview";
import { Reading } from "./reading";
import { Steps } from "./steps";

const LOOK_AGAIN_MS = 700;

interface DraftProps {
  readonly course: string;
  readonly draft: string;
}

export function DraftView({ course, draft: uuid }: DraftProps) {
  const draft = useGet<Draft>(draftPath(uuid));
  const state = draft.value?.state;

  useEffect(() => {
    if (state === "submitted") {
      forget(uuid);
      go(paths.import(uuid), { replace: true });
    }
    if (state === "expired" || draft.error?.status === 404) forget(uuid);
  }, [state, draft.error]);
  useEffect(() => {
    if (state !== "reading" || draft.loading) return;
    const timer = setTimeout(draft.reload, LOOK_AGAIN_MS);
    return () => clearTimeout(timer);
  }, [state, draft.value, draft.loading]);

  const again = (
    <Link class="button" to={paths.addBatch(course)}>
      {text.preview.anotherFile}
    </Link>
  );
  if (draft.value === undefined) {
    if (draft.error?.status === 404) return <Notice tone="wait" title={text.preview.gone} actions={again} />;
    return draft.error ? <Failed error={draft.error} retry={draft.reload} /> : <Loading />;
  }
  switch (draft.value.state) {
    case "reading":
      return (
        <>
          <Steps current={2} />
          {draft.error && <Failed error={draft.error} retry={draft.reload} />}
          <BeingRead draft={draft.value} />
        </>
      );
    case "rejected":
      return (
        <>
          <Steps current={1} />
          <Notice
            tone="bad"
            urgent
            id="file-error"
            title={text.preview.unreadable(draft.value.file.name)}
            actions={again}
          >
            <p>
              {draft.value.error?.line && <strong>{text.preview.line(draft.value.error.line)}: </strong>}
              {draft.value.error?.detail}
            </p>
            <p class="small">{text.preview.nothingCreated}</p>
          </Notice>
          <Reading
            key={draft.value.error?.code}
            draft={draft.value}
            open={draft.value.error?.choices != null}
            onRead={draft.put}
            onRefused={draft.reload}
          />
        </>
      );
    case "previewed":
      return (
        <>
          <Steps current={2} />
          {draft.error && <Failed error={draft.error} retry={draft.reload} />}
          <Preview draft={draft.value} course={course} onDraft={draft.put} reload={draft.reload} />
        </>
      );
    case "expired":
      return (
        <Notice tone="wait" title={text.preview.expired} actions={again}>
          <p>{text.preview.expiredWhy}</p>
        </Notice>
      );
    case "submitted":
      return <Loading />;
  }
}

function BeingRead({ draft }: { readonly draft: Draft }) {
  const { bytes, bytes_read: read, name } = draft.file;
  return (
    <section class="card" aria-busy="true">
      <h2>{text.add.reading(name ?? text.add.pastedList)}</h2>
      <Progress done={read} of={bytes} label={text.add.reading(name ?? text.add.pastedList)} />
      <p role="status">{text.preview.readSoFar(size(read), size(bytes), percent(read, bytes), count(draft.rows))}</p>
      <p class="soft">{text.preview.mayLeave}</p>
    </section>
  );
}
