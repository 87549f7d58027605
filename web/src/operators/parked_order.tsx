/** Asks before records are redriven or dropped: how many, with which limit, and why. */

import { useEffect, useState } from "preact/hooks";
import { newKey } from "../api/http";
import { useAction, useSettled } from "../app/hooks";
import { useKept } from "../course/hooks";
import { count } from "../pure/numbers";
import { said } from "../text/operators";
import { Confirm } from "../ui/dialog";
import { Failed } from "../ui/failed";
import { TextField } from "../ui/field";
import { Loading } from "../ui/loading";
import { MOST_RECORDS, type Which, orderFor } from "./parked";
import { type ParkedAction, countRecords, orderRecords } from "./parked_asking";
import type { Service } from "./parked_model";
import { readLimit } from "./rate";

/** What somebody wants to do with records. */
export interface ParkedWanted {
  readonly service: Service;
  readonly action: ParkedAction;
  readonly which: Which;
  readonly limit: number;
  readonly done?: () => void;
}

interface OrderProps extends ParkedWanted {
  readonly onOrdered: (job: string) => void;
  readonly onClose: () => void;
}

export function ParkedOrderDialog({ service, action, which, limit, onOrdered, onClose }: OrderProps) {
  const [typed, setTyped] = useState(String(limit));
  const [reason, setReason] = useState("");
  const [asked, setAsked] = useState(false);
  const [wish, setWish] = useState(newKey);
  const settled = useSettled(typed);
  const wanted = readLimit(settled, MOST_RECORDS);
  const counted = useKept(wanted === undefined ? null : String(wanted), 0, () =>
    countRecords(service, action, orderFor(which, wanted ?? limit, "")),
  );
  const give = useAction((_key, most: number, why: string) =>
    orderRecords(service, action, orderFor(which, most, why), wish),
  );
  useEffect(() => setWish(newKey()), [settled]);
  const words = said.parked.order[action];
  const records = counted.value?.records ?? 0;
  const missing = action === "drop" && reason.trim() === "";
  const current = settled === typed && !counted.loading;

  async function confirm(): Promise<void> {
    setAsked(true);
    if (missing || wanted === undefined) return;
    const answer = await give.run(wanted, reason.trim());
    if (answer?.ok) onOrdered(answer.value.job);
  }

  return (
    <Confirm
      title={counted.value ? words.title(records, counted.value.found) : (said.parked.jobs.actions[action] ?? action)}
      deed={counted.value ? words.deed(records) : (said.parked.jobs.actions[action] ?? action)}
      danger={action === "drop"}
      busy={give.busy}
      ready={records > 0 && current && wanted !== undefined}
      error={give.error}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      {counted.error && <Failed error={counted.error} retry={counted.again} />}
      {counted.value === undefined && counted.error === undefined && <Loading what={said.parked.order.counting} />}
      {counted.value && counted.value.found === 0 && <p>{said.parked.order.none}</p>}
      <p>{words.what}</p>
      {counted.value && (
        <ul class="breakdown">
          {Object.entries(counted.value.by_code).map(([code, number]) => (
            <li key={code}>
              <strong>{count(number)}</strong> <code>{code}</code>
            </li>
          ))}
        </ul>
      )}
      {which.kind !== "named" && (
        <TextField
          label={said.parked.order.limit}
          hint={said.parked.order.limitHint}
          value={typed}
          errors={readLimit(typed, MOST_RECORDS) === undefined ? [said.parked.order.limitWrong] : []}
          onInput={setTyped}
        />
      )}
      <TextField
        label={said.parked.order.reason}
        hint={said.parked.order.reasonHint}
        value={reason}
        maxLength={2000}
        errors={asked && missing ? [said.parked.order.reasonMissing] : []}
        onInput={setReason}
      />
    </Confirm>
  );
}
