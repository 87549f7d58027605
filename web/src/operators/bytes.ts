/** Bytes of strangers as text that does nothing to a page: as they are where they can be printed, else as a hex dump. Pure. */

import type { Bytes } from "./parked_model";

const MOST_DUMPED = 4096;
const IN_A_LINE = 16;
const MOST_CHARACTERS = 20_000;

/** What is shown, and whether that is all of it. */
export interface Shown {
  readonly kind: "text" | "json" | "hex" | "nothing";
  readonly text: string;
  readonly whole: boolean;
}

/** The bytes as text; JSON is set out in lines where that loses nothing. */
export function shownBytes(data: Bytes | null): Shown {
  if (data === null) return { kind: "nothing", text: "", whole: true };
  if (data.text !== undefined) {
    const set = data.cut ? null : setOut(data.text);
    const text = set ?? data.text;
    return {
      kind: set === null ? "text" : "json",
      text: text.slice(0, MOST_CHARACTERS),
      whole: !data.cut && text.length <= MOST_CHARACTERS,
    };
  }
  const bytes = decoded(data.base64 ?? "");
  return {
    kind: "hex",
    text: hexDump(bytes.subarray(0, MOST_DUMPED)),
    whole: !data.cut && bytes.length <= MOST_DUMPED,
  };
}

/** Sixteen bytes a line: where, in hex, and as far as they are printable ASCII. */
export function hexDump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let start = 0; start < bytes.length; start += IN_A_LINE) {
    const part = [...bytes.subarray(start, start + IN_A_LINE)];
    const hex = part.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const text = part.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : ".")).join("");
    lines.push(`${start.toString(16).padStart(4, "0")}  ${hex.padEnd(IN_A_LINE * 3 - 1)}  ${text}`);
  }
  return lines.join("\n");
}

function setOut(text: string): string | null {
  if (!/^\s*[[{]/.test(text)) return null;
  try {
    const value: unknown = JSON.parse(text);
    return JSON.stringify(value) === text ? JSON.stringify(value, null, 2) : null;
  } catch {
    return null;
  }
}

function decoded(base64: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}
