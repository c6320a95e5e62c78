import type { ServiceEvent, StoppedTask } from "../model/service.ts";
import { type Cause, type CauseCode, causeCodes, type CauseSubject, isOfPlatform } from "./cause.ts";
import { normalizeMessage, withoutFiller } from "./clean_text.ts";
import { diagnoseEvents } from "./diagnose_events.ts";
import { diagnoseTask } from "./diagnose_task.ts";
import { addLogPlaces } from "./find_log_place.ts";
import { readDefinitionFacts } from "./definition_facts.ts";
import { lastPart, regionOf } from "../model/arn.ts";
import type { ServiceDeployment } from "../model/service_deployment.ts";
import { findCauseCode } from "./find_cause_code.ts";
import { findSubject } from "./find_subject.ts";
import type { JsonObject } from "../model/json.ts";
import type { ContainerAttachment } from "../model/misfit.ts";

/**
 * Why the deployment's tasks do not run, or why it has failed: equal causes merged, the main cause first. Empty where
 * nothing went wrong, and where ECS says nothing about it.
 */
export function diagnose(evidence: Evidence): readonly Cause[] {
  const { hasFailed = false } = evidence;
  const ofTasks = group(diagnoseTasks(evidence));
  const record = hasFailed ? diagnoseRecord(evidence) : undefined;
  const events = group(eventCauses(evidence));
  // While the deployment goes on, a task may yet become healthy; if it does not, ECS stops it, and says so.
  const ofEvents = events.filter(({ code }) =>
    !ofTasks.some((cause) => cause.code === code) && code !== record?.code && (hasFailed || !MAY_RECOVER.has(code))
  );
  const all = [record ?? [], ofTasks.map((cause) => withAnswer(cause, events)), ofEvents].flat()
    .map((cause) => withLoadBalancer(cause, evidence));
  const telling = all.filter(({ code }) => !ONLY_RESULTS.has(code) && !NOT_FAILED.has(code));
  const some = telling.length > 0 ? telling : all.filter(({ code }) => !NOT_FAILED.has(code));
  const shown = some.length > 0 ? some : hasFailed ? all : all.filter(({ code }) => code !== "replaced");
  const sorted = shown.toSorted((a, b) => tier(a) - tier(b) || b.count - a.count);
  return addLogPlaces(sorted, evidence);
}

/** Causes that are only the result of another one. */
const ONLY_RESULTS = causeCodes("tasksFailedToStart", "startsImpaired", "stopRequested");

/** Tasks that were no longer wanted did not fail. */
const NOT_FAILED = causeCodes("replaced", "stoppedByUser");

/** A key that is equal for causes that say the same of different tasks. */
export function keyOf({ code, container, exitCode, said }: Cause): string {
  return JSON.stringify([code, container, exitCode, normalizeMessage(said)]);
}

function group(causes: readonly Cause[]): Cause[] {
  const groups = new Map<string, Cause>();
  // The words of the first cause are kept, so that they stay the same from read to read.
  for (const cause of causes) {
    const known = groups.get(keyOf(cause));
    const { taskArn, atMs = known?.atMs } = cause;
    groups.set(keyOf(cause), known === undefined ? cause : { ...known, count: known.count + 1, taskArn, atMs });
  }
  return [...groups.values()];
}

/** In the order in which the tasks stopped, whatever order AWS answers in. */
function diagnoseTasks({ deploymentId, tasks, taskDefinition }: Evidence): Cause[] {
  const definition = readDefinitionFacts(taskDefinition);
  return tasks.filter(({ startedBy }) => startedBy === deploymentId).toSorted(byStop).map((task) => {
    const cause = diagnoseTask(task, definition);
    return wasReplaced(task) ? { ...cause, code: "replaced" } : cause;
  });
}

function byStop(a: StoppedTask, b: StoppedTask): number {
  // A task that is still stopping has no time yet: it comes last.
  const at = ({ stoppedAtMs }: StoppedTask) => stoppedAtMs ?? Number.MAX_SAFE_INTEGER;
  return at(a) - at(b) || Number(a.arn > b.arn) - Number(a.arn < b.arn);
}

/**
 * Whether ECS stopped a healthy task that was no longer wanted: scaling in and replacing (stoppedReason `Scaling
 * activity initiated by (deployment ecs-svc/N)`), rebalancing. The scheduler's other reasons name what failed.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
 */
function wasReplaced({ stopCode, stoppedReason = "" }: StoppedTask): boolean {
  // deno-lint-ignore house/words-in-report -- ECS's words
  if (stoppedReason.startsWith("Scaling activity initiated by")) return true;
  return stopCode === "ServiceSchedulerInitiated" &&
    !/fail|unhealthy|maintenance|terminated|drain/i.test(stoppedReason);
}

/** The causes in the service's events, without events about a task that another deployment started. */
function eventCauses({ events = [], sinceMs = Infinity, tasks, deploymentId }: Evidence): Cause[] {
  const others = tasks.filter(({ startedBy }) => startedBy !== deploymentId).map(({ arn }) => lastPart(arn));
  const ofOthers = events.filter(({ message }) => others.some((id) => message.includes(`(task ${id})`)));
  return diagnoseEvents(events.filter((event) => !ofOthers.includes(event)), sinceMs);
}

