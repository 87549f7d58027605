/** What the public API lets one see of the health of the parts. Pure. */

import type { ReadModel, Target, Waiting } from "./model";

/** One part: `good`, `warn` (slower, or waiting), `bad` (does not answer), `unseen` (nobody here can tell). */
export interface Part {
  readonly name: "importer" | "provisioner" | "projector" | "log" | "target";
  readonly look: "good" | "warn" | "bad" | "unseen";
}

/** What came of asking one service: its answer, or why there is none. */
export type Asked<T> =
  | { readonly kind: "asking" }
  | { readonly kind: "answered"; readonly value: T }
  | { readonly kind: "failed"; readonly sentence: string };

const SLOW_S = 10;

/** How the parts are, as far as their answers say. */
export function partsOf(
  importer: Asked<unknown>,
  models: Asked<readonly ReadModel[]>,
  target: Asked<Target>,
  waiting: Asked<Waiting>,
): readonly Part[] {
  return [
    { name: "importer", look: answering(importer) },
    { name: "provisioner", look: answering(target) },
    { name: "projector", look: projectorLook(models) },
    { name: "log", look: logLook(models) },
    { name: "target", look: targetLook(target, waiting) },
  ];
}

function answering(asked: Asked<unknown>): Part["look"] {
  if (asked.kind === "asking") return "unseen";
  return asked.kind === "answered" ? "good" : "bad";
}

function projectorLook(models: Asked<readonly ReadModel[]>): Part["look"] {
  if (models.kind !== "answered") return answering(models);
  return models.value.some((one) => one.oldest_unprocessed_seconds > SLOW_S) ? "warn" : "good";
}

/** The projector says `null` where the log did not answer it. */
function logLook(models: Asked<readonly ReadModel[]>): Part["look"] {
  if (models.kind !== "answered" || models.value.length === 0) return "unseen";
  return models.value.some((one) => one.records_ahead === null) ? "bad" : "good";
}

function targetLook(target: Asked<Target>, waiting: Asked<Waiting>): Part["look"] {
  if (target.kind === "answered") {
    if (target.value.state === "up") return "good";
    return target.value.state === "down" ? "bad" : "warn";
  }
  if (waiting.kind === "answered") return waiting.value.target.state === "paused" ? "warn" : "good";
  return "unseen";
}
