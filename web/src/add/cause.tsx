/** One cause of trouble or advice: how many rows it is about, what to do, and the click that does it for all of them. */

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useAction } from "../app/hooks";
import { type Cause, type Draft, type DraftRow, type Fixed, type Offer, fix } from "../api/drafts";
import { count } from "../pure/numbers";
import { offersByCode } from "../pure/preview";
import { text } from "../text";
import { Tag } from "../ui/badge";
import { Button } from "../ui/button";
import { Failed } from "../ui/failed";
import { CauseRows } from "./causerows";

export interface CauseProps {
  readonly cause: Cause;
  readonly draft: Draft;
  readonly onEdit: (row: DraftRow) => void;
  readonly onChanged: (draft: Draft, said: string) => void;
}

const OPEN_UP_TO = 5;
const OFFERS_AT_FIRST = 4;

export function CauseView(props: CauseProps) {
  const { cause, draft, onChanged } = props;
  const wrong = cause.kind === "row" && cause.code !== "DUPLICATE";
  const few = cause.count <= OPEN_UP_TO && (wrong || cause.suggestions.length > 0);
  const [asked, setOpen] = useState(false);
  const open = few || asked;
  const id = `cause-${cause.code}`;
  return (
    <article class="card cause" id={id} data-code={cause.code} data-count={cause.count}>
      <div class="cause-head">
        <h4>
          <Tag
            tone={wrong ? "bad" : cause.code === "DUPLICATE" ? "odd" : "info"}
            icon={wrong ? "mark" : cause.code === "DUPLICATE" ? "twice" : "info"}
          >
            {text.preview.rows(cause.count)}
          </Tag>{" "}
          {cause.message}
        </h4>
        <p class="soft">{wrong ? `${cause.hint} ${text.preview.untilThen(cause.count)}` : cause.hint}</p>
      </div>
      {offersByCode(cause.suggestions).map((group) => (
        <Offers key={group.code} {...group} draft={draft} onChanged={onChanged} />
      ))}
      {!few && (
        <Button kind="quiet" expanded={open} controls={`${id}-rows`} onClick={() => setOpen(!open)}>
          {open ? text.preview.hideRows : text.preview.showRows(cause.count, cause.first_line)}
        </Button>
      )}
      <div id={`${id}-rows`} hidden={!open}>
        {open && <CauseRows {...props} />}
      </div>
    </article>
  );
}

interface OffersProps {
  readonly code: string;
  readonly message: string;
  readonly offers: readonly Offer[];
  readonly count: number;
  readonly draft: Draft;
  readonly onChanged: (draft: Draft, said: string) => void;
}

/** Suggestions of one kind: a click for all of them, and one for each kind of mistake. */
function Offers({ code, message, offers, count: number, draft, onChanged }: OffersProps) {
  const [all, setAll] = useState(false);
  const apply = useAction((_key, what: { code: string; like?: string }) => fix(draft.uuid, what));
  async function run(what: { code: string; like?: string }): Promise<void> {
    const answer = await apply.run(what);
    if (answer?.ok) onChanged(answer.value.draft, said(answer.value));
  }
  const shown = all ? offers : offers.slice(0, OFFERS_AT_FIRST);
  const [only, another] = offers;
  return (
    <div class="offers">
      {apply.error && <Failed error={apply.error} />}
      {only !== undefined && another === undefined ? (
        <Suggested offer={only} message={message}>
          <Button icon="check" busy={apply.busy} onClick={() => void run({ code, like: only.like })}>
            {text.preview.fixRows(only.count)}
          </Button>
        </Suggested>
      ) : (
        <>
          <div class="offer">
            <span class="offer-text">{message}</span>
            <Button icon="check" busy={apply.busy} onClick={() => void run({ code })}>
              {text.preview.fixAll(number)}
            </Button>
          </div>
          {shown.map((offer) => (
            <Suggested key={offer.like} offer={offer} message="">
              <Button kind="quiet" busy={apply.busy} onClick={() => void run({ code, like: offer.like })}>
                {text.preview.fixRows(offer.count)}
              </Button>
            </Suggested>
          ))}
          {offers.length > shown.length && (
            <Button kind="quiet" onClick={() => setAll(true)}>
              {text.preview.moreOffers(count(offers.length - shown.length))}
            </Button>
          )}
        </>
      )}
    </div>
  );
}

function Suggested({
  offer,
  message,
  children,
}: {
  readonly offer: Offer;
  readonly message: string;
  readonly children: ComponentChildren;
}) {
  const { email, value } = offer.example;
  return (
    <div class="offer">
      <span class="offer-text">
        {message}{" "}
        {value && value !== email && (
          <span class="change">
            <s>{email || text.preview.emptyCell}</s> <span aria-label={text.preview.becomes}>→</span>{" "}
            <strong>{value}</strong>
          </span>
        )}
      </span>
      {children}
    </div>
  );
}

/** What a fix came to, in words. */
export function said(fixed: Fixed): string {
  return text.preview.fixed(fixed.changed, fixed.added);
}
