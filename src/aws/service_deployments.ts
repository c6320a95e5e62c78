import {
  DescribeServiceDeploymentsCommand,
  ListServiceDeploymentsCommand,
  type ServiceDeployment as SdkServiceDeployment,
  type ServiceDeploymentBrief,
  type ServiceDeploymentStatus,
  StopServiceDeploymentCommand,
} from "@aws-sdk/client-ecs";
import type { EcsReader, EcsWriter } from "../model/ports.ts";
import { hasEnded, type PastDeployment, type ServiceDeployment } from "../model/service_deployment.ts";
import type { ServiceRef } from "../model/service.ts";
import type { EcsCalls } from "./ecs_calls.ts";
import {
  count,
  list,
  optionalCount,
  optionalText,
  optionalTimeMs,
  readAsked,
  readMissing,
  readOrdered,
  requiredList,
  text,
  undefinedWhen,
} from "./read_answer.ts";
import { readRecords } from "./service_revisions.ts";

type Revisions = Pick<EcsReader, "describeServiceRevisions">;

/** Service deployments over the SDK: the only place that describes one. */
export function serviceDeploymentsOver(
  calls: EcsCalls,
  revisions: Revisions,
): Pick<
  EcsReader & EcsWriter,
  | "describeServiceDeployment"
  | "findLastCompleted"
  | "findNewestServiceDeployment"
  | "listPastDeployments"
  | "stopServiceDeployment"
> {
  return {
    describeServiceDeployment: (arn, signal) => describeServiceDeployment(calls, arn, signal),
    async findNewestServiceDeployment(ref, signal) {
      const [newest] = await listNewestFirst(calls, ref, signal);
      if (newest === undefined) return undefined;
      // What is listed lacks the source revisions.
      return await describeServiceDeployment(calls, newest.arn, signal);
    },
    findLastCompleted: (ref, signal) => findLastCompleted(calls, revisions, ref, signal),
    listPastDeployments: (ref, limit, signal) => listPastDeployments(calls, revisions, ref, limit, signal),
    stopServiceDeployment: (arn, signal) => stopServiceDeployment(calls, arn, signal),
  };
}

const NOT_FOUND = ["ServiceDeploymentNotFoundException", "ServiceNotFoundException"];

function describeServiceDeployment(
  { client, caller }: EcsCalls,
  arn: string,
  signal: AbortSignal,
): Promise<ServiceDeployment | undefined> {
  const command = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] });
  return undefinedWhen(
    NOT_FOUND,
    readRecords(caller, {
      operation: "DescribeServiceDeployments",
      send: (options) => client.send(command, options),
      signal,
      read: ({ serviceDeployments, failures }) => {
        const found = list(serviceDeployments, "serviceDeployments")[0];
        if (found === undefined) return readMissing(failures, "service deployment");
        readAsked(found.serviceDeploymentArn, arn, "service deployment");
        return fromServiceDeployment(found);
      },
    }),
  );
}

/** AWS promises no order, so the newest are those of one full page. */
const LONGEST_PAGE = 100;

type Brief = Omit<PastDeployment, "taskDefinition"> & { readonly revisionArn: string | undefined };

/** The service's deployments, of all statuses where none are given; none where ECS knows no such service. */
async function listNewestFirst(
  { client, caller }: EcsCalls,
  { cluster, service }: ServiceRef,
  signal: AbortSignal,
  statuses?: readonly ServiceDeploymentStatus[],
): Promise<readonly Brief[]> {
  const status = statuses && [...statuses];
  const command = new ListServiceDeploymentsCommand({ cluster, service, status, maxResults: LONGEST_PAGE });
  const listed = await undefinedWhen(
    NOT_FOUND,
    readRecords(caller, {
      operation: "ListServiceDeployments",
      send: (options) => client.send(command, options),
      signal,
      read: ({ serviceDeployments }) =>
        requiredList(serviceDeployments, "serviceDeployments").map(fromBrief)
          .toSorted((a, b) => b.createdAtMs - a.createdAtMs),
    }),
  );
  return listed ?? [];
}

function fromBrief(brief: ServiceDeploymentBrief): Brief {
  return {
    arn: text(brief.serviceDeploymentArn, "serviceDeploymentArn"),
    status: text(brief.status, "service deployment status"),
    createdAtMs: createdAtMs(brief),
    finishedAtMs: optionalTimeMs(brief.finishedAt, "finishedAt"),
    revisionArn: optionalText(brief.targetServiceRevisionArn, "targetServiceRevisionArn"),
  };
}

/** How a deployment has ended that ECS goes back to when a later one fails: where it went back to is completed, too. */
const COMPLETED = ["SUCCESSFUL", "ROLLBACK_SUCCESSFUL"] as const;

