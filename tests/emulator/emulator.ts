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
 * emulator.setSecret("web/api_key");                         // stores.ts: what there is besides ECS
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
import { setLoad } from "./auto_scaling.ts";
import type { Behaviour } from "./behaviours.ts";
import { advanceTo } from "./clock.ts";
import type { Answer, DroppedConnection, EmulatorRequest, EmulatorResponse } from "./exchange.ts";
import { judge, missingOf } from "./demands.ts";
import { type Alarm, setAlarm } from "./deployment_alarms.ts";
import { AwsFailure } from "./failure.ts";
import { type FaultEffect, type FaultRule, FaultScript } from "./faults.ts";
import { ecsArn, uuidFrom } from "./identifiers.ts";
import { archiveImage, digestsIn, pushImage, resolveImage, takeImageAway } from "./images.ts";
import type { JsonObject, Settings, World } from "./model.ts";
import { type EmulatorOptions, newWorld, snapshotOf } from "./new_world.ts";
import { isRead, perform } from "./operations.ts";
import type { Policy } from "./policy.ts";
import { recordExchange } from "./recording.ts";
import { json } from "./protocols/json.ts";
import type { Asked, ServiceName } from "./protocols/protocol.ts";
import { protocolOf } from "./protocols/protocol_of.ts";
import { takeToken } from "./rate_limits.ts";
import {
  addToLog,
  type FileSystem,
  type ParameterType,
  removeSecretStage,
  type Role,
  setAccessPoint,
  setFileSystem,
  setLogGroup,
  setObject,
  setParameter,
  setRole,
  setSecret,
  setStack,
  setSubnet,
  setTargetGroup,
  type Subnet,
} from "./stores.ts";
import { setTraffic, type Traffic } from "./traffic.ts";
import { accessKeyIn, checkSession } from "./signatures.ts";
import { revisionsInUse, stateOf, type WorldState } from "./world_state.ts";

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

const ECS = "AmazonEC2ContainerServiceV20141113";
const AUTOSCALING = "AnyScaleFrontendService";
const DEFAULT_DIMENSION = { ServiceNamespace: "ecs", ScalableDimension: "ecs:service:DesiredCount" };

/** One emulated account in one region, with the cluster `default` in it. */
export class Emulator {
  /** Every call that a client made, oldest first. */
  readonly calls: Call[] = [];
  readonly #faults = new FaultScript();
  #world: World;
  #policy: Policy | undefined;
  /** Whether each of these policies would have refused a call so far. */
  readonly #compared = new Map<Policy, boolean>();
  /** What others will do, earliest first. */
  readonly #scheduled: { atMs: number; act: (emulator: Emulator) => void }[] = [];
  /** When a client last wrote, and the world as it was before that, where reads are to be stale. */
  #beforeLastWrite: { world: World | undefined; atMs: number } | undefined;