const MAY_RECOVER = causeCodes(
  ...["targetUnhealthy", "containerUnhealthy", "unhealthy", "tasksFailedToStart", "startsImpaired"] as const,
  ...["alarm", "unknown"] as const,
);

/** Adds the answer to the health check: an event has it, the stopped task does not. */
function withAnswer(cause: Cause, events: readonly Cause[]): Cause {
  if (cause.code !== "targetUnhealthy") return cause;
  const { targetGroup } = cause.about;
  const event = events.findLast(({ code, about }) => code === cause.code && about.targetGroup === targetGroup);
  return event === undefined ? cause : { ...cause, about: { ...event.about, ...cause.about } };
}

/** Adds the container and the port that the load balancer sends to. */
function withLoadBalancer(cause: Cause, { loadBalancers = [] }: Evidence): Cause {
  if (cause.code !== "targetUnhealthy" && cause.code !== "targetNotRegistered") return cause;
  const { targetGroup } = cause.about;
  const found = loadBalancers.find(({ name }) => name === targetGroup) ??
    (loadBalancers.length === 1 ? loadBalancers[0] : undefined);
  if (found === undefined) return cause;
  const port = found.containerPort;
  const about: CauseSubject = { ...cause.about, ...(port !== undefined && { port }) };
  return { ...cause, container: cause.container ?? found.containerName, about };
}

/** The lower, the more the cause explains. */
function tier(cause: Cause): number {
  if (ENDS_DEPLOYMENT.has(cause.code)) return 0;
  if (ONLY_RESULTS.has(cause.code)) return 6;
  if (cause.code === "unknown") return cause.said === "" ? 5 : 2;
  if (cause.taskArn === undefined) return 3;
  // ECS replaces tasks that the platform took: that alone fails no deployment.
  return isOfPlatform(cause) ? 4 : 1;
}

/** The reasons that ECS gives for ending a deployment. */
const ENDS_DEPLOYMENT = causeCodes("alarm", "hookFailed", "hookTimedOut", "trafficConfigInvalid");

/** The causes that a text about the deployment as a whole can name. */
const OF_DEPLOYMENT: ReadonlySet<CauseCode> = new Set([...ENDS_DEPLOYMENT, "tasksFailedToStart", "stopRequested"]);

/**
 * Why the deployment as a whole failed, from ECS's own record of it and its rolloutStateReason; `undefined` where
 * neither names a cause. `Service deployment rolled back because PRE_SCALE_UP lifecycle hook(s) failed. ...`
 */
function diagnoseRecord({ serviceDeployment: record, rolloutStateReason }: Evidence): Cause | undefined {
  const texts = [record?.statusReason, record?.rollback?.reason, rolloutStateReason].flatMap((text) => text ?? []);
  const alarms = record?.triggeredAlarms ?? [];
  const found = texts.map((text) => ({ said: withoutFiller(text), code: codeOf(text) })).find(({ code }) => code);
  const isAlarm = record?.triggered.includes("alarm") ?? false;
  const code = isAlarm ? "alarm" : found?.code;
  if (code === undefined) return undefined;
  const region = record && regionOf(record.arn);
  const said = found?.code === code ? found.said : withoutFiller(texts[0] ?? "");
  return {
    ...{ code, container: undefined, exitCode: undefined, count: 1, taskArn: undefined, said },
    about: { ...findSubject(said), ...(alarms.length > 0 && { alarms, ...(region !== undefined && { region }) }) },
    atMs: record?.rollback?.startedAtMs ?? record?.finishedAtMs,
  };
}

function codeOf(text: string): CauseCode | undefined {
  // Names may be anything: `(service cpu-alarm) rolling back to deployment ecs-svc/1.`
  const code = findCauseCode(text.replace(/\(service [^()]*\) /g, ""));
  return code !== undefined && OF_DEPLOYMENT.has(code) ? code : undefined;
}

/** What ECS has said about one deployment, as far as it was read. */
interface Evidence {
  /** `ecs-svc/<digits>`: only the tasks that it started count. */
  readonly deploymentId: string;
  /** The stopped tasks of all deployments of the service. */
  readonly tasks: readonly StoppedTask[];
  /** The service's events, of any time. */
  readonly events?: readonly ServiceEvent[];
  /** When the deployment began, by AWS's clock: earlier events are about others. Left out: no event counts. */
  readonly sinceMs?: number | undefined;
  /** Whether it has ended without success: only then a text about the deployment as a whole is a cause. */
  readonly hasFailed?: boolean;
  readonly rolloutStateReason?: string | undefined;
  readonly serviceDeployment?: ServiceDeployment | undefined;
  /** The task definition that was to be deployed, in the names of the API. */
  readonly taskDefinition?: JsonObject | undefined;
  /** The service's load balancers, with the container and the port that each sends to. */
  readonly loadBalancers?: readonly ContainerAttachment[];
}
