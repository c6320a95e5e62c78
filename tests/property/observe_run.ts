/** One run of the whole program in a random world under a random script, and everything that happened in it. */
import { run } from "../../src/app/run.ts";
import { EMPTY_STATE, type RunState } from "../../src/report/state.ts";
import type { RunEvent } from "../../src/rollout/events.ts";
import "../cheap_signatures.ts";
import "../settled_connections.ts";
import type { Call, Emulator, WorldState } from "../emulator/emulator.ts";
import { AwsFailure } from "../emulator/failure.ts";
import type { JsonObject } from "../emulator/model.ts";
import { SERVICE } from "../emulator/myservice.ts";
import { isRead } from "../emulator/operations.ts";
import { madeUpHost } from "../made_up_host.ts";
import { shownSettings } from "../shown_settings.ts";
import { VirtualClock } from "../virtual_clock.ts";
import { type Act, effectOf, perform, type Script } from "./rollback_faults.ts";
import { createWorld, type WorldSpec } from "./rollback_worlds.ts";

/** What somebody else has done. */
export interface Acted {
  readonly act: Act;
  /** The number of the call, from 0, just before or after which it was done. */
  readonly call: number;
  readonly when: "before" | "after";
}

/** A call and the world when it was served: before it where it was a write, so that its rightness can be judged. */
export interface Served {
  readonly call: Call;
  /** The world just before the call, but after what somebody else did just before it. */
  readonly before: WorldState;
  /** The world just after the call, but before what somebody else did just after it. */
  readonly after: WorldState;
  readonly startedAtMs: number;
  /** How many events there had been. */
  readonly events: number;
  /** Revisions in use, as `family:revision`; known for deregistrations and for what is read before them. */
  readonly inUse: ReadonlySet<string> | undefined;
}

/** What every command that moves a service is asked for. */
export interface CommonOptions {
  readonly dryRun: boolean;
  readonly wait: boolean;
  readonly suspend: boolean;
  readonly resume: boolean;
  readonly timeoutS: number;
}

/** What is run, and on which files. */
export interface CommandRun {
  readonly args: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  /** Whether a revision may be deregistered, so that it has to be known which ones are in use. */
  readonly usesMatter: boolean;
  /** Whether it may change what the service consists of. */
  readonly settingsMatter: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Brings the world to where the command finds it. */
  readonly prepare?: (emulator: Emulator) => void;
}

export interface Observed<Options extends CommonOptions = CommonOptions> {
  readonly world: WorldSpec;
  readonly script: Script;
  readonly options: Options;
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly events: readonly RunEvent[];
  /** When each of them happened, by `Clock.elapsed()`. */
  readonly eventsAtMs: readonly number[];
  /** What the program has made of the events. */
  readonly state: RunState;
  readonly calls: readonly Served[];
  readonly acts: readonly Acted[];
  readonly initial: WorldState;
  readonly final: WorldState;
  /** What the service consists of, where the command may change that; alike exactly where it is the same. */
  readonly settingsBefore: JsonObject;
  readonly settingsAfter: JsonObject;
  readonly elapsedMs: number;
  /** From the stop signal to the end; `undefined` when none was sent. */
  readonly stoppedForMs: number | undefined;
  /** The number of calls that had been answered when the stop signal came. */
  readonly stoppedAtCall: number | undefined;
}

/**
 * More than any run needs: one that goes on for longer has lost its way. A deploy that is watched for ten minutes and its
 * way back for ten more, with pages of two, has been seen to need 2,018.
 */
const MOST_CALLS = 4_000;