  constructor(options: EmulatorOptions = {}) {
    this.#world = newWorld(options);
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
  handle(request: EmulatorRequest): EmulatorResponse {
    const protocol = protocolOf(request);
    const asked = protocol.read(request);
    const { service, operation } = asked;
    const call: Call = { service, operation, input: inputOf(asked), atMs: this.now(), applied: false, outcome: "ok" };
    const signedBy = accessKeyIn(request);
    if (signedBy !== undefined) call.signedBy = signedBy;
    if (request.userAgent !== undefined) call.userAgent = request.userAgent;
    this.calls.push(call);
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
    let answer: Answer;
    try {
      if (refusal) throw refusal.failure(operation);
      checkSession(this.#world, request);
      this.#compare(asked);
      if (this.#policy) judge(this.#world, asked, this.#policy);
      if (this.#world.settings.rateLimits) takeToken(this.#world, asked, request);
      const unchanged = effects.find((effect) => effect.kind === "unchanged");
      const before = unchanged && this.#describeUpdated(call.input ?? {});
      const isCarriedOut = unchanged?.applied !== false && replacement?.applied !== false;
      const output = isCarriedOut ? this.#perform(effects.some(({ kind }) => kind === "stale"), asked) : {};
      call.applied = replacement?.applied !== false;
      answer = protocol.answer(operation, before ?? output, requestId);
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error;
      const failure = protocol.inOwnWords(error);
      call.outcome = failure.type;
      answer = protocol.refuse(failure, requestId);
    }
    const { furtherMembers } = this.#world.settings;
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
      if (!isRefusing && missingOf(this.#world, asked, policy)) this.#compared.set(policy, true);
    }
  }

  /** Carries out an operation directly. `target` as in `X-Amz-Target`. @throws AwsFailure for an error answer */
  call(target: string, input: JsonObject): JsonObject {
    return perform(this.#world, json.read({ target, body: JSON.stringify(input) }));
  }

  /** Says how tasks of a revision (`family:revision`), or with an image (its digest), behave from now on. */
  setBehaviour(what: string, behaviour: Behaviour): void {
    this.#world.behaviours[what] = behaviour;
  }

  /** Brings a CloudWatch alarm into a state: at OK, it is just there. */
  setAlarm(name: string, state: Alarm["state"], type?: Alarm["type"]): void {
    setAlarm(this.#world, name, state, type);
  }

  /** Says what the function of a lifecycle hook answers, and after how many milliseconds; others succeed. */
  setFunction(arn: string, status: "SUCCEEDED" | "FAILED", afterMs = 5_000): void {
    this.#world.functions[arn] = { afterMs, status };
  }

  /** Says, in ECS's words, what is wrong with the listener rules of a service that shifts traffic. */
  misroute(service: string, problem: string): void {
    this.#world.misrouted[service] = problem;
  }

  /** Sets a CloudWatch alarm off; deployments of services that name it in `deploymentConfiguration.alarms` end. */
  triggerAlarm(name: string): void {
    setAlarm(this.#world, name, "ALARM");
  }

  /** Has a session issued, as AWS STS or SSO do: what is signed with its key needs its token, until `expireKey`. */
  issueKey(accessKeyId: string, sessionToken: string): void {
    const roleArn = `arn:aws:iam::${this.#world.settings.accountId}:role/deploy`;
    const issued = { roleArn, secretAccessKey: "a-secret", sessionToken, expiresAtMs: Infinity };
    this.#world.issuedCredentials[accessKeyId] = issued;
  }

  /** Ends a session that `issueKey` has had issued. */
  expireKey(accessKeyId: string): void {
    this.#world.issuedCredentials[accessKeyId]!.expiresAtMs = this.now();
  }

  /** Changes settings while the world runs. */
  configure(settings: Partial<Settings>): void {
    Object.assign(this.#world.settings, settings);
  }

  /** `capacityProviders`: the names of those that are associated with it. */
  createCluster(name: string, capacityProviders = ["FARGATE", "FARGATE_SPOT"]): void {
    this.#world.clusters.push({ name, arn: ecsArn(this.#world, `cluster/${name}`), capacityProviders });
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

  createTaskSet(input: JsonObject): JsonObject {
    return this.call(`${ECS}.CreateTaskSet`, input);
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

  /** A policy that scales a service by its load. Needs a scalable target. */
  putScalingPolicy(resourceId: string, configuration: JsonObject = { TargetValue: 50 }): JsonObject {
    return this.call(`${AUTOSCALING}.PutScalingPolicy`, {
      ...DEFAULT_DIMENSION,
      ResourceId: resourceId,
      PolicyName: "cpu",
      PolicyType: "TargetTrackingScaling",
      TargetTrackingScalingPolicyConfiguration: configuration,
    });
  }

  /** Says how many tasks the load of a service calls for; its policies act by that from now on. */
  setLoad(resourceId: string, tasks: number): void {
    setLoad(this.#world, resourceId, tasks);
  }

  /** Writes a parameter of AWS Systems Manager; `null` takes it away. */
  setParameter(name: string, value: string | null, type: ParameterType = "String"): void {
    setParameter(this.#world, name, value, type);
  }

  /** Makes a secret of AWS Secrets Manager with a value, or takes it away (`false`). Returns its ARN. */
  setSecret(name: string, value: string | boolean = true): string {
    return setSecret(this.#world, name, value === true ? "secret" : value === false ? null : value);
  }

  /** Takes a staging label, such as `AWSPREVIOUS`, off whatever version of a secret has it. */
  removeSecretStage(name: string, stage: string): void {
    removeSecretStage(this.#world, name, stage);
  }

  /** Makes a log group of Amazon CloudWatch Logs, or takes it away. */
  setLogGroup(name: string, isThere = true): void {
    setLogGroup(this.#world, name, isThere);
  }

  /** Writes lines to a stream of a log group, a second apart. */
  addToLog(group: string, stream: string, lines: readonly string[]): void {
    addToLog(this.#world, group, stream, lines);
  }

  /**
   * Pushes an image, named as a task definition names it, to its registry, or takes it away. A tag that is pushed again names
   * another image from then on. Returns the digest, which is empty where there was none to take away.
   */
  setImage(image: string, isThere = true): string {
    if (isThere) return pushImage(this.#world, image);
    const digest = resolveImage(this.#world, image) ?? "";
    takeImageAway(this.#world, image);
    return digest;
  }

  /** The digests in the repository of an image, oldest push first. */
  imageDigests(image: string): string[] {
    return digestsIn(this.#world, image);
  }

  /** Moves an image of Amazon ECR to the archive, from where nothing is pulled. */
  archiveImage(image: string): void {
    archiveImage(this.#world, image);
  }

  /** Makes a role of AWS IAM, by name or ARN, that a service or an account may assume; `null` takes it away. */
  setRole(nameOrArn: string, trusted: string | null = "ecs-tasks.amazonaws.com"): void {
    setRole(this.#world, nameOrArn, trusted);
  }

  /** Has Amazon ECR fetch what it does not have yet from a registry upstream, where the repository begins with the prefix. */
  setPullThroughCacheRule(prefix: string, upstream = "public.ecr.aws"): void {
    this.#world.pullThroughCacheRules[prefix] = upstream;
  }

  /** Makes a file system of Amazon EFS, or changes one; `null` takes it away. */
  setFileSystem(id: string, changes: Partial<Pick<FileSystem, "state" | "mountTargets">> | null = {}): void {
    setFileSystem(this.#world, id, changes);
  }

  /** Makes an access point of a file system of Amazon EFS; `null` takes it away. */
  setAccessPoint(id: string, fileSystemId: string | null, state = "available"): void {
    setAccessPoint(this.#world, id, fileSystemId, state);
  }

  /** Makes a target group of Elastic Load Balancing, by its ARN; `null` takes it away. */
  setTargetGroup(arn: string, targetType: string | null = "ip", loadBalancers?: readonly string[]): void {
    setTargetGroup(this.#world, arn, targetType, loadBalancers);
  }

  /** Changes what reaches a target group each minute from now on: CloudWatch knows of it some minutes later. */
  setTraffic(targetGroupArn: string, change: Partial<Omit<Traffic, "fromMs">>): void {
    setTraffic(this.#world, targetGroupArn, change);
  }

  /** Makes a subnet of Amazon EC2, or changes one; `null` takes it away. */
  setSubnet(id: string, changes: Partial<Pick<Subnet, "freeAddresses" | "isIpv6Only">> | null): void {
    setSubnet(this.#world, id, changes);
  }

  /** Makes a key of AWS KMS, by ARN, and encrypts secrets and parameters with it, given by name. */
  setKey(arn: string, state: string | null, uses: { secrets?: string[]; parameters?: string[] } = {}): void {
    if (state === null) delete this.#world.keys[arn];
    else this.#world.keys[arn] = state;
    for (const name of uses.secrets ?? []) this.#world.secrets[name]!.kmsKeyId = arn;
    for (const name of uses.parameters ?? []) this.#world.parameters[name]!.keyId = arn;
  }

  /** Says what a role may do: a role that nobody spoke of may do everything. */
  setRolePolicy(name: string, policy: Pick<Role, "policy" | "denied" | "conditionOf">): void {
    Object.assign(this.#world.roles[name]!, policy);
  }

  /** Makes a stack of AWS CloudFormation with outputs by key, some exported by a name; `null` takes it away. */
  setStack(
    name: string,
    outputs: Readonly<Record<string, string>> | null,
    exportNames: Readonly<Record<string, string>> = {},
  ): void {
    setStack(this.#world, name, outputs, exportNames);
  }

  /** Writes an object of Amazon S3; `null` takes it away. */
  setObject(bucket: string, key: string, body: string | null): void {
    setObject(this.#world, bucket, key, body);
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

  /** The revisions of a family, as `family:revision`, that the service of its name or any task uses. */
  revisionsInUse(family: string): ReadonlySet<string> {
    return revisionsInUse(this.#world, family);
  }

  /** The same world once more, to go on in another way. Faults, policies, calls and what others will do stay behind. */
  copy(): Emulator {
    const other = new Emulator();
    other.#world = snapshotOf(this.#world);
    return other;
  }

  /** Carries out a client's call: reads may be stale, writes leave the world before them behind for that. */
  #perform(stale: boolean, asked: Asked): JsonObject {
    if (isRead(asked.operation)) return perform(stale && this.#beforeLastWrite?.world || this.#world, asked);
    // A copy of a world with many services takes longer than what is done to it.
    const before = this.#faults.has("stale") ? snapshotOf(this.#world) : undefined;
    const output = perform(this.#world, asked);
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
