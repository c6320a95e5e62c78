import type { Config } from "../config/load_config.ts";
import type { Definitions } from "../config/definitions.ts";
import { UsageError } from "../errors.ts";
import type { Host, Output } from "../host.ts";
import type { RunScope, ServiceRef } from "../model/service.ts";
import { type Log, onOneLine } from "../report/messages/log.ts";
import { LimitedChecker } from "../rollout/read/limited_checker.ts";
import type { Limits, RunContext } from "../rollout/run_context.ts";
import { Connections, type Connectors } from "./connections.ts";
import type { Context } from "./context.ts";
import type { GlobalOptions } from "./global_options.ts";
import { giveUpPermissions, isColored, type OpenContext, type OpenedService, openServices } from "./open_services.ts";
import { type RunLimits, stoppableFiles } from "./run_limits.ts";

/** What a command works with: the user's config, the log, connections to AWS, and what ends the command early. */
export interface Session
  extends
    Pick<Context, "host" | "hidden" | "reporter" | "typed">,
    Omit<Connectors, "connectValues" | "readAccount">,
    Pick<RunLimits, "signal" | "stoppedBy"> {
  readonly config: Config;
  /** The files that the config names, and the config's own text. */
  readonly definitions: Definitions;
  /** The service and its cluster. Throws a ConfigError if the config names no service. */
  readonly ref: ServiceRef;
  readonly scope: RunScope;
  /** Where many services are changed in turn: the services of wave 1 first. */
  readonly wave: number;
  /** Identifies this run, on the service and in CloudTrail: eight letters and digits. */
  readonly runId: string;
  readonly log: Log;
  readonly emit: RunContext["emit"];
  /** Milliseconds for the whole command; 0 means that there is no limit. */
  readonly timeoutMs: number;
  readonly limits: Limits;
  /** Looks up what task definitions name (images, secrets, roles ...) within this time in all, or three seconds. */
  readonly openChecker: (withinMs?: number) => LimitedChecker;
  /** Set before the first change is sent: from then on no message may say that nothing has been changed. */
  readonly changes: { mayHaveBegun: boolean };
  /** Asks for a line on a terminal, and pauses the time limit meanwhile. `undefined`: Ctrl-D, or a stop signal. */
  readonly ask: (question: string) => Promise<string | undefined>;
  /**
   * Asks for a yes in the same way. Where stdin is not a terminal the answer is yes, so that scripts go on.
   *
   * @throws UsageError, which names `--force`, if stdin is a terminal and nobody could see the question
   */
  readonly confirm: (question: string) => Promise<boolean>;
  /** Gives up the permission to write files, once the command has written its own. */
  readonly giveUpWriting: () => Promise<void>;
  /** Writes lines to stderr without time and level, for a person to read. */
  readonly printToStderr: (lines: readonly string[]) => void;
  readonly paintsStdout: boolean;
  /** Writes results to stdout, a line each. Nothing in them from AWS or a file can control the terminal. */
  readonly print: (lines: readonly string[]) => void;
  /** The same for prose: on a terminal, its lines are broken between words. */
  readonly printText: (lines: readonly string[]) => void;
}

/**
 * Finds the services that are meant, prepares the rest, and gives up what the run does not need. Returns a session for
 * each service, in the order in which they are named; services in one region and role share their connections. Asks AWS
 * only where a service is named by a pattern, a tag or an ARN.
 *
 * @param writes the files that the command will write
 * @throws ConfigError, UsageError, RefusedError; AwsError
 */
export async function openSessions(
  context: Context,
  options: GlobalOptions,
  limits: RunLimits,
  writes: readonly string[],
): Promise<Session[]> {
  const { reporter } = context;
  const host = { ...context.host, files: stoppableFiles(context.host.files, limits) };
  // Given up before any file is read.
  if (options.untrusted) host.giveUp(["ffi", "run"]);
  const own = { ...context, host };
  const runId = crypto.randomUUID().slice(0, 8);
  reporter.log.debug(`run ${runId}`);
  const connections = new Connections(own, limits.signal, runId);
  const opening = { context, host, hidden: context.hidden, options, connections, limits };
  const opened = await openServices({ ...opening, writes });
  const giveUpWriting = () => giveUpPermissions(opened.map(({ config }) => config), [], opening);
  const ofRun = { runId, changes: { mayHaveBegun: false }, giveUpWriting };
  const sessions = await Promise.all(opened.map((one) => openSession(one, { ...opening, context: own, ofRun })));
  await limits.isListening;
  host.onContinue(() => reporter.redraw());
  return sessions;
}

