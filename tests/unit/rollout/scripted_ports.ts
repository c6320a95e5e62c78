import { updatableMembers } from "../../../src/aws/api_members.ts";
import { readContainerImages } from "../../../src/model/images.ts";
import type { Revision } from "../../../src/model/arn.ts";
import type { JsonObject } from "../../../src/model/json.ts";
import type { ScalingPort } from "../../../src/model/ports.ts";
import type { ScalableTarget } from "../../../src/model/scalable_target.ts";
import type { PastDeployment, ServiceDeployment } from "../../../src/model/service_deployment.ts";
import type { LiveTask, ServiceSnapshot, StoppedTask } from "../../../src/model/service.ts";
import type { TaskDefinition } from "../../../src/model/task_definition.ts";
import { AwsError } from "../../../src/errors.ts";
import type { AwsErrorKind } from "../../../src/problems/aws_failure.ts";
import type { Limits, RunContext } from "../../../src/rollout/run_context.ts";
import { revision, taskDefinition } from "../made_up.ts";
import { VirtualClock } from "../../virtual_clock.ts";

export type Ports = Omit<RunContext, keyof Limits | "emit">;

/** What one call answers: a value, or an error to throw. */
export type Answer<T> = T | AwsError;

export interface Script {
  /** The reads of the service in order; the last one stays. */
  readonly reads: readonly Answer<ServiceSnapshot | undefined>[];
  readonly update?: Answer<ServiceSnapshot>;
  /** What one update after the other answers, where they differ; the last one stays. */
  readonly updates?: readonly Answer<ServiceSnapshot>[];
  readonly inUse?: Answer<ReadonlySet<string>>;
  /** The other services of the cluster, as one page; an error refuses to list them. */
  readonly others?: Answer<readonly ServiceSnapshot[]>;
  /** Refuses to describe them. */
  readonly describeOthers?: AwsError;
  readonly liveTasks?: Answer<readonly LiveTask[]>;
  readonly stoppedTasks?: Answer<readonly StoppedTask[]>;
  /** What `findNewest-` and `describeServiceDeployment` answer, in order; the last one stays. */
  readonly serviceDeployments?: readonly Answer<ServiceDeployment | undefined>[];
  /** The task definition's ARN. */
  readonly lastCompleted?: Answer<string>;
  /** Task definition ARNs by service revision ARN. */
  readonly serviceRevisions?: Readonly<Record<string, string>>;
  /** What one order to stop after the other answers, where they differ; the last one stays. */
  readonly stop?: AwsError | readonly (AwsError | undefined)[];
  /** The numbers of the family's revisions, as one page. */
  readonly registered?: Answer<readonly number[]>;
  readonly past?: Answer<readonly PastDeployment[]>;
  /** AWS's whole description of any task definition. */
  readonly definition?: Answer<JsonObject | undefined>;
  /** AWS's whole description of the service. */
  readonly raw?: JsonObject;
  /** What of the service only a service revision shows. */
  readonly revisionMembers?: JsonObject;
  /** What `describeTaskDefinition` answers, by the name that is asked for. */
  readonly taskDefinitions?: Readonly<Record<string, TaskDefinition | AwsError>>;
  /** What one registration after the other answers; the last one stays. */
  readonly registers?: readonly Answer<Revision>[];
  /** Members that ECS does not keep of what is registered. */
  readonly dropped?: readonly string[];
  /** AWS's reasons not to delete, by ARN. */
  readonly undeleted?: ReadonlyMap<string, string>;
  readonly deregister?: AwsError;
  /** What `listTags` answers; tagging works and untagging too, where no error is given. */
  readonly tags?: Answer<ReadonlyMap<string, string>>;
  readonly tag?: AwsError;
  readonly untag?: AwsError;
  /** The reads of the scalable target in order; the last one stays. */
  readonly targets?: readonly Answer<ScalableTarget | undefined>[];
  /** The calls that set the scaling flags, in order; those that are left out work. */
  readonly scaling?: readonly (AwsError | undefined)[];
  /** AWS's time; the clock's where it is left out. */
  readonly awsNowMs?: number;
  /** Called on each call, before it is answered. */
  readonly onCall?: (call: string, clock: VirtualClock) => void;
}

