/** How many accounts are in each state: a bar, the numbers below it, each a filter. */

import { said } from "../text/course";
import { StackedBar } from "../ui/progress";
import { type Counts, totalOf } from "./counts";
import { STATES } from "./view";

export function CountsBar({ counts }: { readonly counts: Counts }) {
  if (totalOf(counts) === 0) return <p class="soft">{said.counts.none}</p>;
  const parts = STATES.map((state) => ({ state, number: counts[state], name: said.counts.states[state] }));
  return <StackedBar id="course-counts" parts={parts} label={said.counts.label} all />;
}
