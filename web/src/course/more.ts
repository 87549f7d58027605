/** A list that is read on by cursor, page after page, as somebody asks for more. */

import { useState } from "preact/hooks";
import type { Answer } from "../api/http";
import type { ApiError } from "../api/problem";
import { useGet } from "../app/hooks";
import type { Listed } from "./model";

export interface More<T> {
  readonly items: readonly T[] | undefined;
  readonly next: string | null;
  readonly error: ApiError | undefined;
  readonly again: () => void;
  /** Read the next page, and have it behind the others. */
  readonly more: (ask: (path: string) => Promise<Answer<Listed<T>>>) => Promise<Answer<Listed<T>>>;
}

/** The first page of a list, and what was read behind it; another path, or `again`, begins anew. */
export function useMore<T>(path: string | null): More<T> {
  const first = useGet<Listed<T>>(path);
  const [behind, setBehind] = useState<{ of: unknown; items: readonly T[]; next: string | null }>();
  const known = behind !== undefined && behind.of === first.value ? behind : undefined;
  const next = known === undefined ? (first.value?.next ?? null) : known.next;
  return {
    items: first.value && [...first.value.results, ...(known?.items ?? [])],
    next: next === null ? null : pathOf(next),
    error: first.value === undefined ? first.error : undefined,
    again: first.reload,
    more: async (ask) => {
      const answer = await ask(pathOf(next ?? ""));
      if (answer.ok) {
        setBehind({
          of: first.value,
          items: [...(known?.items ?? []), ...answer.value.results],
          next: answer.value.next,
        });
      }
      return answer;
    },
  };
}

/** Path and query of an address the server gave: asked of our own origin, whatever host it names. */
export function pathOf(next: string): string {
  const url = new URL(next, "http://here.invalid");
  return url.pathname + url.search;
}