export function awsError(kind: AwsErrorKind, code = kind as string): AwsError {
  return new AwsError({ operation: "Operation", kind, code, detail: "" });
}

function definitionOf(name: string, script: Script): Answer<TaskDefinition | undefined> {
  const known = script.taskDefinitions?.[name];
  if (known instanceof AwsError) return known;
  const { definition = "definition" in script ? undefined : known } = script;
  if (definition === undefined || definition === known || definition instanceof AwsError) return definition;
  const raw = definition as JsonObject;
  const { status = "ACTIVE", registeredAt } = raw;
  const registeredAtMs = registeredAt === undefined ? 4_000 : Date.parse(String(registeredAt));
  return { ...known ?? taskDefinition(4), status: String(status), registeredAtMs, raw };
}

/** Ports that answer by script, and the calls that were made of them. */
export function scriptedPorts(script: Script): { ports: Ports; calls: string[]; clock: VirtualClock } {
  const scripted = new Scripted(script);
  const { calls, clock } = scripted;
  const ecs = {
    now: () => script.awsNowMs ?? clock.now(),
    updatableMembers,
    ...scriptedServices(scripted),
    ...scriptedTasks(scripted),
    ...scriptedRecords(scripted),
    ...scriptedDefinitions(scripted),
  };
  const scaling = scriptedScaling(scripted);
  return { ports: { ecs, scaling, clock, random: () => 0.5, actor: "alice", runId: "alicerun" }, calls, clock };
}

class Scripted {
  readonly calls: string[] = [];
  readonly clock = new VirtualClock(0);

  constructor(readonly script: Script) {}

  readonly answer = <T>(call: string, value: Answer<T>): Promise<T> => {
    this.calls.push(call);
    this.script.onCall?.(call, this.clock);
    return value instanceof AwsError ? Promise.reject(value) : Promise.resolve(value);
  };
}

/** One answer after the other; the last one stays. */
function inOrder<T>(answers: readonly T[]): () => T {
  const left = [...answers];
  return () => left.length > 1 ? left.shift()! : left[0]!;
}

const NOT_SCRIPTED = awsError("rejected", "NotScripted");

function scriptedServices({ script, answer }: Scripted) {
  const nextRead = inOrder(script.reads);
  const nextUpdate = inOrder(script.updates ?? [script.update ?? NOT_SCRIPTED]);
  return {
    async *listClusters() {
      yield* [];
    },
    readServiceTags: () => Promise.resolve(new Map()),
    async *listServices() {
      const others = await answer("listServices", script.others ?? []);
      if (others.length > 0) yield others.map(({ arn }) => arn);
    },
    describeServices(_cluster, arns) {
      const others = script.others instanceof AwsError ? [] : script.others ?? [];
      const found = others.filter(({ arn }) => arns.includes(arn));
      if (arns.length === 0) return Promise.resolve([]);
      return answer(`describeServices ${arns.map((arn) => arn.split("/").at(-1))}`, script.describeOthers ?? found);
    },
    async describeService() {
      const snapshot = await answer("describeService", nextRead());
      return snapshot && { ...snapshot, raw: script.raw ?? {} };
    },
    readSnapshot: () => answer("describeService", nextRead()),
    awaitTurn: () => Promise.resolve(),
    updateService: (_ref, { taskDefinition, attributes = {} }) => {
      const more = Object.keys(attributes).length === 0 ? "" : ` ${JSON.stringify(attributes)}`;
      return answer(`updateService ${taskDefinition}${more}`, nextUpdate());
    },
    createService: (_ref, input) => answer(`createService ${JSON.stringify(input)}`, nextUpdate()),
    tagService: (_arn, tags) => answer(`tagService ${JSON.stringify(tags)}`, undefined),
    untagService: (_arn, keys) => answer(`untagService ${keys.join(" ")}`, undefined),
  } satisfies Partial<Ports["ecs"]>;
}

function scriptedTasks({ script, answer }: Scripted) {
  return {
    listTaskDefinitionsInUse: () => answer("listTaskDefinitionsInUse", script.inUse ?? new Set<string>()),
    listLiveTasks: () => answer("listLiveTasks", script.liveTasks ?? []),
    listStoppedTasks: () => answer("listStoppedTasks", script.stoppedTasks ?? []),
  } satisfies Partial<Ports["ecs"]>;
}

