/** Asks before one account is closed. */

import { useAction } from "../app/hooks";
import { said } from "../text/course";
import { Confirm } from "../ui/dialog";
import { closeAccount } from "./asking";
import type { Account } from "./model";

interface CloseOneProps {
  readonly account: Account;
  readonly onDone: (account: Account) => void;
  readonly onClose: () => void;
}

export function CloseOne({ account, onDone, onClose }: CloseOneProps) {
  const close = useAction((key) => closeAccount(account.uuid, key));
  return (
    <Confirm
      title={said.jobs.close.one(account.email)}
      deed={said.jobs.close.deed(1)}
      danger
      busy={close.busy}
      error={close.error}
      onClose={onClose}
      onConfirm={() => void close.run().then((answer) => answer?.ok && onDone(answer.value))}
    >
      <p>{said.jobs.close.what}</p>
      <p>{said.jobs.close.again}</p>
    </Confirm>
  );
}
