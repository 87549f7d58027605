/** What is to happen with rows that are not right, and the button that says exactly how many accounts it creates. */

import { useState } from "preact/hooks";
import { forget } from "../app/drafts";
import { useAction } from "../app/hooks";
import { Link, go } from "../app/router";
import { paths } from "../app/routes";
import { type Decision, type Draft, submit } from "../api/drafts";
import { type Wish, stopped, toCreate } from "../pure/preview";
import { knownFrom } from "../imports/known";
import { text } from "../text";
import { Button } from "../ui/button";
import { Failed } from "../ui/failed";
import { Notice } from "../ui/notice";

interface SubmitProps {
  readonly draft: Draft;
  readonly course: string;
  readonly wish: Wish;
  readonly onWish: (wish: Wish) => void;
  readonly reload: () => void;
}

export function Submit({ draft, course, wish, onWish, reload }: SubmitProps) {
  const send = useAction((key, decision: Decision) => submit(draft.uuid, decision, { key }));
  const [changed, setChanged] = useState(false);
  const number = toCreate(draft.verdicts, wish);
  const { invalid } = draft.verdicts;
  const waits = stopped(draft, wish);

  async function run(): Promise<void> {
    if (draft.preview_hash === null) return;
    setChanged(false);
    const answer = await send.run({
      preview_hash: draft.preview_hash,
      skip_invalid: true,
      if_erred: wish.if_erred,
      if_closed: wish.if_closed,
    });
    if (answer === undefined) return;
    if (answer.ok || answer.error.code === "ALREADY_SUBMITTED") {
      if (answer.ok) knownFrom(answer.value);
      forget(draft.uuid);
      go(paths.import(draft.uuid));
    } else if (answer.error.status === 412) {
      send.clear();
      setChanged(true);
      reload();
    }
  }

  return (
    <>
      {invalid > 0 && (
        <fieldset>
          <legend>{text.preview.problemsLegend(invalid)}</legend>
          {(["skip", "stop"] as const).map((one) => (
            <div class="check" key={one}>
              <input
                type="radio"
                name="problems"
                id={`problems-${one}`}
                checked={wish.problems === one}
                onChange={() => onWish({ ...wish, problems: one })}
              />
              <label for={`problems-${one}`}>{one === "skip" ? text.preview.skip(invalid) : text.preview.stop}</label>
            </div>
          ))}
        </fieldset>
      )}
      {changed && (
        <Notice tone="wait" urgent id="preview-changed" title={text.preview.changed}>
          <p>{text.preview.changedWhy}</p>
        </Notice>
      )}
      {send.error && <Failed error={send.error} title={text.preview.notSubmitted} retry={() => void run()} />}
      <section class="submit" aria-label={text.preview.steps}>
        <div class="actions">
          <Button
            kind="main"
            id="create"
            icon="check"
            busy={send.busy}
            disabled={waits || draft.rows === 0}
            onClick={() => void run()}
          >
            {number > 0 ? text.preview.create(number) : text.preview.createNone}
          </Button>
          <Link class="button" to={paths.addBatch(course)}>
            {text.preview.anotherFile}
          </Link>
          {waits && (
            <span id="why-not" class="soft">
              {text.preview.waits(invalid)}
            </span>
          )}
          {invalid > 0 && !waits && number > 0 && <span class="soft">{text.preview.leftOut(invalid)}</span>}
          {number === 0 && !waits && <span class="soft">{text.preview.nothingToCreate}</span>}
        </div>
      </section>
      <p class="small soft">{text.preview.whoTells}</p>
    </>
  );
}