function scriptedRecords({ script, answer }: Scripted) {
  const nextDeployment = inOrder(script.serviceDeployments ?? [undefined]);
  const nextStop = inOrder<Answer<void>>([script.stop].flat());
  return {
    listPastDeployments: () => answer("listPastDeployments", script.past ?? []),
    async *listDeployments() {
      const past = await answer("listDeployments", script.past ?? []);
      yield past.map(({ revision, ...one }) => ({ ...one, revisionArn: revision?.arn }));
    },
    describeServiceDeployments: () => answer("describeServiceDeployments", []),
    findNewestServiceDeployment: () => answer("findNewestServiceDeployment", nextDeployment()),
    findLastCompleted: () => answer("findLastCompleted", script.lastCompleted),
    describeServiceDeployment: (arn) => answer(`describeServiceDeployment ${arn}`, nextDeployment()),
    describeServiceRevisions: (arns) => {
      const known = arns.filter((arn) => script.serviceRevisions?.[arn] !== undefined);
      const found = known.map((arn) => ({
        arn,
        taskDefinition: script.serviceRevisions![arn]!,
        createdAtMs: 0,
        images: readContainerImages(script.revisionMembers ?? {}),
        raw: script.revisionMembers ?? {},
      }));
      return answer(`describeServiceRevisions ${arns}`, found);
    },
    stopServiceDeployment: (arn) => answer(`stopServiceDeployment ${arn}`, nextStop()),
  } satisfies Partial<Ports["ecs"]>;
}

function scriptedDefinitions({ script, answer }: Scripted) {
  const nextRegistered = inOrder(script.registers ?? [NOT_SCRIPTED]);
  return {
    readDefinition: (_kind, value) => ({ value, problems: [] }),
    async *listRevisions(family, { status, order }) {
      const numbers = await answer(`listRevisions ${family} ${status} ${order}`, script.registered ?? []);
      if (numbers.length > 0) yield numbers.map(revision);
    },
    async registerTaskDefinition(input) {
      const revision = await answer(`registerTaskDefinition ${JSON.stringify(input)}`, nextRegistered());
      const kept = Object.entries(input).filter(([name]) => !script.dropped?.includes(name));
      return { revision, definition: { ...Object.fromEntries(kept), taskDefinitionArn: revision.arn } };
    },
    deleteTaskDefinitions: (arns) =>
      answer(`deleteTaskDefinitions ${arns.map((arn) => arn.split(":").at(-1))}`, script.undeleted ?? new Map()),
    describeTaskDefinition: (name) =>
      answer(`describeTaskDefinition ${name.split("/").at(-1)}`, definitionOf(name, script)),
    listNewestRevisions: () => answer("listNewestRevisions", []),
    deregisterTaskDefinition: (arn) => answer(`deregisterTaskDefinition ${arn}`, script.deregister),
  } satisfies Partial<Ports["ecs"]>;
}

function scriptedScaling({ script, answer }: Scripted): ScalingPort {
  const nextTarget = inOrder(script.targets ?? [undefined]);
  const settings = [...script.scaling ?? []];
  return {
    describeScalableTarget: () => answer("describeScalableTarget", nextTarget()),
    listTags: () => answer("listTags", script.tags ?? new Map()),
    tag: (_arn, key, value) => answer(`tag ${key}=${value}`, script.tag),
    untag: (_arn, key) => answer(`untag ${key}`, script.untag),
    setCapacity: (_id, { min, max }) => answer(`setCapacity ${min} ${max}`, undefined),
    setSuspendedState: (_id, state) =>
      answer(`setSuspendedState ${Object.values(state).map(Number).join("")}`, settings.shift()),
  };
}

const NEVER = new AbortController().signal;

/** What a run works with whose limits are these. */
export function contextOf(ports: Ports, { deadline = NEVER, stop = NEVER, emit = ignore } = {}): RunContext {
  return { ...ports, deadline, stop, signal: AbortSignal.any([deadline, stop]), emit };
}

const ignore: RunContext["emit"] = () => {};
