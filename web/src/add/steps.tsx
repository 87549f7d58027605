/** Where in the work one is: 1 Upload, 2 Preview and create, 3 Creation progress. */

import { text } from "../text";

export function Steps({ current }: { readonly current: 1 | 2 | 3 }) {
  return (
    <ol class="steps" aria-label={text.add.steps.label}>
      {[text.add.steps.upload, text.add.steps.preview, text.add.steps.progress].map((name, place) => {
        const number = place + 1;
        return (
          <li
            key={name}
            class={number < current ? "done" : undefined}
            aria-current={number === current ? "step" : undefined}
          >
            <span class="step-number" aria-hidden="true">
              {number}
            </span>
            <span class="step-name">{name}</span>
          </li>
        );
      })}
    </ol>
  );
}
