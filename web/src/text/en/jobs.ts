/** Texts of orders about many accounts: what would be done, how far it is, what was refused. */

import { count, counted, duration, rate } from "../../pure/numbers";

const accounts = (number: number): string => counted(number, "account");

const STATE_NAMES: Readonly<Record<string, string>> = {
  ok: "created",
  pending: "pending",
  erred: "failed",
  closing: "being closed",
  closed: "closed",
};

function changed(action: string, number: number): string {
  return action === "close" ? `${accounts(number)} closed or being closed` : `${accounts(number)} being tried again`;
}

export const jobs = {
  title: "Jobs",
  actions: { retry: "Retry", close: "Close" } as Readonly<Record<string, string>>,
  states: { queued: "Waits for its turn", running: "Running", finished: "Done", cancelled: "Cancelled" },
  retry: {
    title: (number: number) => `Retry ${accounts(number)}?`,
    one: (email: string) => `Retry ${email}?`,
    what: "The account service is asked once more for each of them. Nobody gets two accounts.",
    deed: (number: number) => `Retry ${accounts(number)}`,
    none: "None of these accounts has failed, so there is nothing to retry.",
  },
  close: {
    title: (number: number) => `Close ${accounts(number)}?`,
    one: (email: string) => `Close ${email}?`,
    what: "The account service is told to close them: these people can no longer sign in with them. What is still on the way is not made.",
    again:
      "Whoever is added to the course again later gets the account opened again, if the account service can do that.",
    deed: (number: number) => `Close ${accounts(number)}`,
    none: "These accounts are closed, or being closed, already.",
  },
  counting: "Counting …",
  about: (action: string, total: number) => `${action}: ${accounts(total)}`,
  stateName: (state: string) => STATE_NAMES[state] ?? state,
  reason: "Reason",
  reasonHint: "Optional; it is kept with the job.",
  progress: (done: number, total: number) => `${count(done)} of ${accounts(total)}`,
  refused: (number: number) => `${count(number)} refused`,
  speed: (perSecond: number) => `${rate(perSecond)} a second`,
  left: (seconds: number) => `${duration(seconds)} left`,
  changed,
  unchanged: (number: number) => `${count(number)} needed nothing`,
  dropped: (number: number) => `${count(number)} left out when it was cancelled`,
  by: (who: string) => `by ${who}`,
  because: (reason: string) => `because: ${reason}`,
  cancel: "Stop",
  cancelOf: (what: string) => `Stop: ${what}`,
  hide: "Hide",
  showRefused: "Show what was refused",
  refusedCaption: (number: number) => `${accounts(number)} left as they are`,
  account: "Account",
  why: "Why",
  hint: "What to do",
  more: "Show more",
  all: {
    caption: "Jobs about accounts, the newest first",
    none: "There are no jobs of the last thirty days.",
    asked: "Asked for",
    what: "What",
    state: "State",
    by: "By",
    progress: "How far",
    reason: "Reason",
    about: "About",
    course: "a course",
    import: "an import",
    named: "named accounts",
  },
};
