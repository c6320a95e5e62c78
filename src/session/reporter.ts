import type { Host, Output } from "../host.ts";
import type { GithubView } from "../report/github/github_view.ts";
import type { LiveDisplay } from "../report/live/live_display.ts";
import type { Level, Log, LogFormat } from "../report/messages/log.ts";
import type { ServiceRef } from "../model/service.ts";
import { EMPTY_STATE, type RunState } from "../report/state.ts";
import { reduce } from "../report/reduce.ts";
import type { RunLog } from "../report/printers/run_log.ts";
import type { LogSettings } from "../report/printers/text.ts";
import type { PrintedEvent, Printer } from "../report/printer.ts";
import { HiddenValues, hideInPlan, maskAll } from "../secrets/hidden_values.ts";

/** The printers of a run besides the log. */
export interface Printers {
  readonly json?: Printer | undefined;
  readonly github?: GithubView | undefined;
  readonly display?: LiveDisplay | undefined;
  readonly other?: Printer | undefined;
}

/** Reports a run: keeps the run's state, and hands each event to the printers. */
export class Reporter {
  readonly log: Log;
  readonly logSettings: LogSettings;
  #state = EMPTY_STATE;
  readonly #printers: Printer[];
  #lines: RunLog | undefined;
  /** Events that wait for the log to open. */
  readonly #waiting: PrintedEvent[] = [];
  #wrapLine: (line: string, columns: number) => readonly string[] = (line) => [line];

  /** @param hidden the values that are masked in events, while their texts are whole: printers cut, wrap and escape them */
  constructor(
    private readonly host: Host,
    private readonly views: Printers = {},
    format: LogFormat = "text",
    private readonly hidden = new HiddenValues(),
  ) {
    const { json, github, display, other } = views;
    this.#printers = [json, github, display, other].filter((printer) => printer !== undefined);
    this.logSettings = { format, subject: undefined, isOfMany: false, debug: false, verbose: false, color: false };
    this.log = this.logAbout(undefined);
  }

  /** A log whose lines are about a service; `undefined`: about the run. */
  logAbout(service: ServiceRef | undefined): Log {
    const write = (level: Level) => (message: string) =>
      this.emit({ kind: "logged", level, message, ...(service && { service }) });
    return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
  }

  /** The output for people, except for results: some printers share it. */
  get stderr(): Output {
    return (this.views.github ?? this.views.display)?.stderr ?? this.host.stderr;
  }

  /** The output for results that people read. */
  get stdout(): Output {
    return this.views.github?.stdout ?? this.host.stdout;
  }

  /** Whether the run is reported to a program, too: as NDJSON, or to GitHub. */
  get isRecorded(): boolean {
    return this.views.json !== undefined || this.views.github !== undefined;
  }

  /** The files that are written when the run has ended. */
  get writes(): readonly string[] {
    return this.views.github?.writes ?? [];
  }

  get state(): RunState {
    return this.#state;
  }

  /** For a run to call with its events. */
  readonly emit = (event: PrintedEvent): void => {
    if (this.#lines === undefined) return void this.#waiting.push(event);
    const atMs = this.host.clock.now();
    const masked = maskAll(this.#hideInPlan(event), this.hidden.mask);
    this.#state = reduce(this.#state, masked, this.host.clock.elapsed());
    const lines = this.#lines.describe(masked, this.#state, this.logSettings.verbose);
    for (const printer of this.#printers) printer.print(masked, this.#state, atMs, lines);
  };

  /** An automatic rollback's plan, too, may have values that files have looked up. */
  #hideInPlan(event: PrintedEvent): PrintedEvent {
    return event.kind === "planned" ? { ...event, plan: hideInPlan(event.plan, this.hidden) } : event;
  }

  /** Loads the printer of the log; until then, events wait. `--help` and `--version` do not need it. */
  async openLog(): Promise<void> {
    if (this.#lines !== undefined) return;
    const { RunLog } = await import("../report/printers/run_log.ts");
    const { createTextPrinter } = await import("../report/printers/text.ts");
    if (this.views.github === undefined && (this.host.stderr.isTerminal || this.host.stdout.isTerminal)) {
      this.#wrapLine = (await import("../report/live/wrap_line.ts")).wrapLine;
    }
    // A second call has waited for the same modules.
    if (this.#lines !== undefined) return;
    this.#lines = new RunLog();
    const wrap = (line: string) => this.wrap(line, this.stderr);
    this.#printers.push(createTextPrinter(() => {
      const columns = columnsOf(this.host, "stderr");
      return { ...this.logSettings, output: this.stderr, columns, wrap };
    }));
    for (const event of this.#waiting.splice(0)) this.emit(event);
  }

  /** A line for people, broken to the width of the terminal that it is written to. Only once the log is open. */
  wrap(line: string, { isTerminal }: Pick<Output, "isTerminal">): readonly string[] {
    return isTerminal ? this.#wrapLine(line, this.host.terminalSize().columns) : [line];
  }

  /** Draws the display again, after something else has written to the terminal. */
  redraw(): void {
    this.views.display?.redraw();
  }

  /** Reports how the program ends, and waits for all printers. Returns what went wrong with that, a line each. */
  async finish(exitCode: number): Promise<string[]> {
    // If the log is open, the rest happens at once: a second stop signal does not wait.
    if (this.#lines === undefined && this.isRecorded) await this.openLog();
    this.emit({ kind: "finished", exitCode });
    this.views.display?.close();
    return await this.views.github?.close() ?? [];
  }
}

/** How wide a table may be on an output; 0: no limit, because it is not a terminal or its width is unknown. */
export function columnsOf(host: Host, output: "stdout" | "stderr"): number {
  return host[output].isTerminal ? host.terminalSize().columns : 0;
}
