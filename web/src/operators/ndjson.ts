/** Lines of JSON out of pieces of a stream, wherever the pieces are cut. Pure. */

const LONGEST_LINE = 1_000_000;

/** What was read, and what is left for the next piece. */
export interface Lines {
  readonly values: readonly unknown[];
  readonly rest: string;
}

/** Read the whole lines of `rest` and `piece`; a line that is no JSON is passed over. */
export function readLines(rest: string, piece: string): Lines {
  const lines = (rest + piece).split("\n");
  const last = lines.pop() ?? "";
  const values: unknown[] = [];
  for (const line of lines) {
    if (line.trim() === "") continue;
    try {
      values.push(JSON.parse(line));
    } catch {
      // What is not JSON is not ours; the last line of the answer says whether it was complete.
    }
  }
  return { values, rest: last.length > LONGEST_LINE ? "" : last };
}
