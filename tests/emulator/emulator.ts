/**
 * The embedded Amazon ECS and Application Auto Scaling: a world, its clock and a dispatcher, without any I/O.
 *
 * ```ts
 * const emulator = new Emulator();
 * emulator.registerTaskDefinition({ family: "app", containerDefinitions: [{ name: "app", image: "example/app:1" }] });
 * emulator.createService({ serviceName: "web", taskDefinition: "app:1", desiredCount: 2 });
 * emulator.advance(60_000);
 * emulator.setBehaviour("app:2", crashLoop());              // behaviours.ts: how tasks of a revision behave
 * emulator.inject({ operation: "UpdateService", effect: throttle() }); // faults.ts: what goes wrong with a call
 * emulator.handle({ target: "AmazonEC2ContainerServiceV20141113.DescribeServices", body: '{"services":["web"]}' });
 * emulator.calls;   // what was asked for, and what came of it
 * emulator.state(); // what a client can change, as JSON
 * ```
 *
 * `handle` is what a client sees, faults included; `call` and the methods named after operations set a world up and bypass
 * faults, rate limits and the log of calls. `server.ts` puts an emulator behind HTTP; `scenarios.ts` has ready-made worlds.
 */
import type { Behaviour } from "./behaviours.ts";
import { advanceTo } from "./clock.ts";
import { AwsFailure } from "./failure.ts";
import { type FaultEffect, type FaultRule, FaultScript } from "./faults.ts";
import { ecsArn, uuidFrom } from "./identifiers.ts";
import type { JsonObject, Settings, World } from "./model.ts";
import { isRead, parseTarget, perform, type ServiceName } from "./operations.ts";
import { takeToken } from "./rate_limits.ts";
import { stateOf, type WorldState } from "./world_state.ts";

export type { WorldState };

export interface EmulatorOptions extends Partial<Settings> {
  /** The world's time at the start. */
  startAtMs?: number;
}

export interface EmulatorRequest {
  /** The value of `X-Amz-Target`. */
  target: string;
  body: string;
}

/** An answer over HTTP. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** The connection breaks in the middle of the body. */
  halfSent?: true;
  /** How long the answer takes; the server waits, the emulator does not. */
  delayMs?: number;
  /** How far the `Date` of the answer is from the true time. */
  dateOffsetMs?: number;
}

/** The connection is closed without any answer. */
export interface DroppedConnection {
  drop: true;
  delayMs?: number;
}

export type EmulatorResponse = Answer | DroppedConnection;

/** One call, as a client made it. */
export interface Call {
  service: ServiceName;
  operation: string;
  /** The request's members; undefined if the body was not JSON. */
  input: JsonObject | undefined;
  atMs: number;
  /** Whether the operation was carried out, whatever became of the answer. */
  applied: boolean;
  /** What the client got: `ok`, the error's `__type`, or `dropped` or `halfSent`. */
  outcome: string;
}

const DEFAULT_SETTINGS: Settings = {
  region: "ap-northeast-1",
  accountId: "123456789012",
  pageSize: 0,
  inactiveEnforcementDelayMs: 0,
  rollbackReusesDeploymentId: true,
  rateLimits: false,
};
const DEFAULT_START_MS = Date.UTC(2023, 0, 1, 12);
const ECS = "AmazonEC2ContainerServiceV20141113";
const AUTOSCALING = "AnyScaleFrontendService";
const DEFAULT_DIMENSION = { ServiceNamespace: "ecs", ScalableDimension: "ecs:service:DesiredCount" };

function emptyWorld(nowMs: number, settings: Settings): World {
  return {
    nowMs,
    sequence: 0,
    settings,
    clusters: [],
    taskDefinitions: [],
    lastRevisions: {},
    services: [],
    tasks: [],
    serviceDeployments: [],
    serviceRevisions: [],
    scalableTargets: [],
    tags: {},
    behaviours: {},
    buckets: {},
  };
}

/** One emulated account in one region, with the cluster `default` in it. */
export class Emulator {
  /** Every call that a client made, oldest first. */
  readonly calls: Call[] = [];
  readonly #faults = new FaultScript();
  readonly #world: World;
  /** What others will do, earliest first. */
  readonly #scheduled: { atMs: number; act: (emulator: Emulator) => void }[] = [];
  /** The world as it was before the last write of a client, for stale reads. */
  #beforeLastWrite: { world: World; atMs: number } | undefined;

  constructor({ startAtMs = DEFAULT_START_MS, ...settings }: EmulatorOptions = {}) {
    this.#world = emptyWorld(startAtMs, { ...DEFAULT_SETTINGS, ...settings });
    this.createCluster("default");
  }

  /** The world's time in milliseconds since 1970. */
  now(): number {
    return this.#world.nowMs;
  }

