/**
 * The embedded Amazon ECS and Application Auto Scaling: a world, its clock and a dispatcher, without any I/O. Of the
 * services around them it knows what a deployment refers to: parameters, secrets, images, roles, objects.
 *
 * ```ts
 * const emulator = new Emulator();
 * emulator.registerTaskDefinition({ family: "app", containerDefinitions: [{ name: "app", image: "example/app:1", memory: 128 }] });
 * emulator.createService({ serviceName: "web", taskDefinition: "app:1", desiredCount: 2 });
 * emulator.advance(60_000);
 * emulator.setBehaviour("app:2", crashLoop());              // behaviours.ts: how tasks of a revision behave
 * emulator.triggerAlarm("web-5xx");                          // deployment_alarms.ts: what else ends a deployment
 * emulator.setSecret("web/api_key");                         // emulated_surroundings.ts: what there is besides ECS
 * emulator.inject({ operation: "UpdateService", effect: throttle() }); // faults.ts: what goes wrong with a call
 * emulator.handle({ target: "AmazonEC2ContainerServiceV20141113.DescribeServices", body: '{"services":["web"]}' });
 * emulator.authorize({ Version: "2012-10-17", Statement: [] }); // policy.ts: what clients may do
 * emulator.calls;   // what was asked for, and what came of it
 * emulator.state(); // what a client can change, as JSON
 * ```
 *
 * `handle` is what a client sees, faults included; `call` and the methods named after operations set a world up and bypass
 * faults, rate limits and the log of calls. `server.ts` puts an emulator behind HTTP; `scenarios.ts` has ready-made worlds.
 */
import { EmulatedWorld } from "./emulated_world.ts";
import { advanceTo } from "./clock.ts";
import type { Answer, DroppedConnection, EmulatorRequest, EmulatorResponse } from "./exchange.ts";
import { judge, missingOf } from "./demands.ts";
import { AwsFailure } from "./failure.ts";
import { type FaultEffect, type FaultRule, FaultScript } from "./faults.ts";
import { uuidFrom } from "./identifiers.ts";
import type { JsonObject, World } from "./model.ts";
import { type EmulatorOptions, snapshotOf } from "./new_world.ts";
import { isRead, perform } from "./operations.ts";
import type { Policy } from "./policy.ts";
import { recordExchange } from "./recording.ts";
import type { Asked, ServiceName } from "./protocols/protocol.ts";
import { protocolOf } from "./protocols/protocol_of.ts";
import { takeToken } from "./rate_limits.ts";
import { accessKeyIn, checkSession } from "./signatures.ts";
import type { WorldState } from "./world_state.ts";

export type { Answer, DroppedConnection, EmulatorRequest, EmulatorResponse } from "./exchange.ts";
export type { EmulatorOptions, WorldState };

/** One call, as a client made it. */
export interface Call {
  service: ServiceName;
  operation: string;
  /** The request's members; undefined if they could not be read. */
  input: JsonObject | undefined;
  atMs: number;
  /** Whether the operation was carried out, whatever became of the answer. */
  applied: boolean;
  /** The access key that the call was signed with, where it was signed. */
  signedBy?: string;
  userAgent?: string;
  /** What the client got: `ok`, the error's `__type` (or code, in XML), `dropped`, `halfSent`, or a replacement's name. */
  outcome: string;
}

/** A call that is being handled. */
interface Handled {
  readonly call: Call;
  readonly effects: readonly FaultEffect[];
  readonly requestId: string;
}

/** One emulated account in one region, with the cluster `default` in it. */
export class Emulator extends EmulatedWorld {
  /** Every call that a client made, oldest first. */
  readonly calls: Call[] = [];
  readonly #faults = new FaultScript();
  #policy: Policy | undefined;
  /** Whether each of these policies would have refused a call so far. */
  readonly #compared = new Map<Policy, boolean>();
  /** What others will do, earliest first. */
  readonly #scheduled: { atMs: number; act: (emulator: Emulator) => void }[] = [];
  /** When a client last wrote, and the world as it was before that, where reads are to be stale. */
  #beforeLastWrite: { world: World | undefined; atMs: number } | undefined;

  constructor(options: EmulatorOptions = {}) {
    super(options);
    this.createCluster("default");
  }

  /** Lets `ms` milliseconds pass in the world; what was scheduled happens in its turn. */
  advance(ms: number): void {
    const untilMs = this.now() + ms;
    for (let due = this.#takeDue(untilMs); due; due = this.#takeDue(untilMs)) {
      advanceTo(this.world, due.atMs);
      due.act(this);
    }
    advanceTo(this.world, untilMs);
  }

  /** Makes somebody else act, `afterMs` from now. */
  schedule(afterMs: number, act: (emulator: Emulator) => void): void {
    this.#scheduled.push({ atMs: this.now() + afterMs, act });
    this.#scheduled.sort((one, other) => one.atMs - other.atMs);
  }

