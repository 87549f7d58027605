/** Why accounts of a course failed, grouped. Pure. */

/** Accounts that failed for one reason; `message` and `hint` are the server's sentences, once one account told them. */
export interface Cause {
  readonly code: string;
  readonly count: number;
  readonly message: string | null;
  readonly hint: string | null;
}

/** The sentences of one code. */
export interface Explained {
  readonly message: string;
  readonly hint: string | null;
}

/** Causes, those with most accounts first. */
export function causesOf(
  byCode: Readonly<Record<string, number>>,
  explained: ReadonlyMap<string, Explained>,
): readonly Cause[] {
  return Object.entries(byCode)
    .filter(([, count]) => count > 0)
    .map(([code, count]) => ({
      code,
      count,
      message: explained.get(code)?.message ?? null,
      hint: explained.get(code)?.hint ?? null,
    }))
    .sort((one, other) => other.count - one.count || one.code.localeCompare(other.code));
}