async function findLastCompleted(
  calls: EcsCalls,
  { describeServiceRevisions }: Revisions,
  ref: ServiceRef,
  signal: AbortSignal,
): Promise<string | undefined> {
  const listed = await listNewestFirst(calls, ref, signal, COMPLETED);
  const last = listed.find(({ status }) => COMPLETED.some((completed) => completed === status));
  const revisionArn = last?.status === "ROLLBACK_SUCCESSFUL"
    ? (await describeServiceDeployment(calls, last.arn, signal))?.rollback?.revisionArn
    : last?.revisionArn;
  if (revisionArn === undefined) return undefined;
  const [revision] = await describeServiceRevisions([revisionArn], signal);
  return revision?.taskDefinition;
}

async function listPastDeployments(
  calls: EcsCalls,
  { describeServiceRevisions }: Revisions,
  ref: ServiceRef,
  limit: number,
  signal: AbortSignal,
): Promise<readonly PastDeployment[]> {
  const past = (await listNewestFirst(calls, ref, signal)).slice(0, limit);
  const arns = [...new Set(past.flatMap(({ revisionArn }) => revisionArn ?? []))];
  const revisions = await describeServiceRevisions(arns, signal);
  const taskDefinitions = new Map(revisions.map(({ arn, taskDefinition }) => [arn, taskDefinition]));
  return past.map(({ revisionArn, ...deployment }) => ({
    ...deployment,
    taskDefinition: taskDefinitions.get(revisionArn ?? ""),
  }));
}

function stopServiceDeployment({ onceClient, caller }: EcsCalls, arn: string, signal: AbortSignal): Promise<void> {
  const command = new StopServiceDeploymentCommand({ serviceDeploymentArn: arn, stopType: "ROLLBACK" });
  return caller.make({
    operation: "StopServiceDeployment",
    // The step looks at the deployment before it orders that again.
    policy: "once",
    send: (options) => onceClient.send(command, options),
    read: ({ serviceDeploymentArn }) => readOrdered(serviceDeploymentArn, arn, "serviceDeploymentArn"),
    signal,
  });
}

function fromServiceDeployment(deployment: SdkServiceDeployment): ServiceDeployment {
  const triggeredAlarms = list(deployment.alarms?.triggeredAlarmNames, "triggeredAlarmNames").map((name) =>
    text(name, "triggered alarm")
  );
  const { deploymentConfiguration, targetServiceRevision, rollback } = deployment;
  const status = text(deployment.status, "service deployment status");
  return {
    arn: text(deployment.serviceDeploymentArn, "serviceDeploymentArn"),
    status,
    statusReason: optionalText(deployment.statusReason, "statusReason"),
    strategy: optionalText(deploymentConfiguration?.strategy, "strategy"),
    bakeTimeInMinutes: optionalCount(deploymentConfiguration?.bakeTimeInMinutes, "bakeTimeInMinutes"),
    lifecycleStage: optionalText(deployment.lifecycleStage, "lifecycleStage"),
    // One that is left out would let several source revisions pass for the only one.
    sourceRevisionArns: list(deployment.sourceServiceRevisions, "sourceServiceRevisions").map(({ arn }) =>
      text(arn, "source revision arn")
    ),
    targetRevisionArn: optionalText(targetServiceRevision?.arn, "target revision arn"),
    runningTaskCount: count(targetServiceRevision?.runningTaskCount, "runningTaskCount"),
    pendingTaskCount: count(targetServiceRevision?.pendingTaskCount, "pendingTaskCount"),
    rollback: rollback && {
      reason: optionalText(rollback.reason, "rollback reason"),
      revisionArn: optionalText(rollback.serviceRevisionArn, "rollback serviceRevisionArn"),
    },
    triggered: [
      ...(deployment.deploymentCircuitBreaker?.status === "TRIGGERED" ? ["circuit breaker" as const] : []),
      ...(deployment.alarms?.status === "TRIGGERED" || triggeredAlarms.length > 0 ? ["alarm" as const] : []),
    ],
    triggeredAlarms,
    // Once the deployment has ended, no hook waits for an answer any more.
    awaitingHooks: hasEnded({ status }) ? [] : awaitingHooks(deployment),
    createdAtMs: createdAtMs(deployment),
    finishedAtMs: optionalTimeMs(deployment.finishedAt, "finishedAt"),
  };
}

/** By `hookId`, which is what ContinueServiceDeployment wants. */
function awaitingHooks({ lifecycleHookDetails }: SdkServiceDeployment): string[] {
  return list(lifecycleHookDetails, "lifecycleHookDetails")
    .filter(({ status }) => status === "AWAITING_ACTION")
    .map(({ hookId, targetArn }) => optionalText(hookId ?? targetArn, "hookId") ?? "without an id");
}

function createdAtMs({ createdAt }: { readonly createdAt?: Date | undefined }): number {
  return optionalTimeMs(createdAt, "createdAt") ?? 0;
}
