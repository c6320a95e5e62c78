import type { Cause } from "../../diagnosis/cause.ts";
import { type Optional, optional } from "../../errors.ts";
import type { Clock } from "../../host.ts";
import type { CloudWatchLogs, ContainerLog } from "../../model/log_place.ts";
import type { LogsPort } from "../../model/ports.ts";
import type { AwsFailure } from "../../problems/aws_failure.ts";

/** How long the end of a rollout waits for a log that is being read: a rollback may follow. */
const LAST_WITHIN_MS = 1_500;
/** Characters of a line; longer ones are cut. */
const LONGEST_LINE = 300;

export interface LogReading {
  readonly connect: () => Promise<LogsPort>;
  /** How many lines: at least one. */
  readonly lines: number;
  /** Whether the user gave the number. */
  readonly isAskedFor: boolean;
}

export interface LogContext {
  /** How to read the logs of containers that fail; `undefined`: they are not read. */
  readonly logs?: LogReading | undefined;
  readonly clock: Clock;
  /** Aborted when the user wants to stop. */
  readonly stop: AbortSignal;
}

/** Why a log is not shown; `error`: AWS's words, where it has any. */
export type LogNotRead = Readonly<{ code: "logNotRead"; container: string; error: AwsFailure | undefined }>;

/** A log that a cause points to. */
interface Written {
  readonly container: string;
  readonly taskArn: string;
  readonly place: CloudWatchLogs & { readonly stream: string };
}

/** What came of reading a log: its lines, where it is there, and in time. */
type Found = Optional<readonly string[] | undefined>;

/**
 * Reads the log of the failed container while the deployment is watched, as soon as it is known which one that is. A
 * log that is not there yet, or empty, is read again with the next causes, because lines arrive some seconds late. It
 * is optional: nothing that fails here ends the rollout.
 */
export class LogReader {
  readonly #tooLate = new AbortController();
  #reading: { readonly of: Written; readonly found: Promise<Found> } | undefined;
  /** Whether another read may bring more. */
  #isOpen = true;

  constructor(private readonly context: LogContext) {}

  /** @param causes the main one first */
  begin([cause]: readonly Cause[]): void {
    const { logs } = this.context;
    const of = cause && findWritten(cause);
    const isAnother = of?.container !== this.#reading?.of.container;
    if (logs === undefined || of === undefined || !(isAnother || this.#isOpen)) return;
    this.#isOpen = false;
    this.#reading = { of, found: this.#read(of, logs) };
  }

  /** Returns what was read, or why it is not shown; `undefined` where there is nothing to report. */
  async end(): Promise<ContainerLog | LogNotRead | undefined> {
    const { logs, clock, stop } = this.context;
    if (logs === undefined || this.#reading === undefined) return undefined;
    const { of: { container, taskArn }, found } = this.#reading;
    const late = AbortSignal.any([stop, clock.deadline(LAST_WITHIN_MS)]);
    late.addEventListener("abort", () => this.#tooLate.abort());
    const { value: lines, denied } = await found;
    const { isAskedFor } = logs;
    if (lines !== undefined) return { container, taskArn, lines, isAskedFor };
    const isReported = !stop.aborted && (isAskedFor || denied !== undefined);
    return isReported ? { code: "logNotRead", container, error: denied?.failure } : undefined;
  }

  async #read({ place }: Written, { connect, lines, isAskedFor }: LogReading): Promise<Found> {
    const read = async () => {
      const events = await (await connect()).readLastEvents(place, lines, this.#tooLate.signal);
      const found = events?.flatMap(linesOf).slice(-lines);
      this.#isOpen = found === undefined || found.length === 0;
      return found;
    };
    return await optional(read(), () => isAskedFor).catch(() => ({ value: undefined }));
  }
}

function findWritten({ container, taskArn, log }: Cause): Written | undefined {
  if (container === undefined || taskArn === undefined || log?.kind !== "cloudWatchLogs") return undefined;
  const { stream, ...place } = log;
  return stream === undefined ? undefined : { container, taskArn, place: { ...place, stream } };
}

/** An event may have several lines (awslogs-multiline-pattern). */
function linesOf(event: string): string[] {
  return event.split(/\r\n|[\r\n]/).map((line) => cutLine(line.replaceAll("\t", "  ").trimEnd())).filter((line) =>
    line !== ""
  );
}

function cutLine(line: string): string {
  const characters = [...line];
  return characters.length <= LONGEST_LINE ? line : `${characters.slice(0, LONGEST_LINE - 1).join("")}…`;
}
