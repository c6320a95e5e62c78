import { MIB } from "../../host/read_bounded.ts";
import { clusterName, serviceName } from "../../model/arn.ts";
import { escapeInvisible, escapeInvisibleInJson } from "../../model/invisible_characters.ts";
import type { ServiceRef } from "../../model/service.ts";

export type Level = "debug" | "info" | "warn" | "error";

/**
 * One line of the log, about the event's service unless `about` names another service or the run. A line of a `table`
 * is written without time and level. `mark`: a part of how the run ended, for summaries that show that part themselves;
 * or that only a log with `--verbose` has the line, or only one without.
 */
export type Line = readonly [
  ...[level: Level, message: string],
  ...[
    about?: ServiceRef | "run" | "table",
    mark?: "message" | "advice" | "nextStep" | "leftover" | "verbose" | "brief",
  ],
];

/** Each text as one line of that level. */
export const linesAt = (level: Level, texts: readonly string[]): Line[] => texts.map((text) => [level, text]);
export const info = (...texts: readonly string[]) => linesAt("info", texts);
export const warn = (...texts: readonly string[]) => linesAt("warn", texts);
export const error = (...texts: readonly string[]) => linesAt("error", texts);

/** Takes lines that belong to no event. */
export type Log = Readonly<Record<Level, (message: string) => void>>;

export type LogFormat = "text" | "json";

/**
 * JSON in which no text can control a terminal or be taken for a workflow command of GitHub (`##[` starts one anywhere
 * in a line). A parser sees no difference.
 *
 * @param indent spaces per level; 0: all on one line
 */
export function formatJson(value: unknown, indent = 0): string {
  return escapeInvisibleInJson(JSON.stringify(value, undefined, indent).replaceAll("##[", "#\\u0023["));
}

/** The members of NDJSON that name a service. */
export function nameService({ service, cluster, region }: ServiceRef) {
  return { service: serviceName(service), cluster: clusterName(cluster), region };
}

/** `2023/01/01 12:00:00`, in local time. */
export function formatLocalTime(atMs: number): string {
  const offsetMs = new Date(atMs).getTimezoneOffset() * 60_000;
  return new Date(atMs - offsetMs).toISOString().slice(0, 19).replace("T", " ").replaceAll("-", "/");
}

/** ISO 8601, in UTC. */
export function isoTime(atMs: number): string;
export function isoTime(atMs: number | undefined): string | undefined;
export function isoTime(atMs: number | undefined): string | undefined {
  return atMs === undefined ? undefined : new Date(atMs).toISOString();
}

/** `12:00:00`, in local time. */
export function formatClockTime(atMs: number): string {
  return formatLocalTime(atMs).slice(-8);
}

/** `UTC`, `UTC+09:00`: the offset of local time at a moment. */
export function nameZone(atMs: number): string {
  return offsetMinutes(atMs) === 0 ? "UTC" : `UTC${formatOffset(offsetMinutes(atMs))}`;
}

/** `formatLocalTime`, with the offset if clocks are put back and the time occurs twice; `--at` reads both forms. */
export function formatMoment(atMs: number): string {
  const [text, minutes] = [formatLocalTime(atMs), offsetMinutes(atMs)];
  const isTwice = [-DAY_MS, DAY_MS].some((ms) => {
    const other = atMs + (minutes - offsetMinutes(atMs + ms)) * 60_000;
    return other !== atMs && formatLocalTime(other) === text;
  });
  return isTwice ? `${text}${formatOffset(minutes)}` : text;
}

/** `+09:00` */
function formatOffset(minutes: number): string {
  const part = (count: number) => String(Math.floor(count)).padStart(2, "0");
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${part(size / 60)}:${part(size % 60)}`;
}

const DAY_MS = 86_400_000;

/** Minutes that local time is ahead of UTC. */
function offsetMinutes(atMs: number): number {
  return -new Date(atMs).getTimezoneOffset();
}

/**
 * Escapes a text from AWS or from a file: a line break would forge a line of the log, an escape sequence would control
 * the terminal, and invisible or bidirectional characters would change what people read. All text for people goes
 * through here, except the lines of a diff, which are made this way.
 */
export function onOneLine(text: string): string {
  return escapeInvisible(text.replace(/\r?\n/g, " "));
}

/** With a capital letter at the beginning. */
export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `1 service`, `3 services` */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** A size: `70.5 MiB`. */
export function inMib(bytes: number): string {
  return `${Math.round(bytes / MIB * 10) / 10} MiB`;
}

/** A duration as the config spells it: `10m`, `1h30m`, `1m30s` for 90 seconds, `500ms`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${ms}ms`;
  const seconds = Math.round(ms / 1_000);
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return Object.entries({ h, m, s }).filter(([, count]) => count > 0).map(([unit, count]) => count + unit).join("");
}

const UNITS = [["d", 86_400_000], ["h", 3_600_000], ["m", 60_000], ["s", 1_000]] as const;

/** How long ago, in its largest unit: `3d`, `12m`. */
export function formatAge(ms: number): string {
  const [unit, length] = UNITS.find(([, length]) => ms >= length) ?? ["s", 1_000];
  return `${Math.max(0, Math.floor(ms / length))}${unit}`;
}
