import { UsageError } from "../errors.ts";
import { readDuration } from "./global_options.ts";

const DAY_MS = 24 * 3_600_000;

/** `2026-11-24 18:00`, and as this program prints it: with slashes, seconds, `T`, and an offset (`Z`, `+09:00`). */
const DATE_AND_TIME = /^(\d{4})([-/])(\d\d)\2(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?$/;

/**
 * Reads a moment: a date and a time, local unless an offset follows, or how long ago (`-2h`). A time to the second
 * means the end of that second, since events are printed with the second in which they happened.
 *
 * @param nowMs milliseconds since the epoch, as is the result
 * @throws UsageError that names the option: for anything else, and for a moment in the future
 */
export function parseMoment(text: string, option: string, nowMs: number): number {
  const ms = text.startsWith("-") ? nowMs - parseSpan(text.slice(1), option) : readDateAndTime(text);
  if (ms === undefined) {
    const example = `'2026-11-24 18:00', 2026-11-24T18:00+09:00 or -2h`;
    throw new UsageError(`${option} takes a date and a time, or how long ago: ${example}, not ${quote(text)}`);
  }
  if (Math.floor(ms / 1_000) > nowMs / 1_000) throw new UsageError(`${option} ${quote(text)} is still to come`);
  return ms;
}

/** Reads a span of time, in milliseconds: `7d`, or like a timeout. Throws a UsageError that names the option. */
export function parseSpan(text: string, option: string): number {
  const days = /^(\d{1,5})d$/.exec(text)?.[1];
  return days === undefined ? readDuration(option, text) : Number(days) * DAY_MS;
}

function readDateAndTime(text: string): number | undefined {
  const match = DATE_AND_TIME.exec(text);
  if (match === null) return undefined;
  const [, , , , , , , second, fraction, offset] = match;
  const [year, month, day, hour, minute] = [1, 3, 4, 5, 6].map((index) => Number(match[index]));
  const withinMs = second === undefined
    ? 0
    : fraction === undefined
    ? 999
    : Math.min(999, Math.round(Number(fraction) * 1_000));
  // Date turns February 30 and the like into a day of the next month: then it is not a date.
  const local = new Date(year!, month! - 1, day!, hour!, minute!, Number(second ?? 0));
  const isDay = local.getMonth() === month! - 1 && local.getDate() === day!;
  if (!isDay || hour! > 23 || minute! > 59 || Number(second ?? 0) > 59) return undefined;
  if (offset === undefined) return local.getTime() + withinMs;
  const seconds = text.replace(fraction ?? "", "").replaceAll("/", "-").replace(" ", "T");
  const ms = Date.parse(seconds.replace(/([+-]\d\d)(\d\d)$/, "$1:$2")) + withinMs;
  return Number.isNaN(ms) ? undefined : ms;
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}
