import type { Output } from "../../host.ts";
import { type Color, paint } from "../colors.ts";
import { nameIn } from "../fleet/names.ts";
import { formatJson, formatLocalTime, isoTime, type Level, type LogFormat, onOneLine } from "../messages/log.ts";
import { isLogged } from "./run_log.ts";
import { fitColumns } from "../table_layout.ts";
import type { Printer } from "../printer.ts";

/** How the log is written. The session changes these settings once it knows more than the command line says. */
export interface LogSettings {
  format: LogFormat;
  /** What lines without a service are about: `service/cluster`, or `all 12`; `undefined` until that is known. */
  subject: string | undefined;
  /** Whether a colon follows the name, so that the message is not read as its continuation. */
  isOfMany: boolean;
  debug: boolean;
  /** Whether ECS's own words are logged even if other lines say the same. */
  verbose: boolean;
  color: boolean;
}

interface TextOptions extends Readonly<LogSettings> {
  readonly output: Pick<Output, "write">;
  /** The width of the terminal; 0: unknown, or not a terminal. */
  readonly columns: number;
  /** Breaks a line that is too long for the terminal. */
  readonly wrap: (line: string) => readonly string[];
}

/** The plain log on stderr: one line per entry. `options` is called for each event. */
export function createTextPrinter(options: () => TextOptions): Printer {
  return {
    print(event, state, atMs, lines) {
      const { output, format, subject: ofRun, isOfMany, debug, verbose, color, wrap, columns } = options();
      const ofEvent = "service" in event ? event.service : undefined;
      // The parser of the command line has shown this error already.
      const { failure } = state;
      if (event.kind === "finished" && failure?.kind === "usage" && failure.isShown && format === "text") return;
      const logged = lines.filter((line) => isLogged(line, verbose) && (debug || line[0] !== "debug"));
      const written = logged.flatMap(([level, message, about = ofEvent], index) => {
        const subject = about === undefined || typeof about === "string" ? ofRun : nameIn(state, about);
        // In UTC, for programs that collect logs.
        if (format === "json") return formatJson({ time: isoTime(atMs), level, subject: subject ?? "", message });
        if (about === "table") return fitColumns([onOneLine(message)], columns);
        if (subject === undefined) return wrap(`${index === 0 ? PREFIXES[level] : "  "}${onOneLine(message)}`);
        // As ecspresso writes it, in local time: `2023/01/01 12:00:00 [info] myservice/default Starting rollback`.
        const line = `${formatLocalTime(atMs)} [${level}] ${onOneLine(subject)}${isOfMany ? ":" : ""} ${
          onOneLine(message)
        }`;
        return wrap(line).map((row) => paint(row, color ? COLORS[level] : undefined));
      });
      if (written.length > 0) output.write(written.map((line) => `${line}\n`).join(""));
    },
  };
}

const PREFIXES: Readonly<Record<Level, string>> = { debug: "", info: "", warn: "warning: ", error: "error: " };
const COLORS: Readonly<Partial<Record<Level, Color>>> = { debug: "dim", warn: "yellow", error: "red" };
