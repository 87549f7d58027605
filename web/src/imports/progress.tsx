/** How far an import is: the bar, the numbers, how fast and how long, and what is being waited for. */

import { useNow } from "../app/hooks";
import type { ImportStatus } from "../api/imports";
import { clock, count, duration, rate, when } from "../pure/numbers";
import { done, moving, shownClasses } from "../pure/progress";
import { text } from "../text";
import { Notice } from "../ui/notice";
import { StackedBar } from "../ui/progress";

export function ProgressView({ status }: { readonly status: ImportStatus }) {
  const { counts } = status;
  const facts = [text.imports.doneOf(count(done(counts)), count(counts.rows))];
  if (moving(status.state) && status.rate) facts.push(text.imports.rate(rate(status.rate)));
  // Nobody knows how long the account service is away.
  if (moving(status.state) && status.eta_seconds !== null && counts.waiting === 0)
    facts.push(text.imports.left(duration(status.eta_seconds)));
  return (
    <section class="card" aria-label={text.imports.bar(count(done(counts)), count(counts.rows))}>
      <StackedBar
        all
        id="progress"
        label={text.imports.bar(count(done(counts)), count(counts.rows))}
        parts={shownClasses(counts).map((state) => ({ state, number: counts[state] }))}
      />
      <p id="pace">{facts.join(" · ")}</p>
      {status.waiting && counts.waiting > 0 && <Waits status={status} />}
      {status.state === "undoing" && status.undo && (
        <p>{text.imports.undo.progress(status.undo.closed, status.undo.open)}</p>
      )}
    </section>
  );
}

function Waits({ status }: { readonly status: ImportStatus }) {
  const now = useNow(1);
  const { since, reason, next_attempt: next } = status.waiting ?? { since: null, reason: null, next_attempt: null };
  const seconds = next === null ? 0 : (new Date(next).getTime() - now) / 1000;
  const inAbout = seconds >= 1 ? text.imports.inAbout(duration(seconds)) : text.imports.any;
  return (
    <Notice tone="wait" icon="clock" id="waiting" title={text.imports.waiting(status.counts.waiting)}>
      <p>{text.imports.waitingSince(reason ?? "", since && when(since))}</p>
      <p>{next === null ? text.imports.waitingSoon : text.imports.waitingNext(clock(next), inAbout)}</p>
    </Notice>
  );
}