  /** Lets `ms` milliseconds pass in the world; what was scheduled happens in its turn. */
  advance(ms: number): void {
    const untilMs = this.now() + ms;
    for (let due = this.#takeDue(untilMs); due; due = this.#takeDue(untilMs)) {
      advanceTo(this.#world, due.atMs);
      due.act(this);
    }
    advanceTo(this.#world, untilMs);
  }

  /** Makes somebody else act, `afterMs` from now. */
  schedule(afterMs: number, act: (emulator: Emulator) => void): void {
    this.#scheduled.push({ atMs: this.now() + afterMs, act });
    this.#scheduled.sort((one, other) => one.atMs - other.atMs);
  }

  /** Answers a request as AWS would, subject to the faults that were injected. */
  handle({ target, body }: EmulatorRequest): EmulatorResponse {
    const { service, operation } = parseTarget(target);
    const call: Call = { service, operation, input: inputOf(body), atMs: this.now(), applied: false, outcome: "ok" };
    this.calls.push(call);
    const requestId = uuidFrom(this.calls.length);
    const effects = this.#faults.effectsOn(operation, (effect) => this.#isApplicable(effect, operation));
    const delayMs = effects.reduce((sum, effect) => sum + (effect.kind === "delay" ? effect.ms : 0), 0);
    const late = delayMs > 0 ? { delayMs } : {};
    this.#act(effects, "before");
    const drop = effects.find((effect) => effect.kind === "drop");
    if (drop && !drop.applied) return this.#dropped(call, late);
    const refusal = effects.find((effect) => effect.kind === "refuse");
    let answer: Answer;
    try {
      if (refusal) throw refusal.failure(operation);
      if (this.#world.settings.rateLimits) takeToken(this.#world, operation);
      const output = this.#perform(effects.some(({ kind }) => kind === "stale"), operation, { target, body });
      call.applied = true;
      answer = answerOf(200, JSON.stringify(output), requestId);
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error;
      call.outcome = error.type;
      answer = answerOf(error.status, JSON.stringify({ __type: error.type, message: error.message }), requestId);
    }
    this.#act(effects, "after");
    if (drop) return this.#dropped(call, late);
    if (refusal?.dateOffsetMs) answer.dateOffsetMs = refusal.dateOffsetMs;
    if (!effects.some(({ kind }) => kind === "halfSent")) return { ...answer, ...late };
    call.outcome = "halfSent";
    return { ...answer, ...late, halfSent: true };
  }

  /** Adds a rule to the fault script. */
  inject(rule: FaultRule): void {
    this.#faults.add(rule);
  }

  /** Forgets all rules of the fault script. */
  clearFaults(): void {
    this.#faults.clear();
  }

  /** Carries out an operation directly. `target` as in `X-Amz-Target`. @throws AwsFailure for an error answer */
  call(target: string, input: JsonObject): JsonObject {
    return perform(this.#world, target, JSON.stringify(input));
  }

  /** Says how tasks of a revision, given as `family:revision`, behave from now on. */
  setBehaviour(revision: string, behaviour: Behaviour): void {
    this.#world.behaviours[revision] = behaviour;
  }

  /** Changes settings while the world runs. */
  configure(settings: Partial<Settings>): void {
    Object.assign(this.#world.settings, settings);
  }

  createCluster(name: string): void {
    this.#world.clusters.push({ name, arn: ecsArn(this.#world, `cluster/${name}`) });
  }

  registerTaskDefinition(input: JsonObject): JsonObject {
    return this.call(`${ECS}.RegisterTaskDefinition`, input);
  }

  deregisterTaskDefinition(taskDefinition: string): JsonObject {
    return this.call(`${ECS}.DeregisterTaskDefinition`, { taskDefinition });
  }

  createService(input: JsonObject): JsonObject {
    return this.call(`${ECS}.CreateService`, input);
  }

  updateService(input: JsonObject): JsonObject {
    return this.call(`${ECS}.UpdateService`, input);
  }

  deleteService(input: JsonObject): JsonObject {
    return this.call(`${ECS}.DeleteService`, input);
  }

  /** Namespace and dimension are ECS's unless given. `withoutArn` makes a target as old as those that have no ARN. */
  registerScalableTarget(input: JsonObject, { withoutArn = false } = {}): JsonObject {
    const output = this.call(`${AUTOSCALING}.RegisterScalableTarget`, { ...DEFAULT_DIMENSION, ...input });
    const target = this.#world.scalableTargets.find(({ resourceId }) => resourceId === input.ResourceId);
    if (withoutArn) delete target?.arn;
    return output;
  }

  /** One service as DescribeServices shows it. */
  describeService(service: string, cluster = "default"): JsonObject {
    const { services } = this.call(`${ECS}.DescribeServices`, { cluster, services: [service] });
    return (services as JsonObject[])[0] ?? {};
  }

  /** What clients can change, and how far ECS is with it: compare two of these to see what a client has done. */
  state(): WorldState {
    return stateOf(this.#world);
  }

  /** Carries out a client's call: reads may be stale, writes leave the world before them behind for that. */
  #perform(stale: boolean, operation: string, { target, body }: EmulatorRequest): JsonObject {
    if (isRead(operation)) return perform(stale && this.#beforeLastWrite?.world || this.#world, target, body);
    const before = structuredClone(this.#world);
    const output = perform(this.#world, target, body);
    this.#beforeLastWrite = { world: before, atMs: this.now() };
    return output;
  }

  #isApplicable(effect: FaultEffect, operation: string): boolean {
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

function inputOf(body: string): JsonObject | undefined {
  try {
    return JSON.parse(body || "{}");
  } catch {
    return undefined;
  }
}

function answerOf(status: number, body: string, requestId: string): Answer {
  return { status, headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": requestId }, body };
}
