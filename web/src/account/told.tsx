/** The story of one account: what is known of it, what can be done, and all that happened, as a line of time. */

import { useEffect, useRef, useState } from "preact/hooks";
import { get } from "../api/http";
import { useAction } from "../app/hooks";
import { Link } from "../app/router";
import { paths as pages } from "../app/routes";
import { askAccount, paths, retryAccount } from "../course/asking";
import { CloseOne } from "../course/close_one";
import { useKept } from "../course/hooks";
import type { Account, Listed, StoryEvent } from "../course/model";
import { useMore } from "../course/more";
import { canClose, canRetry } from "../course/standing";
import { AccountProblem, AccountState } from "../course/state";
import { clock, day, moment } from "../pure/numbers";
import { said } from "../text/course";
import { Button } from "../ui/button";
import { Failed } from "../ui/failed";
import { Icon, type IconName } from "../ui/icons";
import { Loading } from "../ui/loading";
import { Notice } from "../ui/notice";
import { type Mark, type Told, daysOf } from "./story";

interface ToldProps {
  readonly account: string;
  /** Rises when it may have changed. */
  readonly edition: number;
  readonly mayWrite: boolean;
  readonly onChanged: () => void;
  /** Told the account once it is known. */
  readonly onKnown?: (account: Account) => void;
}

export function AccountStory({ account: uuid, edition, mayWrite, onChanged, onKnown }: ToldProps) {
  const account = useKept(uuid, edition, async (signal) => {
    const answer = await askAccount(uuid, signal);
    if (answer.ok) onKnown?.(answer.value);
    return answer;
  });
  const [closing, setClosing] = useState(false);
  const retry = useAction((key) => retryAccount(uuid, key));
  const [begun, setBegun] = useState<string>();
  const story = useRef<HTMLHeadingElement>(null);
  // The button that was pressed vanishes; what comes of it is told below this heading.
  useEffect(() => {
    if (begun !== undefined) story.current?.focus();
  }, [begun]);
  const done = (sentence: string): void => {
    setBegun(sentence);
    onChanged();
    account.again();
  };
  if (account.value === undefined) {
    if (account.error?.status === 404)
      return (
        <Notice tone="bad">
          <p>{said.account.notThere}</p>
        </Notice>
      );
    return account.error ? <Failed error={account.error} retry={account.again} /> : <Loading />;
  }
  const known = account.value;
  return (
    <div class="story">
      <Facts account={known} />
      {mayWrite && (canRetry(known) || canClose(known)) && (
        <div class="actions">
          {canRetry(known) && (
            <Button
              kind="main"
              icon="retry"
              busy={retry.busy}
              onClick={() => void retry.run().then((answer) => answer?.ok && done(said.table.retried(known.email)))}
            >
              {said.account.retry}
            </Button>
          )}
          {canClose(known) && (
            <Button icon="closed" onClick={() => setClosing(true)}>
              {said.account.close}
            </Button>
          )}
        </div>
      )}
      {retry.error && <Failed error={retry.error} />}
      <p class="for-readers" role="status">
        {begun}
      </p>
      <h3 ref={story} tabIndex={-1}>
        {said.account.story}
      </h3>
      <Timeline key={known.modified} account={uuid} />
      <p class="hint">{said.account.told}</p>
      {closing && (
        <CloseOne
          account={known}
          onClose={() => setClosing(false)}
          onDone={() => {
            setClosing(false);
            done(said.table.closed(known.email));
          }}
        />
      )}
    </div>
  );
}

function Facts({ account }: { readonly account: Account }) {
  return (
    <dl class="facts">
      <dt>{said.account.state}</dt>
      <dd>
        <AccountState account={account} held={null} />
        <AccountProblem account={account} />
      </dd>
      <dt>{said.account.username}</dt>
      <dd>
        {account.username ? <code>{account.username}</code> : <span class="soft">{said.account.noUsername}</span>}
      </dd>
      {account.description && (
        <>
          <dt>{said.account.description}</dt>
          <dd>{account.description}</dd>
        </>
      )}
      {account.project_uuid && (
        <>
          <dt>{said.account.course}</dt>
          <dd>
            <Link to={pages.course(account.project_uuid)}>{account.project_name ?? account.project_uuid}</Link>
          </dd>
        </>
      )}
      <dt>{said.account.added}</dt>
      <dd>{moment(account.created)}</dd>
      <dt>{said.account.changed}</dt>
      <dd>{moment(account.modified)}</dd>
    </dl>
  );
}

const ICONS: Readonly<Record<Mark, IconName>> = {
  ask: "plus",
  good: "check",
  bad: "cross",
  wait: "clock",
  end: "closed",
  note: "info",
};

function Timeline({ account }: { readonly account: string }) {
  const list = useMore<StoryEvent>(paths.history(account));
  const more = useAction(() => list.more((path) => get<Listed<StoryEvent>>(path)));
  if (list.error) return <Failed error={list.error} retry={list.again} />;
  if (list.items === undefined) return <Loading />;
  if (list.items.length === 0) return <p class="soft">{said.account.noStory}</p>;
  return (
    <>
      {daysOf(list.items).map((one) => (
        <section key={one.day}>
          <h4 class="story-day">{day(one.day)}</h4>
          <ol class="story-line">
            {one.events.map((event, index) => (
              <Event key={index} event={event} />
            ))}
          </ol>
        </section>
      ))}
      {more.error && <Failed error={more.error} />}
      {list.next && (
        <Button busy={more.busy} onClick={() => void more.run()}>
          {said.account.more}
        </Button>
      )}
    </>
  );
}

function Event({ event }: { readonly event: Told }) {
  return (
    <li class={event.mark}>
      <span class="story-mark">
        <Icon name={ICONS[event.mark]} />
      </span>
      <div>
        <p>{event.sentence}</p>
        <p class="hint">
          <time dateTime={event.time}>{clock(event.time)}</time>
          {event.by && ` ${said.account.by(event.by)}`}
          {event.importId && (
            <>
              {" "}
              · <Link to={pages.import(event.importId)}>{said.account.import}</Link>, {said.account.row(event.row)}
            </>
          )}
        </p>
      </div>
    </li>
  );
}