  /** Answers a request as AWS would, subject to the faults that were injected. */
  handle(request: EmulatorRequest): EmulatorResponse {
    const asked = protocolOf(request).read(request);
    const { service, operation } = asked;
    const call = this.#note(request, asked);
    const requestId = uuidFrom(this.calls.length);
    const isApplicable = (effect: FaultEffect) => this.#isApplicable(effect, call);
    const effects = this.#faults.effectsOn(operation, this.now(), isApplicable);
    const delayMs = effects.reduce((sum, effect) => sum + (effect.kind === "delay" ? effect.ms : 0), 0);
    const late = delayMs > 0 ? { delayMs } : {};
    this.#act(effects, "before");
    const drop = effects.find((effect) => effect.kind === "drop");
    if (drop && !drop.applied) return this.#dropped(call, late);
    const refusal = effects.find((effect) => effect.kind === "refuse");
    const replacement = effects.find((effect) => effect.kind === "replace");
    let answer = this.#answer(request, asked, { call, effects, requestId });
    const { furtherMembers } = this.world.settings;
    const isFault = refusal !== undefined || replacement?.applied === false;
    recordExchange({ service, operation, request, answer, isFault, furtherMembers });
    this.#act(effects, "after");
    if (replacement) {
      answer = replacement.by(answer);
      call.outcome = replacement.name;
    }
    if (drop) return this.#dropped(call, late);
    if (refusal?.dateOffsetMs) answer.dateOffsetMs = refusal.dateOffsetMs;
    if (!effects.some(({ kind }) => kind === "halfSent")) return { ...answer, ...late };
    call.outcome = "halfSent";
    return { ...answer, ...late, halfSent: true };
  }

  /** Adds a call to the log. */
  #note(request: EmulatorRequest, asked: Asked): Call {
    const { service, operation } = asked;
    const call: Call = { service, operation, input: inputOf(asked), atMs: this.now(), applied: false, outcome: "ok" };
    const signedBy = accessKeyIn(request);
    if (signedBy !== undefined) call.signedBy = signedBy;
    if (request.userAgent !== undefined) call.userAgent = request.userAgent;
    this.calls.push(call);
    return call;
  }

  /** What AWS answers, but for what faults make of the answer. */
  #answer(request: EmulatorRequest, asked: Asked, { call, effects, requestId }: Handled): Answer {
    const protocol = protocolOf(request);
    const refusal = effects.find((effect) => effect.kind === "refuse");
    const replacement = effects.find((effect) => effect.kind === "replace");
    try {
      if (refusal) throw refusal.failure(asked.operation);
      checkSession(this.world, request);
      this.#compare(asked);
      if (this.#policy) judge(this.world, asked, this.#policy);
      if (this.world.settings.rateLimits) takeToken(this.world, asked, request);
      const unchanged = effects.find((effect) => effect.kind === "unchanged");
      const before = unchanged && this.#describeUpdated(call.input ?? {});
      const isCarriedOut = unchanged?.applied !== false && replacement?.applied !== false;
      const output = isCarriedOut ? this.#perform(effects.some(({ kind }) => kind === "stale"), asked) : {};
      call.applied = replacement?.applied !== false;
      return protocol.answer(asked.operation, before ?? output, requestId);
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error;
      const failure = protocol.inOwnWords(error);
      call.outcome = failure.type;
      return protocol.refuse(failure, requestId);
    }
  }

  /** Adds a rule to the fault script. */
  inject(rule: FaultRule): void {
    this.#faults.add(rule);
  }

  /** Forgets all rules of the fault script. */
  clearFaults(): void {
    this.#faults.clear();
  }

  /** Allows clients from now on only what a policy grants them; everything, as at the start, where there is none. */
  authorize(policy: Policy | undefined): void {
    this.#policy = policy;
  }

  /** Looks from now on which of these policies would refuse a call; `wouldRefuse()` says it. */
  compare(policies: readonly Policy[]): void {
    for (const policy of policies) this.#compared.set(policy, false);
  }

  wouldRefuse(policy: Policy): boolean {
    return this.#compared.get(policy) === true;
  }

  #compare(asked: Asked): void {
    for (const [policy, isRefusing] of this.#compared) {
      if (!isRefusing && missingOf(this.world, asked, policy)) this.#compared.set(policy, true);
    }
  }

  /** The same world once more, to go on in another way. Faults, policies, calls and what others will do stay behind. */
  copy(): Emulator {
    const other = new Emulator();
    other.world = snapshotOf(this.world);
    return other;
  }

  /** Carries out a client's call: reads may be stale, writes leave the world before them behind for that. */
  #perform(stale: boolean, asked: Asked): JsonObject {
    if (isRead(asked.operation)) return perform(stale && this.#beforeLastWrite?.world || this.world, asked);
    // A copy of a world with many services takes longer than what is done to it.
    const before = this.#faults.has("stale") ? snapshotOf(this.world) : undefined;
    const output = perform(this.world, asked);
    this.#beforeLastWrite = { world: before, atMs: this.now() };
    return output;
  }

  /** What UpdateService would answer if nothing were to change. */
  #describeUpdated({ cluster, service }: JsonObject): JsonObject {
    return { service: this.describeService(String(service), cluster === undefined ? "default" : String(cluster)) };
  }

  #isApplicable(effect: FaultEffect, { operation, input }: Call): boolean {
    if (effect.kind === "refuse" && effect.onlyWithTags) return JSON.stringify(input?.include) === '["TAGS"]';
    if (effect.kind === "unchanged") return operation === "UpdateService";
    if (effect.kind !== "stale") return true;
    const { atMs = -Infinity } = this.#beforeLastWrite ?? {};
    return isRead(operation) && this.now() - atMs < effect.forMs && atMs > -Infinity;
  }

  #takeDue(untilMs: number) {
    const [next] = this.#scheduled;
    return next && next.atMs <= untilMs ? this.#scheduled.shift() : undefined;
  }

  #act(effects: readonly FaultEffect[], when: "before" | "after"): void {
    for (const effect of effects) if (effect.kind === "act" && effect.when === when) effect.act(this);
  }

  #dropped(call: Call, late: { delayMs?: number }): DroppedConnection {
    call.outcome = "dropped";
    return { drop: true, ...late };
  }
}

function inputOf(asked: Asked): JsonObject | undefined {
  try {
    return asked.members();
  } catch {
    return undefined;
  }
}
