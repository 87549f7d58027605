/** The story of an account as a page of its own. */

import { useState } from "preact/hooks";
import { session } from "../api/credential";
import { useNow, useStore, useTitle } from "../app/hooks";
import { Link } from "../app/router";
import { paths } from "../app/routes";
import type { Account } from "../course/model";
import { said } from "../text/course";
import { AccountStory } from "./told";

const EVERY_S = 10;

export function Story({ account }: { readonly account: string }) {
  const [known, setKnown] = useState<Account>();
  const now = useStore(session);
  const edition = Math.floor(useNow(EVERY_S) / (EVERY_S * 1000));
  const mayWrite = (now.state === "in" || now.state === "over") && now.user.may_write;
  useTitle(said.account.title);
  return (
    <>
      <nav aria-label={said.crumbs}>
        <ol class="crumbs">
          <li>
            <Link to={paths.courses()}>{said.courses}</Link>
          </li>
          {known?.project_uuid && (
            <li>
              <Link to={paths.course(known.project_uuid)}>{known.project_name ?? said.account.course}</Link>
            </li>
          )}
          <li aria-current="page">{said.account.title}</li>
        </ol>
      </nav>
      <h1>{known?.email ?? said.account.title}</h1>
      <h2 class="for-readers">{said.account.facts}</h2>
      <AccountStory
        account={account}
        edition={edition}
        mayWrite={mayWrite}
        onChanged={() => undefined}
        onKnown={setKnown}
      />
    </>
  );
}
