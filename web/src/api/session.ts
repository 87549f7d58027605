/** Signing in and out. */

import { type Answer, get, post, remove } from "./http";
import { type User, session, signedIn, signedOut } from "./credential";

const PATH = "/api/session/";
const LINK = "#sign-in=";

/** The one-time token in the page's address, if there is one; it is removed from the address. */
function tokenOfAddress(): string | null {
  if (!addressSignsIn()) return null;
  const token = decodeURIComponent(location.hash.slice(LINK.length));
  history.replaceState(history.state, "", location.pathname + location.search);
  return token || null;
}

/** Whether the page's address signs somebody in. */
export function addressSignsIn(): boolean {
  return location.hash.startsWith(LINK);
}

/** Sign in by the address if it says so, else go on with the session there is. */
export async function begin(): Promise<Answer<User>> {
  const token = tokenOfAddress();
  if (token === null) return resume();
  const once = await signIn({ sign_in: token });
  if (once.ok) return once;
  const before = await resume(); // an address that was used, by somebody who is signed in
  return before.ok ? before : once;
}

/** Ask who is signed in. */
export async function resume(signal?: AbortSignal): Promise<Answer<User>> {
  const answer = await get<User>(PATH, { signal });
  if (answer.ok) signedIn(answer.value);
  else if (answer.error.status === 401) signedOut();
  return answer;
}

/** Trade an API token for a session. */
export function signInWith(token: string): Promise<Answer<User>> {
  return signIn({ token });
}

export async function signOut(): Promise<Answer<null>> {
  const answer = await remove<null>(PATH);
  if (answer.ok || answer.error.status === 401) session.set({ state: "out", why: "left" });
  return answer;
}

async function signIn(body: Readonly<Record<string, string>>): Promise<Answer<User>> {
  const answer = await post<User>(PATH, body);
  if (answer.ok) signedIn(answer.value);
  return answer;
}
