/** Looking again and again while somebody looks at the page. */

import { useEffect, useState } from "preact/hooks";
import { get } from "../api/http";
import { type Kept, useKept } from "../course/hooks";
import type { Asked } from "./health";

/** Rises every so many seconds while the page is seen. */
export function useTick(seconds: number): number {
  const [tick, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") setTick((old) => old + 1);
    }, seconds * 1000);
    return () => clearInterval(timer);
  }, [seconds]);
  return tick;
}

/** What `GET path` answers, anew every so many seconds. */
export function usePolled<T>(path: string, seconds: number): Kept<T> & { readonly again: () => void } {
  const tick = useTick(seconds);
  return useKept(path, tick, (signal) => get<T>(path, { signal }));
}

/** What came of the newest look: an error counts, even where something older is known. */
export function askedOf<T>(kept: Kept<T>): Asked<T> {
  if (kept.error !== undefined) return { kind: "failed", sentence: kept.error.sentence };
  return kept.value === undefined ? { kind: "asking" } : { kind: "answered", value: kept.value };
}