/** What the sessions of a run have in common. */
interface Shared extends Pick<OpenContext, "context" | "connections" | "limits"> {
  readonly ofRun: Pick<Session, "runId" | "changes" | "giveUpWriting">;
}

async function openSession(
  { entry, options, config, scope, openDefinitions }: OpenedService,
  { context, connections, limits, ofRun }: Shared,
): Promise<Session> {
  const { host, reporter, hidden, typed } = context;
  const { signal, stoppedBy, timeLimit } = limits;
  const { connectValues, readAccount: _, ...connectors } = await connections.connect(options, scope);
  return {
    ...{ host, config, scope, reporter, signal, stoppedBy, limits, hidden, typed, ...ofRun },
    wave: entry.wave,
    log: reporter.logAbout(config.service === undefined ? undefined : refOf(scope, config)),
    definitions: openDefinitions(connectValues),
    get ref() {
      return refOf(scope, config);
    },
    emit: (event) => reporter.emit({ ...event, service: refOf(scope, config) }),
    timeoutMs: timeLimit.ms,
    ...openPrinters(context, options),
    openChecker: (withinMs) => new LimitedChecker(connectors.connectReferences, host.clock, withinMs),
    ask: (question) => timeLimit.pauseFor(() => ask(question, host, limits.stop)),
    confirm: (question) => timeLimit.pauseFor(() => confirm(question, host, limits.stop)),
    ...connectors,
  };
}

function refOf(scope: RunScope, config: Config): ServiceRef {
  return { ...scope, service: config.requireService() };
}

function openPrinters(
  { host, reporter, hidden }: Context,
  options: GlobalOptions,
): Pick<Session, "paintsStdout" | "print" | "printText" | "printToStderr"> {
  const write = (output: Output, lines: readonly string[]) => output.write(lines.map((line) => `${line}\n`).join(""));
  const masked = (lines: readonly string[]) => lines.map((line) => onOneLine(hidden.mask(line)));
  return {
    paintsStdout: isColored(options, host.stdout, host),
    print: (lines) => write(reporter.stdout, masked(lines)),
    printText: (lines) => write(reporter.stdout, masked(lines).flatMap((line) => reporter.wrap(line, reporter.stdout))),
    printToStderr: (lines) => {
      if (options.logFormat === "json") lines.forEach((line) => reporter.log.info(line));
      else write(reporter.stderr, masked(lines));
    },
  };
}

type Terminal = Pick<Host, "stdin" | "stderr" | "onContinue">;

async function ask(
  question: string,
  { stdin, stderr, onContinue }: Terminal,
  stop: AbortSignal,
): Promise<string | undefined> {
  const write = () => stderr.write(`${onOneLine(question)} `);
  write();
  // After Ctrl-Z and `fg`, the shell's own text is between the question and its answer.
  const stopAskingAgain = onContinue(write);
  const answer = await stdin.readLine(stop).finally(stopAskingAgain);
  if (answer === undefined) stderr.write("\n");
  return answer;
}

async function confirm(question: string, terminal: Terminal, stop: AbortSignal): Promise<boolean> {
  const { stdin, stderr } = terminal;
  if (!stdin.isTerminal) return true;
  if (!stderr.isTerminal) {
    throw new UsageError(
      `cannot ask "${question}": stdin is a terminal, but stderr is not, so nobody would see it`,
      "add --force to go on without a question, or leave stderr on the terminal",
    );
  }
  const answer = await ask(`${question} [y/N]`, terminal, stop);
  return /^y(?:es)?$/i.test(answer?.trim() ?? "");
}
