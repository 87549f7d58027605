/** Who is signed in. The session is a cookie that no script can read; here is only what the server says of it. */

import { Store } from "../pure/store";

export interface User {
  readonly user_id: string;
  readonly staff: boolean;
  readonly may_write: boolean;
  readonly expires: string | null;
}

export type Session =
  | { readonly state: "asking" }
  /** `left`: by the person's own wish; `none`: not signed in yet. */
  | { readonly state: "out"; readonly why: "none" | "left" }
  /** It was there and is over: the view stays, with what was typed, and sign-in is asked for above it. */
  | { readonly state: "over"; readonly user: User }
  | { readonly state: "in"; readonly user: User };

export const session = new Store<Session>({ state: "asking" });

/** Rises with each sign-in, so that what failed for want of one is asked again. */
export const epoch = new Store(0);

export function signedIn(user: User): void {
  const before = session.get();
  // Somebody else may not see, nor send, what the one before was looking at.
  if (before.state === "over" && before.user.user_id !== user.user_id) location.reload();
  session.set({ state: "in", user });
  epoch.set(epoch.get() + 1);
}

/** The server knows no session of ours (any more). */
export function signedOut(): void {
  const now = session.get();
  if (now.state === "in") session.set({ state: "over", user: now.user });
  else if (now.state === "asking") session.set({ state: "out", why: "none" });
}
