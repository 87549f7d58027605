/** Why records are put aside, and how many; what can be done with all of one cause. */

import { count, when } from "../pure/numbers";
import { said } from "../text/operators";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { Table } from "../ui/table";
import { MOST_RECORDS, TRY_FIRST, waitingIn } from "./parked";
import { type ParkedCause, SERVICES, type Service } from "./parked_model";
import type { ParkedWanted } from "./parked_order";

interface CausesProps {
  readonly causes: readonly ParkedCause[];
  readonly onShow: (service: Service, code: string) => void;
  readonly onOrder: (wanted: ParkedWanted) => void;
}

export function ParkedCauses({ causes, onShow, onOrder }: CausesProps) {
  const waiting = causes.reduce((sum, cause) => sum + cause.records, 0);
  if (waiting === 0)
    return (
      <Notice tone="good">
        <p>{said.parked.none}</p>
      </Notice>
    );
  return (
    <section aria-labelledby="parked-causes-title">
      <h2 id="parked-causes-title">{said.parked.causes(waiting)}</h2>
      <Table<ParkedCause>
        id="parked-causes"
        caption={said.parked.cause}
        hideCaption
        columns={[
          {
            name: "cause",
            title: said.parked.cause,
            heads: true,
            cell: (cause) => (
              <>
                <p>{cause.message}</p>
                <p class="hint">{cause.hint}</p>
                <p class="hint">
                  <code>{cause.code}</code> {said.parked.in(cause.topic)}
                </p>
              </>
            ),
          },
          { name: "service", title: said.parked.service, cell: (cause) => said.parked.services[cause.service] },
          { name: "number", title: said.parked.number, numeric: true, cell: (cause) => count(cause.records) },
          { name: "oldest", title: said.parked.oldest, cell: (cause) => when(cause.oldest) },
          {
            name: "actions",
            title: said.parked.actions,
            cell: (cause) => <Actions cause={cause} onShow={onShow} onOrder={onOrder} />,
          },
        ]}
        rows={causes}
        keyOf={(cause) => `${cause.service} ${cause.topic} ${cause.code}`}
      />
      <div class="actions">
        {SERVICES.filter((service) => waitingIn(causes, service) > 0).map((service) => (
          <Button
            key={service}
            kind="quiet"
            onClick={() => onOrder({ service, action: "redrive", which: { kind: "all" }, limit: TRY_FIRST })}
          >
            {said.parked.everything(said.parked.services[service].toLowerCase())}
          </Button>
        ))}
      </div>
    </section>
  );
}

interface ActionsProps {
  readonly cause: ParkedCause;
  readonly onShow: CausesProps["onShow"];
  readonly onOrder: CausesProps["onOrder"];
}

function Actions({ cause, onShow, onOrder }: ActionsProps) {
  const { service, code, topic, records } = cause;
  const which = { kind: "cause", code, topic } as const;
  const of = (what: string): string => said.parked.of(what, said.parked.services[service], code);
  const whole = Math.min(records, MOST_RECORDS);
  return (
    <div class="row-actions">
      {records > TRY_FIRST && (
        <Button
          icon="retry"
          label={of(said.parked.tryTen)}
          onClick={() => onOrder({ service, action: "redrive", which, limit: TRY_FIRST })}
        >
          {said.parked.tryTen}
        </Button>
      )}
      <Button
        kind={records > TRY_FIRST ? "quiet" : "plain"}
        label={of(said.parked.tryAll(records))}
        onClick={() => onOrder({ service, action: "redrive", which, limit: whole })}
      >
        {said.parked.tryAll(records)}
      </Button>
      <Button
        kind="quiet"
        label={of(said.parked.drop)}
        onClick={() => onOrder({ service, action: "drop", which, limit: whole })}
      >
        {said.parked.drop}
      </Button>
      <Button kind="quiet" label={of(said.parked.show)} onClick={() => onShow(service, code)}>
        {said.parked.show}
      </Button>
    </div>
  );
}
