import { escapeInvisible, escapeInvisibleInJson } from "../model/invisible_characters.ts";
import type { Level } from "../rollout/events.ts";

/** What the log says: a level and a message a line. */
export type Line = readonly [level: Level, message: string];

/** Each text as a line of this level. */
export function linesOf(level: Level, ...texts: readonly string[]): Line[] {
  return texts.map((text) => [level, text]);
}

/** Where lines go that are about no event. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export type LogFormat = "text" | "json";

interface LogEntry {
  readonly atMs: number;
  readonly level: Level;
  readonly subject: string;
  readonly message: string;
}

const COLORS: Record<Level, string> = { debug: "\x1b[2m", info: "", warn: "\x1b[33m", error: "\x1b[31m" };
const RESET = "\x1b[0m";

/** The reference's line, in local time: `2023/01/01 12:00:00 [info] myservice/default Starting rollback`. */
export function formatLogLine({ atMs, level, subject, message }: LogEntry, color: boolean): string {
  const line = `${formatLocalTime(atMs)} [${level}] ${onOneLine(subject)} ${onOneLine(message)}`;
  return color && COLORS[level] !== "" ? COLORS[level] + line + RESET : line;
}

/** An entry as an object on one line, in UTC, for machines that gather logs. */
export function formatJsonLine({ atMs, level, subject, message }: LogEntry): string {
  return formatJson({ time: new Date(atMs).toISOString(), level, subject, message });
}

/**
 * JSON in which no text can drive a terminal, nor make a workflow command of GitHub (`##[` begins one anywhere in a line).
 * A parser sees no difference.
 *
 * @param indent spaces a level, over several lines; 0: all on one line
 */
export function formatJson(value: unknown, indent = 0): string {
  return escapeInvisibleInJson(JSON.stringify(value, undefined, indent).replaceAll("##[", "#\\u0023["));
}

/** `2023/01/01 12:00:00`, in local time. */
export function formatLocalTime(atMs: number): string {
  const time = new Date(atMs);
  const two = (value: number) => String(value).padStart(2, "0");
  const date = `${time.getFullYear()}/${two(time.getMonth() + 1)}/${two(time.getDate())}`;
  return `${date} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

/**
 * Texts come from AWS and from files: a line break would forge a log line, an escape sequence would drive the terminal, and
 * what nobody sees, or what turns the direction of a text, would have it read as something else. Everything that is
 * written for people goes through here, but for the lines of a diff, which are made that way.
 */
export function onOneLine(text: string): string {
  return escapeInvisible(text.replace(/\r?\n/g, " "));
}

/** A duration the way the config spells it: `10m`, `1h30m`, `90s` as `1m30s`, `500ms`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${ms}ms`;
  const seconds = Math.round(ms / 1_000);
  const parts = [[Math.floor(seconds / 3_600), "h"], [Math.floor(seconds / 60) % 60, "m"], [
    seconds % 60,
    "s",
  ]] as const;
  return parts.filter(([count]) => count > 0).map(([count, unit]) => `${count}${unit}`).join("");
}
