import { setImmediate } from "node:timers";
import { run } from "../src/app/run.ts";
import type { StopSignal } from "../src/host.ts";
import type { Printer } from "../src/report/printer.ts";
import "./cheap_signatures.ts";
import "./settled_connections.ts";
import type { Emulator, EmulatorRequest } from "./emulator/emulator.ts";
import { FleetClock } from "./fleet_clock.ts";
import { type MadeUp, madeUpHost } from "./made_up_host.ts";
import { VirtualClock } from "./virtual_clock.ts";

/** Runs the whole program in this process, with an emulator but without a network or real time. */

/** `files`: when left out, an `ecspresso.yml` for the emulator's `myservice`. */
export interface RunOptions extends
  Pick<
    MadeUp,
    "env" | "files" | "links" | "unwritable" | "isTerminal" | "columns" | "stdoutFailure" | "typed" | "invoke"
  > {
  /** A stop signal, sent when so many calls have been answered. */
  readonly stopAfterCalls?: { readonly calls: number; readonly signal: StopSignal };
  /** A stop signal, sent when so much time has passed: of many services, which calls next depends on the machine. */
  readonly stopAfterMs?: { readonly ms: number; readonly signal: StopSignal };
  /** The machine's clock is set when so many calls have been answered: forward, or back where `ms` is negative. */
  readonly setClockAfterCalls?: { readonly calls: number; readonly ms: number };
  /** Whether many services sleep at the same time. */
  readonly isFleet?: boolean;
  /** Gets each event, and the state after it: tests look there for what happens, not in the words of the log. */
  readonly print?: Printer["print"];
}

export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The files as the program has left them. */
  readonly files: ReadonlyMap<string, string>;
}

export const CONFIG_FILES: Readonly<Record<string, string>> = {
  "ecspresso.yml": "region: ap-northeast-1\ncluster: default\nservice: myservice\n",
};

/**
 * Lets every call under way be answered before time passes: an answer takes no time here, and would otherwise come
 * after sleeps that end later.
 */
class PatientClock extends VirtualClock {
  override async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.advance(ms, signal);
  }
}

const STACK_TRACE_LIMIT = Error.stackTraceLimit;

// Log lines are in local time; transcripts must not depend on where they are made.
Deno.env.set("TZ", "UTC");

// The SDK's own credential chain runs in these tests, too; it reads the process's environment.
export const CREDENTIALS = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "example" };

/** Runs something without stack traces, which take long: the SDK makes errors with each call, and nobody reads them. */
export async function withoutStacks<Result>(run: () => Promise<Result>): Promise<Result> {
  Error.stackTraceLimit = 0;
  try {
    return await run();
  } finally {
    Error.stackTraceLimit = STACK_TRACE_LIMIT;
  }
}

/** Runs a command line and returns what a shell would see. */
export async function runInProcess(
  emulator: Emulator,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Result> {
  for (const [name, value] of Object.entries(CREDENTIALS)) Deno.env.set(name, value);
  const ClockOfRun = options.isFleet ? FleetClock : PatientClock;
  const clock = new ClockOfRun(emulator.now(), (ms) => emulator.advance(ms));
  const { host, written, files, send } = madeUpHost({
    ...options,
    args,
    files: options.files ?? CONFIG_FILES,
    clock,
    exit(code) {
      throw new Error(`the program ended itself with ${code}`);
    },
  });
  const { stopAfterMs: stopLater } = options;
  if (stopLater !== undefined) {
    clock.deadline(stopLater.ms).addEventListener("abort", () => send(stopLater.signal));
  }
  let answered = 0;
  const handler = emulatorHandler(emulator, () => {
    const { stopAfterCalls: stop, setClockAfterCalls: setClock } = options;
    if (++answered === stop?.calls) send(stop.signal);
    if (answered === setClock?.calls && clock instanceof PatientClock) clock.setBy(setClock.ms);
  });
  const printer = options.print && { print: options.print };
  const code = await withoutStacks(() => run(host, handler, printer));
  return { code, ...written, files };
}

/** A request as the SDK hands it to its request handler. */
interface SdkRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly method?: string;
  readonly hostname?: string;
  readonly path?: string;
  readonly query?: Readonly<Record<string, string | string[] | null>>;
}

function emulatorRequest(request: SdkRequest): EmulatorRequest {
  const { headers, body, method = "POST", hostname = "", path = "/", query = {} } = request;
  const texts = Object.entries(query).map(([name, value]) => [name, String(value)]);
  return {
    target: headers["x-amz-target"] ?? "",
    body: typeof body === "string" ? body : new TextDecoder().decode(body),
    method,
    path: texts.length === 0 ? path : `${path}?${new URLSearchParams(texts)}`,
    host: hostname,
    authorization: headers.authorization ?? "",
    securityToken: headers["x-amz-security-token"] ?? "",
    userAgent: headers["user-agent"] ?? "",
    sender: "program",
  };
}

/** A request handler for the SDK whose network is the emulator: the SDK still serializes, and reads errors, itself. */
export function emulatorHandler(emulator: Emulator, onAnswer: () => void = () => {}) {
  return {
    handle(request: SdkRequest, { abortSignal }: { abortSignal?: { readonly aborted: boolean } } = {}) {
      if (abortSignal?.aborted) {
        return Promise.reject(Object.assign(new Error("Request aborted"), { name: "AbortError" }));
      }
      const answer = emulator.handle(emulatorRequest(request));
      onAnswer();
      if ("drop" in answer) return Promise.reject(Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }));
      const sent = answer.halfSent ? answer.body.slice(0, answer.body.length / 2) : answer.body;
      // The SDK takes AWS's time from this header, in whole seconds: without a fault it is left out, to keep times
      // exact.
      const { dateOffsetMs } = answer;
      const date = dateOffsetMs && { date: new Date(Date.now() + dateOffsetMs).toUTCString() };
      const response = {
        statusCode: answer.status,
        headers: { ...answer.headers, ...date },
        // An object of S3 is read from a stream; everything else is read whole.
        body: request.method === "GET" ? new Blob([sent]).stream() : new TextEncoder().encode(sent),
      };
      // deno-lint-ignore no-explicit-any -- the SDK's HttpResponse is a class of a package that is not ours to import
      return Promise.resolve({ response: response as any });
    },
    metadata: { handlerProtocol: "http/1.1" },
  };
}
