import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import type { ConnectionOptions } from "../aws/connection.ts";
import type { Environment, Host, Output, StopSignal } from "../host.ts";
import type { TypedOption } from "../model/service.ts";
import type { Ending } from "../report/exit_code.ts";
import { INTENTS } from "../report/messages/work_words.ts";
import type { Printer } from "../report/printer.ts";
import { HiddenValues } from "../secrets/hidden_values.ts";
import { meaningOfSwitch, type ParsedGlobalOptions } from "./global_options.ts";
import { type Printers, Reporter } from "./reporter.ts";

/** One run of the program, as its commands see it. */
export interface Context {
  readonly host: Host;
  readonly hidden: HiddenValues;
  /** Stands in for the network in tests. */
  readonly requestHandler: ConnectionOptions["requestHandler"];
  /** Gets the events of the run, too; for tests. */
  readonly printer: Printer | undefined;
  /** Reports the run; until the command line is read, it only writes the log. */
  reporter: Reporter;
  /** The options of the command line, in order; empty until it is parsed. */
  typed: readonly TypedOption[];
  /** The region of the calls to AWS, once the config or the environment has named it. */
  region: string | undefined;
  /** How the command has ended, so far. */
  ending: Ending;
  /** When aborted, the program stops waiting for the readers of its outputs. */
  outputDeadline: AbortSignal;
  /** The stop signal that a command got which changes nothing: it may have cut off the command's result. */
  cutOffBy: () => StopSignal | undefined;
}

/** A run in which nothing has happened yet. */
export function newContext(
  host: Host,
  requestHandler?: ConnectionOptions["requestHandler"],
  printer?: Printer,
): Context {
  const hidden = new HiddenValues();
  // The texts of events are masked already, while they are whole: this is for all others.
  host.maskWrites(hidden.mask);
  return {
    host,
    hidden,
    requestHandler,
    printer,
    reporter: new Reporter(host),
    typed: [],
    region: undefined,
    ending: "ok",
    outputDeadline: new AbortController().signal,
    cutOffBy: () => undefined,
  };
}

/**
 * Chooses the printers by the command line, even a wrong one, and by the environment, and loads only those. Does not
 * throw for values that cannot be read: `resolveGlobalOptions` does.
 *
 * @param typed the command that is named
 */
export async function openReporter(
  { host, hidden, printer: other }: Context,
  typed: CommandUnknownOpts | undefined,
  { logFormat, github, color }: ParsedGlobalOptions,
): Promise<Reporter> {
  const { stderr, env, clock, terminalSize } = host;
  // Only commands that run plans have printers besides the log.
  const command = INTENTS.find((intent) => intent === typed?.name());
  const isNdjson = command !== undefined && typed?.opts().output === "json";
  const format = (logFormat ?? env.get("ECSPRESSO_LOG_FORMAT")) === "json" ? "json" : "text";
  // The texts in NDJSON are masked already. Masking whole lines could hit a number that looks like a value.
  const json = isNdjson
    ? (await import("../report/printers/json.ts")).createJsonPrinter((line) => host.stdout.writeWhole(line))
    : undefined;
  const report = (views: Printers) => new Reporter(host, { ...views, other }, format, hidden);
  if (github ?? env.get("GITHUB_ACTIONS") === "true") {
    const { GithubView } = await import("../report/github/github_view.ts");
    return report({ json, github: new GithubView({ ...host, command }) });
  }
  // NDJSON, or what `| jq` makes of it, would get in among the lines of the display.
  if (command === undefined || isNdjson || !canShowLive(stderr, env)) return report({ json });
  const { LiveDisplay } = await import("../report/live/live_display.ts");
  const isColored = color ?? meaningOfSwitch(env.get("ECSPRESSO_COLOR") ?? "") ?? !env.get("NO_COLOR");
  return report({ display: new LiveDisplay({ stderr, size: terminalSize, clock, color: isColored }) });
}

/**
 * Whether `output` is a terminal on which lines can be drawn over. `TERM` says so, or Windows Terminal, which does not
 * set it; without either, nobody knows what an escape sequence would do.
 */
export function canShowLive({ isTerminal }: Pick<Output, "isTerminal">, env: Pick<Environment, "get">): boolean {
  const terminal = env.get("TERM") || env.get("WT_SESSION") || "dumb";
  return isTerminal && terminal !== "dumb";
}

/** Whether the program runs in a CI system, which keeps what is printed, and may have terminals where nobody types. */
export function isCi(env: Pick<Environment, "get">): boolean {
  return !["", "0", "false"].includes((env.get("CI") ?? "").toLowerCase());
}
