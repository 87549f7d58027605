/** The story of an account beside the page it was opened from, under its own address. */

import { useCallback, useEffect, useState } from "preact/hooks";
import { usePlace } from "../app/router";
import { paths } from "../app/routes";
import { said } from "../text/course";
import { Dialog } from "../ui/dialog";
import type { Account } from "../course/model";
import { AccountStory } from "./told";

interface StoryPanelControl {
  readonly shown: string | null;
  readonly open: (account: string) => void;
  readonly close: () => void;
}

/**
 * The panel has the address of the account, while the page below stays what it is: reloaded or sent to somebody it is
 * that account. The browser's Back closes it, and so does going elsewhere by a link in it, also to the page below.
 */
export function useStoryPanel(): StoryPanelControl {
  const [shown, setShown] = useState<string | null>(null);
  const place = usePlace();
  useEffect(() => setShown(null), [place]);
  const open = useCallback((account: string) => {
    history.pushState(null, "", paths.story(account));
    setShown(account);
  }, []);
  const close = useCallback(() => history.back(), []);
  return { shown, open, close };
}

interface PanelProps {
  readonly account: string;
  readonly edition: number;
  readonly mayWrite: boolean;
  readonly onClose: () => void;
  readonly onChanged: () => void;
}

export function StoryPanel({ account, edition, mayWrite, onClose, onChanged }: PanelProps) {
  const [known, setKnown] = useState<Account>();
  return (
    <Dialog title={known?.email ?? said.account.title} onClose={onClose}>
      <AccountStory account={account} edition={edition} mayWrite={mayWrite} onChanged={onChanged} onKnown={setKnown} />
    </Dialog>
  );
}
