/** What a file may hold, before anybody sends one. */

import { type Limits, templatePath } from "../api/drafts";
import { count, duration, size } from "../pure/numbers";
import { text } from "../text";
import { Icon } from "../ui/icons";

const EXAMPLE_ROWS = 300;

export function LimitsText({ limits }: { readonly limits: Limits | undefined }) {
  return (
    <section class="limits" aria-labelledby="limits-title">
      <h2 id="limits-title">{text.add.whatFile}</h2>
      <ul>
        <li>{text.add.columns}</li>
        <li>{text.add.wild}</li>
        {limits && <li>{text.add.limits(count(limits.rows), size(limits.bytes))}</li>}
        {limits && limits.rate > 0 && (
          <li>{text.add.takes(count(EXAMPLE_ROWS), duration(EXAMPLE_ROWS / limits.rate))}</li>
        )}
      </ul>
      <p>
        <a href={templatePath} download="template.csv" class="button quiet">
          <Icon name="down" /> {text.add.template}
        </a>
      </p>
    </section>
  );
}
