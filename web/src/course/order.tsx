/** Asks before many accounts are tried again or closed: how many, which, what happens; then orders it as a job. */

import { useEffect, useState } from "preact/hooks";
import { type Answer, newKey } from "../api/http";
import type { ApiError } from "../api/problem";
import { useAction } from "../app/hooks";
import { count } from "../pure/numbers";
import { said } from "../text/course";
import { Confirm } from "../ui/dialog";
import { Failed } from "../ui/failed";
import { TextField } from "../ui/field";
import { Loading } from "../ui/loading";
import { askDryRun, giveOrder } from "./asking";
import type { DryRun, Ordered } from "./model";
import type { Order } from "./selection";

/** What somebody wants to do with many accounts. */
export interface OrderWanted {
  readonly action: Order["action"];
  /** The order itself, or how to find out what it names. */
  readonly order: Order | (() => Promise<Answer<Order>>);
  /** Called once it is given. */
  readonly done?: () => void;
}

interface OrderProps extends OrderWanted {
  readonly onOrdered: (job: Ordered) => void;
  readonly onClose: () => void;
}

interface Counted {
  readonly order: Order;
  readonly found: DryRun;
}

const LONGEST_REASON = 2000;

export function OrderDialog({ order, action, onOrdered, onClose }: OrderProps) {
  const [counted, setCounted] = useState<Counted>();
  const [error, setError] = useState<ApiError>();
  const [reason, setReason] = useState("");
  const [wish] = useState(newKey);
  const give = useAction((_key, what: Order, why: string) => giveOrder(what, why, wish));
  useEffect(() => {
    const stop = new AbortController();
    void countUp(order, stop.signal).then((answer) => {
      if (stop.signal.aborted) return;
      if (answer.ok) setCounted(answer.value);
      else setError(answer.error);
    });
    return () => stop.abort();
  }, []);

  async function confirm(): Promise<void> {
    if (counted === undefined) return;
    const answer = await give.run(counted.order, reason.trim());
    if (answer?.ok) onOrdered(answer.value);
  }

  const words = said.jobs[action];
  const number = counted?.found.accounts ?? 0;
  return (
    <Confirm
      title={counted === undefined ? (said.jobs.actions[action] ?? action) : words.title(number)}
      deed={counted === undefined ? (said.jobs.actions[action] ?? action) : words.deed(number)}
      danger={action === "close"}
      busy={give.busy}
      ready={number > 0}
      error={give.error}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      {error && <Failed error={error} />}
      {counted === undefined && error === undefined && <Loading what={said.jobs.counting} />}
      {counted !== undefined && number === 0 && <p>{words.none}</p>}
      {counted !== undefined && number > 0 && (
        <>
          <p>{words.what}</p>
          {action === "close" && <p>{said.jobs.close.again}</p>}
          <Breakdown action={action} found={counted.found} />
          <TextField
            label={said.jobs.reason}
            hint={said.jobs.reasonHint}
            value={reason}
            maxLength={LONGEST_REASON}
            onInput={setReason}
          />
        </>
      )}
    </Confirm>
  );
}

function Breakdown({ action, found }: { readonly action: Order["action"]; readonly found: DryRun }) {
  const groups = Object.entries(action === "retry" ? found.by_code : found.by_state).filter(([, number]) => number > 0);
  if (groups.length === 0) return null;
  return (
    <ul class="breakdown">
      {groups.map(([name, number]) => (
        <li key={name}>
          <strong>{count(number)}</strong> {action === "retry" ? <code>{name}</code> : said.jobs.stateName(name)}
        </li>
      ))}
    </ul>
  );
}

async function countUp(order: OrderProps["order"], signal: AbortSignal): Promise<Answer<Counted>> {
  const named: Answer<Order> =
    typeof order === "function" ? await order() : { ok: true, value: order, status: 200, headers: new Headers() };
  if (!named.ok) return named;
  const answer = await askDryRun(named.value, signal);
  return answer.ok ? { ...answer, value: { order: named.value, found: answer.value } } : answer;
}
