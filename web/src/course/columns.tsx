/** The columns of the table of accounts. */

import { when } from "../pure/numbers";
import { said } from "../text/course";
import { Button } from "../ui/button";
import type { Column } from "../ui/table";
import type { Account } from "./model";
import type { Held } from "./news";
import { canClose, canRetry } from "./standing";
import { AccountProblem, AccountState } from "./state";

/** What the rows show and do. */
export interface Doing {
  readonly held: Held | null;
  readonly mayWrite: boolean;
  readonly isTicked: (uuid: string) => boolean;
  readonly onTick: (uuid: string, on: boolean) => void;
  readonly onOpen: (account: Account) => void;
  readonly onRetry: (account: Account) => void;
  readonly onClose: (account: Account) => void;
}

/** The id of what stays in a row, whatever becomes of the account: the button with its address. */
export function idOfRow(uuid: string): string {
  return `account-${uuid}`;
}

/** The columns; without the right to write there is nothing to select and nothing to do. */
export function columnsOf(doing: Doing): readonly Column<Account>[] {
  const shown: Column<Account>[] = [
    {
      name: "email",
      title: said.table.address,
      order: "email",
      heads: true,
      cell: (account) => (
        <>
          <Button
            kind="quiet"
            id={idOfRow(account.uuid)}
            label={said.table.open(account.email)}
            onClick={() => doing.onOpen(account)}
          >
            {account.email}
          </Button>
          {account.description && <p class="hint">{account.description}</p>}
        </>
      ),
    },
    {
      name: "state",
      title: said.table.state,
      order: "state",
      cell: (account) => <AccountState account={account} held={doing.held} />,
    },
    {
      name: "username",
      title: said.table.username,
      order: "username",
      cell: ({ username }) => username && <code>{username}</code>,
    },
    { name: "about", title: said.table.about, cell: (account) => <AccountProblem account={account} /> },
    {
      name: "created",
      title: said.table.created,
      order: "created",
      cell: ({ created }) => <time dateTime={created}>{when(created)}</time>,
    },
  ];
  return doing.mayWrite ? [selecting(doing), ...shown, acting(doing)] : shown;
}

function selecting(doing: Doing): Column<Account> {
  return {
    name: "select",
    title: said.table.select,
    hideTitle: true,
    cell: ({ uuid, email }) => (
      <input
        type="checkbox"
        aria-label={said.table.selectOne(email)}
        checked={doing.isTicked(uuid)}
        onChange={(event) => doing.onTick(uuid, event.currentTarget.checked)}
      />
    ),
  };
}

function acting(doing: Doing): Column<Account> {
  return {
    name: "actions",
    title: said.table.actions,
    cell: (account) => (
      <div class="row-actions">
        {canRetry(account) && (
          <Button icon="retry" label={said.table.retryOne(account.email)} onClick={() => doing.onRetry(account)}>
            {said.table.retry}
          </Button>
        )}
        {canClose(account) && (
          <Button kind="quiet" label={said.table.closeOne(account.email)} onClick={() => doing.onClose(account)}>
            {said.table.close}
          </Button>
        )}
      </div>
    ),
  };
}
