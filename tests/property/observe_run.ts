/** One run of the whole program in a random world under a random script, and everything that happened in it. */
import "../cheap_signatures.ts";
import "../settled_connections.ts";
import { run } from "../../src/app/run.ts";
import type { StopSignal } from "../../src/host.ts";
import { EMPTY_STATE, type RunState } from "../../src/report/state.ts";
import type { RunEvent } from "../../src/rollout/events.ts";
import type { Emulator, EmulatorResponse, WorldState } from "../emulator/emulator.ts";
import { AwsFailure } from "../emulator/failure.ts";
import { SERVICE } from "../emulator/myservice.ts";
import { isRead } from "../emulator/operations.ts";
import { madeUpHost } from "../made_up_host.ts";
import { shownSettings } from "../shown_settings.ts";
import { VirtualClock } from "../virtual_clock.ts";
import type { Acted, CommandRun, CommonOptions, Observed, Served } from "./observed.ts";
import { type Act, effectOf, type Script } from "./rollback_faults.ts";
import { perform } from "./perform_act.ts";
import { createWorld } from "./rollback_worlds.ts";

/**
 * More than any run needs: one that goes on for longer has lost its way. A deploy that is watched for ten minutes and its
 * way back for ten more, with pages of two, has been seen to need 2,018.
 */
const MAX_CALLS = 4_000;

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
  const seen = new Observer(emulator, script, command.usesMatter);
  const settings = () => command.settingsMatter ? shownSettings(emulator, SERVICE) : {};
  const settingsBefore = settings();
  const { clock, initial, events, eventsAtMs, calls, acts } = seen;
  const startedAtMs = clock.now();
  const { host, written, send } = madeUpHost({
    ...command,
    clock,
    exit(code) {
      seen.giveUp(new Error(`the program ended itself with ${code}`));
    },
  });
  seen.send = send;
  const code = await Promise.race([run(host, seen.handler, seen), seen.lost]);
  return {
    ...{ world, script, options, code, ...written, events, eventsAtMs, state: seen.shown, calls, acts, initial },
    final: seen.state(),
    settingsBefore,
    settingsAfter: settings(),
    elapsedMs: clock.now() - startedAtMs,
    stoppedForMs: seen.stopped === undefined ? undefined : clock.now() - seen.stopped.atMs,
    stoppedAtCall: seen.stopped?.atCall,
  };
}

/** Sees what a run asks of AWS, what others do meanwhile, and what happens by its own account. */
class Observer {
  readonly clock: VirtualClock;
  readonly initial: WorldState;
  readonly calls: Served[] = [];
  readonly acts: Acted[] = [];
  readonly events: RunEvent[] = [];
  readonly eventsAtMs: number[] = [];
  shown = EMPTY_STATE;
  stopped: { readonly atMs: number; readonly atCall: number } | undefined;
  /** Sends the program a stop signal. */
  send: (signal: StopSignal) => void = () => {};
  giveUp: (error: Error) => void = () => {};
  readonly lost = new Promise<never>((_, reject) => this.giveUp = reject);
  // deno-lint-ignore no-explicit-any -- the SDK's HttpResponse is a class of a package that is not ours to import
  readonly handler: any = {
    handle: (request: SdkRequest, options?: { abortSignal?: AbortSignal }) => this.#handle(request, options),
    metadata: { handlerProtocol: "http/1.1" },
  };
  /** The world as it is, until something happens in it. */
  #known: WorldState | undefined;
  #before: WorldState;
  #after: WorldState | undefined;

  constructor(readonly emulator: Emulator, readonly script: Script, readonly usesMatter: boolean) {
    this.clock = new VirtualClock(emulator.now(), (ms) => {
      this.#known = undefined;
      emulator.advance(ms);
    });
    this.initial = this.#before = this.state();
    for (const fault of script.faults) {
      const { operation, nth, times } = fault;
      const effect = effectOf(fault, (act, when) => this.#act(act, when));
      emulator.inject({ nth, times, ...(operation === "*" ? {} : { operation }), effect });
    }
  }

  state(): WorldState {
    return this.#known ??= this.emulator.state();
  }

  print(event: RunEvent, now: RunState): void {
    this.events.push(event);
    this.eventsAtMs.push(now.nowMs);
    this.shown = now;
  }

  /** Somebody else acts, just before or after a call. */
  #act(act: Act, when: "before" | "after"): void {
    if (when === "after") {
      // What was asked for has just been done.
      this.#known = undefined;
      this.#after ??= this.state();
    }
    try {
      perform(this.emulator, act);
      this.acts.push({ act, call: this.calls.length, when });
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error;
    }
    this.#known = undefined;
    if (when === "before") this.#before = this.state();
  }

  #handle(request: SdkRequest, { abortSignal }: { abortSignal?: AbortSignal } = {}): Promise<SdkResponse> {
    if (abortSignal?.aborted) return Promise.reject(aborted());
    if (this.calls.length > MAX_CALLS) {
      this.giveUp(new Error(`more than ${MAX_CALLS} calls`));
      return new Promise(() => {});
    }
    const answer = this.#serve(request);
    const { stop } = this.script;
    if (stop !== null && this.calls.length === stop.afterCalls) {
      this.stopped = { atMs: this.clock.now(), atCall: this.calls.length };
      this.send(stop.signal);
    }
    if (answer.delayMs !== undefined) this.clock.advance(answer.delayMs, abortSignal);
    // The real handler, too, notices the abort of a request whose answer is still on its way.
    if (abortSignal?.aborted) return Promise.reject(aborted());
    if ("drop" in answer) return Promise.reject(Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }));
    const sent = answer.halfSent ? answer.body.slice(0, answer.body.length / 2) : answer.body;
    const response = { statusCode: answer.status, headers: answer.headers, body: new TextEncoder().encode(sent) };
    return Promise.resolve({ response });
  }

  /** Has the world answer, and notes the call. */
  #serve({ body: sent, headers }: SdkRequest): EmulatorResponse {
    const body = typeof sent === "string" ? sent : new TextDecoder().decode(sent);
    const target = headers["x-amz-target"] ?? "";
    this.#before = this.state();
    this.#after = undefined;
    const usesMatter = /\.(DeregisterTaskDefinition|DescribeServices|ListTasks)$/.test(target) && this.usesMatter;
    const inUse = usesMatter ? this.emulator.revisionsInUse(SERVICE) : undefined;
    const startedAtMs = this.clock.now();
    const events = this.events.length;
    const answer = this.emulator.handle({ target, body });
    const call = this.emulator.calls.at(-1)!;
    if (!isRead(call.operation)) this.#known = undefined;
    this.calls.push({ call, before: this.#before, after: this.#after ?? this.state(), startedAtMs, events, inUse });
    return answer;
  }
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