Deno.env.set("TZ", "UTC");
Deno.env.set("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
Deno.env.set("AWS_SECRET_ACCESS_KEY", "example");

/** Runs the program; throws when it does not end. */
export async function observeRun<Options extends CommonOptions>(
  { world, options, script }: Pick<Observed<Options>, "world" | "options" | "script">,
  command: CommandRun,
): Promise<Observed<Options>> {
  const emulator = createWorld(world);
  command.prepare?.(emulator);
  /** The world as it is, until something happens in it. */
  let known: WorldState | undefined;
  const state = () => known ??= emulator.state();
  const clock = new VirtualClock(emulator.now(), (ms) => {
    known = undefined;
    emulator.advance(ms);
  });
  const startedAtMs = clock.now();
  const initial = state();
  const settings = () => command.settingsMatter ? shownSettings(emulator, SERVICE) : {};
  const settingsBefore = settings();
  const calls: Served[] = [];
  const acts: Acted[] = [];
  let before = initial;
  let after: WorldState | undefined;
  const events: RunEvent[] = [];
  const eventsAtMs: number[] = [];
  let shown = EMPTY_STATE;

  const act = (what: Act, when: "before" | "after") => {
    if (when === "after") {
      // What was asked for has just been done.
      known = undefined;
      after ??= state();
    }
    try {
      perform(emulator, what);
      acts.push({ act: what, call: calls.length, when });
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error;
    }
    known = undefined;
    if (when === "before") before = state();
  };
  for (const fault of script.faults) {
    const { operation, nth, times } = fault;
    emulator.inject({ nth, times, ...(operation === "*" ? {} : { operation }), effect: effectOf(fault, act) });
  }

  let stoppedAtMs: number | undefined;
  let stoppedAtCall: number | undefined;
  let giveUp: (error: Error) => void = () => {};
  const lost = new Promise<never>((_, reject) => giveUp = reject);

  const { host, written, send } = madeUpHost({
    ...command,
    clock,
    exit(code) {
      giveUp(new Error(`the program ended itself with ${code}`));
    },
  });

  const handle = (request: SdkRequest, { abortSignal }: { abortSignal?: AbortSignal } = {}): Promise<SdkResponse> => {
    if (abortSignal?.aborted) return Promise.reject(aborted());
    if (calls.length > MOST_CALLS) {
      giveUp(new Error(`more than ${MOST_CALLS} calls`));
      return new Promise(() => {});
    }
    const body = typeof request.body === "string" ? request.body : new TextDecoder().decode(request.body);
    const target = request.headers["x-amz-target"] ?? "";
    before = state();
    after = undefined;
    const usesMatter = /\.(DeregisterTaskDefinition|DescribeServices|ListTasks)$/.test(target) &&
      command.usesMatter;
    const inUse = usesMatter ? emulator.revisionsInUse(SERVICE) : undefined;
    const callAtMs = clock.now();
    const eventsSoFar = events.length;
    const answer = emulator.handle({ target, body });
    const call = emulator.calls.at(-1)!;
    if (!isRead(call.operation)) known = undefined;
    calls.push({
      call,
      before,
      after: after ?? state(),
      startedAtMs: callAtMs,
      events: eventsSoFar,
      inUse,
    });
    const { stop } = script;
    if (stop !== null && calls.length === stop.afterCalls) {
      stoppedAtMs = clock.now();
      stoppedAtCall = calls.length;
      send(stop.signal);
    }
    if (answer.delayMs !== undefined) clock.advance(answer.delayMs, abortSignal);
    // The real handler, too, notices the abort of a request whose answer is still on its way.
    if (abortSignal?.aborted) return Promise.reject(aborted());
    if ("drop" in answer) return Promise.reject(Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }));
    const sent = answer.halfSent ? answer.body.slice(0, answer.body.length / 2) : answer.body;
    const response = { statusCode: answer.status, headers: answer.headers, body: new TextEncoder().encode(sent) };
    return Promise.resolve({ response });
  };

  // deno-lint-ignore no-explicit-any -- the SDK's HttpResponse is a class of a package that is not ours to import
  const handler = { handle, metadata: { handlerProtocol: "http/1.1" } } as any;
  const printer = {
    print(event: RunEvent, now: RunState) {
      events.push(event);
      eventsAtMs.push(now.nowMs);
      shown = now;
    },
  };
  const code = await Promise.race([run(host, handler, printer), lost]);
  return {
    world,
    script,
    options,
    code,
    ...written,
    events,
    eventsAtMs,
    state: shown,
    calls,
    acts,
    initial,
    final: state(),
    settingsBefore,
    settingsAfter: settings(),
    elapsedMs: clock.now() - startedAtMs,
    stoppedForMs: stoppedAtMs === undefined ? undefined : clock.now() - stoppedAtMs,
    stoppedAtCall,
  };
}

interface SdkRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

interface SdkResponse {
  readonly response: { statusCode: number; headers: Record<string, string>; body: Uint8Array };
}

function aborted(): Error {
  return Object.assign(new Error("Request aborted"), { name: "AbortError" });
}

/** What happened, for the message of a failure. */
export function describeRun({ code, stderr, stdout, calls, acts, elapsedMs }: Observed): string {
  const lines = calls.map(({ call, startedAtMs }, index) => {
    const others = acts.filter((one) => one.call === index).map(({ act, when }) =>
      ` [${when}: ${JSON.stringify(act)}]`
    );
    const applied = call.applied ? "" : " (not applied)";
    return `${index} ${startedAtMs % 1e7} ${call.operation} ${call.outcome}${applied}${others.join("")}`;
  });
  return [`exit ${code} after ${elapsedMs} ms`, ...lines.slice(-40), stdout, stderr].join("\n");
}
