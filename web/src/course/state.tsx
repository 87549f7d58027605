/** How an account stands, in words, colour and shape. */

import { said } from "../text/course";
import { type Tone, Tag } from "../ui/badge";
import type { IconName } from "../ui/icons";
import type { Account } from "./model";
import type { Held } from "./news";
import { type Look, standingOf } from "./standing";

const LOOKS: Readonly<Record<Look, { readonly tone: Tone; readonly icon: IconName }>> = {
  ok: { tone: "good", icon: "check" },
  pending: { tone: "calm", icon: "dots" },
  waiting: { tone: "wait", icon: "clock" },
  failed: { tone: "bad", icon: "cross" },
  closing: { tone: "over", icon: "dots" },
  unclosed: { tone: "bad", icon: "mark" },
  closed: { tone: "over", icon: "closed" },
};

interface StateProps {
  readonly account: Account;
  readonly held: Held | null;
}

/** The state, and below it what is being done about it and when the next try is. */
export function AccountState({ account, held }: StateProps) {
  const { look, nextTry } = standingOf(account, held?.everybody ? held.wait : null);
  const { tone, icon } = LOOKS[look];
  const more = [
    look === "waiting" ? said.waitsForService : look === "pending" ? said.queued : "",
    nextTry === null ? "" : said.nextTry(nextTry),
  ].filter(Boolean);
  return (
    <div class="account-state" data-look={look}>
      <Tag tone={tone} icon={icon}>
        {said.looks[look]}
      </Tag>
      {more.length > 0 && <p class="hint">{more.join(", ")}</p>}
    </div>
  );
}

/** Why it failed, waits or is not closed, and what to do; nothing where all is well. */
export function AccountProblem({ account }: { readonly account: Account }) {
  const sentence = account.error_message || account.phase_message;
  if (!sentence) return null;
  return (
    <>
      <p class="problem">{sentence}</p>
      {account.error_hint && <p class="hint">{account.error_hint}</p>}
    </>
  );
}
