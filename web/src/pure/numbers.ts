/** Numbers, spans and moments as people read them. */

const LANGUAGE = "en-GB";
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

/** 12345 as 12,345. */
export function count(number: number): string {
  return whole.format(number);
}

/** A number with its noun: 1 row, 2 rows. */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/** A share of a whole as 12 %; what is not nothing is never 0 %, and what is not all never 100 %. */
export function percent(part: number, all: number): string {
  if (all <= 0 || part <= 0) return "0 %";
  if (part >= all) return "100 %";
  return `${Math.min(99, Math.max(1, Math.round((100 * part) / all)))} %`;
}

/** Things a second: 0.4, 12, 1,200. */
export function rate(number: number): string {
  return number < 10 ? tenth.format(number) : whole.format(number);
}

/** A size in bytes, as coarse as it may be: 512 bytes, 3.4 kB, 64 MB; 1,024 to the next, as limits are set. */
export function size(bytes: number): string {
  if (bytes < 1024) return counted(bytes, "byte");
  if (bytes < 1024 * 1024) return `${tenth.format(bytes / 1024)} kB`;
  return `${tenth.format(bytes / 1024 / 1024)} MB`;
}

/** A span of time, as coarse as it may be: 4 s, 3 min 5 s, 2 h 10 min, 3 days. */
export function duration(seconds: number): string {
  const rounded = Math.max(0, Math.round(seconds));
  if (rounded < 60) return `${rounded} s`;
  const minutes = Math.floor(rounded / 60);
  if (minutes < 60) return `${minutes} min${minutes < 10 && rounded % 60 ? ` ${rounded % 60} s` : ""}`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h${minutes % 60 ? ` ${minutes % 60} min` : ""}`;
  return `${Math.floor(hours / 24)} days`;
}

/** The time of day of an instant, in the zone of whoever reads it. */
export function clock(instant: string | number | Date): string {
  return new Intl.DateTimeFormat(LANGUAGE, { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(
    new Date(instant),
  );
}

/** A day: 5 Dec 2026. Of a bare date (`2026-12-05`) that day, wherever the reader is. */
export function day(date: string | number | Date): string {
  const bare = typeof date === "string" && /^\d{4}-\d\d-\d\d$/.test(date);
  return new Intl.DateTimeFormat(LANGUAGE, {
    day: "numeric",
    month: "short",
    year: "numeric",
    ...(bare ? { timeZone: "UTC" } : {}),
  }).format(new Date(date));
}

/** Day and time of an instant: 5 Dec 2026, 14:03. */
export function moment(instant: string | number | Date): string {
  return new Intl.DateTimeFormat(LANGUAGE, {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  }).format(new Date(instant));
}

/** The time alone if the instant is of today, else with its day. */
export function when(instant: string | number | Date, now: Date = new Date()): string {
  const then = new Date(instant);
  return then.toDateString() === now.toDateString() ? clock(then) : moment(then);
}

/** Whole days from now until an instant; negative once it is over. */
export function daysUntil(instant: string | number, now: number): number {
  return Math.floor((new Date(instant).getTime() - now) / 86_400_000);
}
