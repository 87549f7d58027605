/** Who am I. */

import { session } from "../api/credential";
import { signOut } from "../api/session";
import { moment } from "../pure/numbers";
import { text } from "../text";
import { Button } from "../ui/button";
import { Failed } from "../ui/failed";
import { useAction, useStore, useTitle } from "./hooks";

export function Account() {
  useTitle(text.account.title);
  const now = useStore(session);
  const leave = useAction(() => signOut());
  if (now.state !== "in" && now.state !== "over") return null;
  const { user } = now;
  return (
    <>
      <h1>{text.account.title}</h1>
      <dl class="facts">
        <dt>{text.account.user}</dt>
        <dd>{user.user_id}</dd>
        <dt>{text.account.rights}</dt>
        <dd>
          {user.staff ? text.account.staff : text.account.manager} {user.may_write ? "" : text.account.readOnly}
        </dd>
        {user.expires && (
          <>
            <dt>{text.account.until}</dt>
            <dd>{moment(user.expires)}</dd>
          </>
        )}
      </dl>
      {leave.error && <Failed error={leave.error} />}
      <div class="actions">
        <Button busy={leave.busy} onClick={() => void leave.run()}>
          {text.nav.signOut}
        </Button>
      </div>
    </>
  );
}
