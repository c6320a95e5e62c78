import type { Clock, Environment, Host, Output } from "../host.ts";
import type { GithubView } from "../report/github/github_view.ts";
import type { LiveDisplay } from "../report/live/live_display.ts";
import type { Log, LogFormat } from "../report/log.ts";
import { EMPTY_STATE, type Printer, reduce, type RunState } from "../report/state.ts";
import type { Level, RunEvent } from "../rollout/events.ts";
import type { Intent } from "../rollout/plan/plan.ts";
import { maskAll } from "../secrets/hidden_values.ts";
import type { Reporting } from "./global_options.ts";

/** Where a run is reported: it keeps the run's state and hands each event to the printers. */
export interface Reporter {
  /** What everything for people is written to besides the results: some printers share it. */
  readonly stderr: Output;
  /** What results for people are written to. */
  readonly stdout: Output;
  /** Whether a printer shows how the files of a deploy differ from what runs: that is a call more. */
  readonly showsDifferences: boolean;
  /** The files that it writes to when the run has ended. */
  readonly writes: readonly string[];
  readonly log: Log;
  readonly state: RunState;
  /** How the log is written; the session knows more of that than the command line. */
  readonly logSettings: LogSettings;
  emit(event: RunEvent): void;
  /** Loads what writes the log; until then, events wait. `--help` and `--version` need none of it. */
  openLog(): Promise<void>;
  /** Draws anew what is on the terminal: something else has written to it meanwhile. */
  redraw(): void;
  /** Reports how the program ends, and waits until all printers are done. Returns what went wrong with that, a line each. */
  finish(exitCode: number): Promise<string[]>;
}

/** How the log is written. */
interface LogSettings {
  format: LogFormat;
  /** `service/cluster`, once the config has named them. */
  subject: string | undefined;
  debug: boolean;
  color: boolean;
}

/** What printers share. */
interface Masking {
  /** Replaces hidden values in a text. Printers apply it before they cut a text or write it in another form. */
  readonly mask: (text: string) => string;
  /** For NDJSON, whose texts are masked by then: in what is written, a number might look like a value. */
  readonly wholeStdout: Output;
  /** One more of them. */
  readonly printer?: Printer | undefined;
}

interface Printers {
  readonly json: Printer | undefined;
  readonly github: GithubView | undefined;
  readonly display: LiveDisplay | undefined;
  readonly other?: Printer | undefined;
}

/** The commands whose run is shown by more than the log. */
const SHOWN: readonly Intent[] = ["rollback", "deploy", "wait"];

/** Finds out from the command line and the environment which printers there are, and loads only those. */
export async function openReporter(host: Host, reporting: Reporting, masking: Masking): Promise<Reporter> {
  const command = SHOWN.find((name) => name === reporting.command);
  const json = command !== undefined && reporting.output === "json"
    ? (await import("../report/json.ts")).createJsonPrinter((line) => masking.wholeStdout.write(line))
    : undefined;
  const github = reporting.isForGithub ? await openForGithub(host, command) : undefined;
  const display = github === undefined ? await openDisplay(host, command, reporting) : undefined;
  return createReporter(
    host,
    { json, github, display, other: masking.printer },
    masking.mask,
    reporting.logFormat === "json" ? "json" : "text",
  );
}

/** A reporter that writes the log, and nothing else. */
export function logOnly(host: Host): Reporter {
  return createReporter(host, { json: undefined, github: undefined, display: undefined }, (text) => text, "text");
}

function createReporter(
  host: Host,
  { json, github, display, other }: Printers,
  mask: (text: string) => string,
  format: LogFormat,
): Reporter {
  const logSettings: LogSettings = { format, subject: undefined, debug: false, color: false };
  const stderr = (github ?? display)?.stderr ?? host.stderr;
  const story = new Story([json, github, display, other], host.clock, mask);
  const emit = (event: RunEvent) => story.emit(event);
  const openLog = async () => {
    if (story.isOpen) return;
    const { createTextPrinter } = await import("../report/text.ts");
    story.open(createTextPrinter(() => ({ ...logSettings, output: stderr, mask })));
  };
  const write = (level: Level) => (message: string) => emit({ kind: "logged", level, message });
  return {
    stderr,
    stdout: github?.stdout ?? host.stdout,
    showsDifferences: json !== undefined || github !== undefined,
    writes: github?.writes ?? [],
    log: { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") },
    get state() {
      return story.state;
    },
    logSettings,
    emit,
    openLog,
    redraw: () => display?.redraw(),
    async finish(exitCode) {
      // Where the log is open, what follows happens at once: a second stop signal waits for nothing.
      if (!story.isOpen && (json !== undefined || github !== undefined)) await openLog();
      emit({ kind: "finished", exitCode });
      display?.close();
      return await github?.close() ?? [];
    },
  };
}

/** Keeps the state of a run, and hands each event to the printers; until the log is open, events wait. */
class Story {
  #state = EMPTY_STATE;
  #isOpen = false;
  readonly #printers: Printer[];
  readonly #waiting: RunEvent[] = [];

  constructor(
    printers: readonly (Printer | undefined)[],
    private readonly clock: Pick<Clock, "now">,
    private readonly mask: (text: string) => string,
  ) {
    this.#printers = printers.filter((printer) => printer !== undefined);
  }

  get state(): RunState {
    return this.#state;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  open(log: Printer): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#printers.push(log);
    for (const event of this.#waiting.splice(0)) this.emit(event);
  }

  emit(event: RunEvent): void {
    if (!this.#isOpen) return void this.#waiting.push(event);
    const atMs = this.clock.now();
    const masked = maskAll(event, this.mask);
    this.#state = reduce(this.#state, masked);
    for (const printer of this.#printers) printer.print(masked, this.#state, atMs);
  }
}

async function openForGithub(host: Host, command: Intent | undefined): Promise<GithubView> {
  const { GithubView } = await import("../report/github/github_view.ts");
  return new GithubView({ ...host, command });
}

async function openDisplay(
  host: Host,
  command: Intent | undefined,
  { output, color }: Reporting,
): Promise<LiveDisplay | undefined> {
  const { stderr, env, clock, terminalSize } = host;
  // The lines of NDJSON, or what `| jq` makes of them, would end up in the middle of it, and be taken for a part of it.
  if (command === undefined || output === "json" || !canShowLive(stderr, env)) return undefined;
  const { LiveDisplay } = await import("../report/live/live_display.ts");
  return new LiveDisplay({ stderr, size: terminalSize, clock, color: color ?? !env.get("NO_COLOR") });
}

/**
 * Whether `output` is a terminal on which lines can be drawn anew. `TERM` says so, or Windows Terminal, which does not set
 * it; without either nobody knows what an escape sequence would do.
 */
export function canShowLive({ isTerminal }: Pick<Output, "isTerminal">, env: Pick<Environment, "get">): boolean {
  const terminal = env.get("TERM") || env.get("WT_SESSION") || "dumb";
  return isTerminal && terminal !== "dumb";
}
