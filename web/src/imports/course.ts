/** Keeps the course of an import (moments and numbers, nothing else) in this tab, so that a reload still draws it. */

import type { Sample } from "../pure/progress";

const KEY = "course-accounts.course.";
const LEAST_GAP_MS = 1000;
let kept = 0;

export function keptCourse(uuid: string): readonly Sample[] {
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(KEY + uuid) ?? "[]");
    return Array.isArray(found) ? found.filter(isSample) : [];
  } catch {
    return [];
  }
}

export function keepCourse(uuid: string, course: readonly Sample[]): void {
  const now = Date.now();
  if (now - kept < LEAST_GAP_MS) return;
  kept = now;
  try {
    sessionStorage.setItem(KEY + uuid, JSON.stringify(course));
  } catch {
    // It is a comfort only.
  }
}

function isSample(one: unknown): one is Sample {
  if (typeof one !== "object" || one === null) return false;
  const { at, created, failed, others } = one as Record<string, unknown>;
  return [at, created, failed, others].every((number) => typeof number === "number" && Number.isFinite(number));
}
