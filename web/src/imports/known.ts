/** What a submission was answered: shown until the import can be read, which may take a moment. */

import type { ImportStatus } from "../api/imports";

let last: ImportStatus | undefined;

export function knownFrom(answer: ImportStatus): void {
  last = answer;
}

export function knownStatus(uuid: string): ImportStatus | undefined {
  return last?.uuid === uuid ? last : undefined;
}
