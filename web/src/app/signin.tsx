/** Signing in: by pasting an access token, where the printed address has not done it already. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { User } from "../api/credential";
import { resume, signInWith } from "../api/session";
import { text } from "../text";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Failed } from "../ui/failed";
import { TextField } from "../ui/field";
import { Notice } from "../ui/notice";
import { useAction, useEvery, useTitle } from "./hooks";

const ELSEWHERE_EVERY_S = 3;

interface SignInProps {
  readonly left: boolean;
  /** The printed address signs in no more. */
  readonly linkRefused: boolean;
}

/** The whole page, for somebody who is not signed in. */
export function SignIn({ left, linkRefused }: SignInProps) {
  useTitle(text.signIn.title);
  return (
    <main class="lone" id="main" tabIndex={-1}>
      <h1>{text.product}</h1>
      <p class="lead">{text.signIn.what}</p>
      {left && (
        <Notice tone="good">
          <p>{text.signIn.left}</p>
        </Notice>
      )}
      {linkRefused && !left && (
        <Notice tone="wait" urgent title={text.signIn.linkUsed}>
          <p>{text.signIn.linkUsedWhy}</p>
        </Notice>
      )}
      <section class="card">
        <h2>{text.signIn.title}</h2>
        <TokenForm />
      </section>
      <details>
        <summary>{text.signIn.where}</summary>
        <p>
          {text.signIn.whereOwn} <code>course-accounts up --status</code>
        </p>
        <p>{text.signIn.whereOther}</p>
      </details>
    </main>
  );
}

/** Over a view whose session is over: what was typed below stays. */
export function SignInAgain({ user }: { readonly user: User }) {
  useSignInElsewhere();
  return (
    <Dialog title={text.signIn.again} onClose={null}>
      <p>{text.signIn.againWhy(user.user_id)}</p>
      <TokenForm />
      <p class="hint">{text.signIn.againElsewhere}</p>
    </Dialog>
  );
}

/** Tabs share the cookie: who signs in in another tab is signed in here, too. */
function useSignInElsewhere(): void {
  const stop = useRef(new AbortController());
  const ask = useAction(() => resume(stop.current.signal));
  useEvery(ELSEWHERE_EVERY_S, () => void ask.run());
  useEffect(() => () => stop.current.abort(), []);
}

function TokenForm() {
  const [token, setToken] = useState("");
  const [missing, setMissing] = useState(false);
  const signIn = useAction((_key, given: string) => signInWith(given));
  useEffect(() => signIn.clear(), [token]);
  const refused = signIn.error?.status === 401;
  const errors = missing && !token.trim() ? [text.signIn.missing] : refused ? [text.signIn.refused] : [];
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setMissing(!token.trim());
        if (token.trim()) void signIn.run(token.trim());
      }}
    >
      <TextField
        label={text.signIn.token}
        type="password"
        name="token"
        autoComplete="current-password"
        autoFocus
        value={token}
        onInput={setToken}
        errors={errors}
      />
      {signIn.error && !refused && <Failed error={signIn.error} />}
      <div class="actions">
        <Button kind="main" type="submit" busy={signIn.busy}>
          {text.signIn.button}
        </Button>
      </div>
    </form>
  );
}
