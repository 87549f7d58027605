/** What happened to the import, in order, and who asked for it. */

import type { ImportStatus } from "../api/imports";
import { moment } from "../pure/numbers";
import { text } from "../text";

export function Timeline({ status }: { readonly status: ImportStatus }) {
  return (
    <section class="card" aria-labelledby="timeline-title">
      <h2 id="timeline-title">{text.imports.timeline["title"]}</h2>
      <ol class="timeline">
        {status.timeline.map((step) => (
          <li key={`${step.at}-${step.what}`}>
            <time dateTime={step.at}>{moment(step.at)}</time> {text.imports.timeline[step.what] ?? step.what}
            {step.by && text.imports.timelineBy(step.by)}
          </li>
        ))}
      </ol>
    </section>
  );
}
