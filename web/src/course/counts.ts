/** How many accounts of a course are in each state. Pure. */

import { STATES, type State } from "./view";

export type Counts = Readonly<Record<State, number>>;

/** All accounts of the course. */
export function totalOf(counts: Counts): number {
  return STATES.reduce((sum, state) => sum + counts[state], 0);
}
