/** Why rows failed, by cause with how many each, and the click that tries all of one cause again. */

import { useEffect, useState } from "preact/hooks";
import { type ImportRows, type ImportStatus, type RetryCount, countRetry, retryRows, rowsPath } from "../api/imports";
import { type Answer, get } from "../api/http";
import { useAction } from "../app/hooks";
import { setQuery } from "../app/router";
import { moving } from "../pure/progress";
import { text } from "../text";
import { Tag } from "../ui/badge";
import { Button } from "../ui/button";
import { Failed } from "../ui/failed";
import { tell } from "../ui/live";

interface CausesProps {
  readonly status: ImportStatus;
  readonly mayWrite: boolean;
  readonly onDone: () => void;
}

interface Why {
  readonly code: string;
  readonly number: number;
  readonly message: string;
  readonly hint: string;
  readonly canRetry: boolean;
}

const MOST_CODES = 12;

export function Causes({ status, mayWrite, onDone }: CausesProps) {
  const [causes, setCauses] = useState<readonly Why[]>();
  const ask = useAction(() => causesOf(status.uuid));
  const retry = useAction((key, codes: string[]) => retryRows(status.uuid, codes.length > 0 ? { codes } : {}, { key }));
  const { failed, invalid } = status.counts;
  const rests = !moving(status.state);
  useEffect(() => {
    if (failed === 0 || !rests || !mayWrite) setCauses(undefined);
    else void ask.run().then((answer) => answer?.ok && setCauses(answer.value));
  }, [failed, rests, mayWrite, status.uuid]);
  if (failed + invalid === 0 || !rests) return null;

  async function again(codes: string[]): Promise<void> {
    const answer = await retry.run(codes);
    if (!answer?.ok) return;
    tell(text.imports.causes.done(answer.value.accounts), { now: true });
    // The cause is about to vanish, with the button that was pressed.
    document.getElementById("rows-title")?.focus({ preventScroll: true });
    onDone();
  }
  const words = text.imports.causes;
  return (
    <section aria-labelledby="failed-title" id="causes">
      <h2 id="failed-title">{words.title}</h2>
      {ask.error && (
        <p class="soft">
          {words.unknown}{" "}
          <Button kind="quiet" onClick={() => void ask.run()}>
            {text.tryAgain}
          </Button>
        </p>
      )}
      {retry.error && <Failed error={retry.error} />}
      {causes?.map((cause) => (
        <article key={cause.code} class="card cause" data-code={cause.code}>
          <div class="cause-head">
            <h3>
              <Tag tone="bad" icon="cross">
                {words.rows(cause.number)}
              </Tag>{" "}
              {cause.message}
            </h3>
            <p class="soft">{cause.hint}</p>
          </div>
          <div class="actions">
            {cause.canRetry && (
              <Button icon="retry" busy={retry.busy} onClick={() => void again([cause.code])}>
                {words.retry(cause.number)}
              </Button>
            )}
            <Button kind="quiet" onClick={() => show({ show: "failed", code: cause.code })}>
              {words.show}
            </Button>
          </div>
        </article>
      ))}
      {invalid > 0 && (
        <article class="card cause" data-code="invalid">
          <div class="cause-head">
            <h3>
              <Tag tone="bad" icon="mark">
                {words.rows(invalid)}
              </Tag>{" "}
              {words.invalid}
            </h3>
            <p class="soft">{words.invalidHint}</p>
          </div>
          <div class="actions">
            <Button kind="quiet" onClick={() => show({ show: "invalid", code: null })}>
              {words.show}
            </Button>
          </div>
        </article>
      )}
      {mayWrite && failed > 0 && (causes?.length ?? 0) > 1 && (
        <div class="actions">
          <Button icon="retry" busy={retry.busy} onClick={() => void again([])}>
            {words.retryAll(failed)}
          </Button>
        </div>
      )}
    </section>
  );
}

/** How many rows failed for each reason; its words are those of the first such row. */
async function causesOf(uuid: string): Promise<Answer<readonly Why[]>> {
  const counted: Answer<RetryCount> = await countRetry(uuid);
  if (!counted.ok) return counted;
  const codes = Object.entries(counted.value.by_code)
    .sort(([, one], [, other]) => other - one)
    .slice(0, MOST_CODES);
  const causes: Why[] = [];
  for (const [code, number] of codes) {
    const first = await get<ImportRows>(rowsPath(uuid, { class: ["failed"], code: [code] }, 1));
    const error = first.ok ? first.value.results[0]?.error : undefined;
    causes.push({
      code,
      number,
      message: error?.message ?? code,
      hint: error?.hint ?? "",
      canRetry: error?.can_retry ?? true,
    });
  }
  return { ...counted, value: causes };
}

function show(query: { show: string; code: string | null }): void {
  setQuery(query);
  document.getElementById("rows-title")?.scrollIntoView({ block: "start" });
  document.getElementById("rows-title")?.focus({ preventScroll: true });
}
