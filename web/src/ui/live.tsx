/** What screen readers are told, politely: one place for the whole page, and never more often than every few seconds. */

import { useEffect, useState } from "preact/hooks";
import { Quiet } from "../pure/quiet";

const LEAST_GAP_MS = 5000;
let show: (sentence: string) => void = () => undefined;
const quiet = new Quiet(LEAST_GAP_MS, (sentence) => show(sentence));

/** Tell, when it is our turn. `now`: something a person waits for; it goes before what is still to be told. */
export function tell(sentence: string, { now = false } = {}): void {
  quiet.tell(sentence, now);
}

export function LiveRegion() {
  const [sentence, setSentence] = useState("");
  useEffect(() => {
    show = setSentence;
    return () => {
      show = () => undefined;
    };
  }, []);
  return (
    <div class="for-readers" role="status" aria-live="polite" id="live">
      {sentence}
    </div>
  );
}
