import type { Output } from "../host.ts";
import { nameIn } from "./fleet/names.ts";
import { formatJson, formatLocalTime, isoTime, type Level, type LogFormat, onOneLine } from "./log.ts";
import { RunLog } from "./run_log.ts";
import { fitColumns } from "./table_layout.ts";
import type { Printer } from "./printer.ts";

/** How the log is written; the session knows more of that than the command line. */
export interface LogSettings {
  format: LogFormat;
  /** `service/cluster`, or `all 12`: what lines are about that name no service; `undefined` while nobody knows. */
  subject: string | undefined;
  /** A colon then parts what a line is about from what it says, for one may read on from the other. */
  isOfMany: boolean;
  debug: boolean;
  /** Whether ECS's own words are written, too, where there are lines that say the same. */
  verbose: boolean;
  color: boolean;
}

export interface TextOptions extends Readonly<LogSettings> {
  readonly output: Pick<Output, "write">;
  /** How wide the terminal is; 0: nobody knows, or it is none. */
  readonly columns: number;
  /** Hides in a text what is not to be shown. */
  readonly mask: (text: string) => string;
  /** A line as several, where a terminal has no room for it. */
  readonly wrap: (line: string) => readonly string[];
}

/** The plain log: one line an entry, on stderr, whatever else is shown. `options` are asked anew for each event. */
export function createTextPrinter(options: () => TextOptions): Printer {
  const log = new RunLog();
  return {
    print(event, state, atMs) {
      const { output, format, subject: ofRun, isOfMany, debug, verbose, color, mask, wrap, columns } = options();
      const ofEvent = "service" in event ? event.service : undefined;
      // What the parser of the command line has shown.
      const { failure } = state;
      if (event.kind === "finished" && failure?.kind === "usage" && failure.isShown && format === "text") return;
      const lines = log.describe(event, state, verbose).filter(([level]) => debug || level !== "debug");
      const written = lines.flatMap(([level, text, about = ofEvent], index) => {
        const message = mask(text);
        const subject = about === undefined || typeof about === "string" ? ofRun : nameIn(state, about);
        // In UTC, for machines that gather logs.
        if (format === "json") return formatJson({ time: isoTime(atMs), level, subject: subject ?? "", message });
        if (about === "table") return fitColumns([onOneLine(message)], columns);
        if (subject === undefined) return wrap(`${index === 0 ? PREFIXES[level] : "  "}${onOneLine(message)}`);
        const paint = color ? COLORS[level] : "";
        // The reference's line, in local time: `2023/01/01 12:00:00 [info] myservice/default Starting rollback`.
        const line = `${formatLocalTime(atMs)} [${level}] ${onOneLine(subject)}${isOfMany ? ":" : ""} ${
          onOneLine(message)
        }`;
        return wrap(line).map((row) => paint === "" ? row : paint + row + RESET);
      });
      if (written.length > 0) output.write(written.map((line) => `${line}\n`).join(""));
    },
  };
}

const PREFIXES: Readonly<Record<Level, string>> = { debug: "", info: "", warn: "warning: ", error: "error: " };
const COLORS: Readonly<Record<Level, string>> = { debug: "\x1b[2m", info: "", warn: "\x1b[33m", error: "\x1b[31m" };
const RESET = "\x1b[0m";
