import type { Output } from "../host.ts";
import type { Level } from "../rollout/events.ts";
import { describeEvent } from "./event_text.ts";
import { formatJsonLine, formatLogLine, type LogFormat, onOneLine } from "./log.ts";
import type { Printer } from "./state.ts";

export interface TextOptions {
  readonly output: Pick<Output, "write">;
  readonly format: LogFormat;
  /** `service/cluster`; `undefined` while nobody knows which service the lines are about. */
  readonly subject: string | undefined;
  readonly debug: boolean;
  readonly color: boolean;
  /** Hides in a text what is not to be shown. */
  readonly mask: (text: string) => string;
}

const PREFIXES: Readonly<Record<Level, string>> = { debug: "", info: "", warn: "warning: ", error: "error: " };

/** The plain log: one line an entry, on stderr, whatever else is shown. `options` are asked anew for each event. */
export function createTextPrinter(options: () => TextOptions): Printer {
  return {
    print(event, state, atMs) {
      const { output, format, subject, debug, color, mask } = options();
      if (event.kind === "failed" && event.failure.kind === "usage" && event.failure.isShown && format === "text") {
        return;
      }
      const lines = describeEvent(event, state).filter(([level]) => debug || level !== "debug");
      const written = lines.map(([level, text], index) => {
        const message = mask(text);
        if (format === "json") return formatJsonLine({ atMs, level, subject: subject ?? "", message });
        if (subject !== undefined) return formatLogLine({ atMs, level, subject, message }, color);
        return `${index === 0 ? PREFIXES[level] : "  "}${onOneLine(message)}`;
      });
      if (written.length > 0) output.write(written.map((line) => `${line}\n`).join(""));
    },
  };
}
