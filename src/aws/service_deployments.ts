import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  type ECSClient,
  ListServiceDeploymentsCommand,
  type ServiceDeployment as SdkServiceDeployment,
  type ServiceDeploymentBrief,
  type ServiceDeploymentStatus,
  type ServiceRevision as SdkServiceRevision,
  StopServiceDeploymentCommand,
} from "@aws-sdk/client-ecs";
import {
  hasEnded,
  type PastDeployment,
  type ServiceDeployment,
  type ServiceRevision,
} from "../model/service_deployment.ts";
import type { ServiceRef } from "../model/service.ts";
import { parseTaskDefinitionArn } from "../model/arn.ts";
import { AwsError } from "../errors.ts";
import type { Call, Caller } from "./connection.ts";
import { toJson } from "./from_ecs.ts";
import { inChunks } from "./in_chunks.ts";
import {
  count,
  list,
  optionalCount,
  optionalText,
  optionalTimeMs,
  readAll,
  readAsked,
  readMissing,
  readOrdered,
  requiredList,
  text,
} from "./read_answer.ts";
import { undefinedWhen } from "./undefined_when.ts";

export async function findNewestServiceDeployment(
  client: ECSClient,
  caller: Caller,
  ref: ServiceRef,
  signal: AbortSignal,
): Promise<ServiceDeployment | undefined> {
  const newest = (deployments: readonly ServiceDeploymentBrief[]) =>
    deployments[0] && text(deployments[0].serviceDeploymentArn, "serviceDeploymentArn");
  const arn = await readNewestFirst(client, caller, ref, newest, signal);
  // What is listed lacks the source revisions.
  return arn === undefined ? undefined : await describeServiceDeployment(client, caller, arn, signal);
}

/** How a deployment has ended that ECS goes back to when a later one fails: where it went back to is completed, too. */
const COMPLETED = ["SUCCESSFUL", "ROLLBACK_SUCCESSFUL"] as const;

export async function findLastCompleted(
  client: ECSClient,
  caller: Caller,
  ref: ServiceRef,
  signal: AbortSignal,
): Promise<string | undefined> {
  const newest = (deployments: readonly ServiceDeploymentBrief[]) =>
    deployments.find(({ status }) => COMPLETED.some((completed) => completed === status));
  const last = await readNewestFirst(client, caller, ref, newest, signal, COMPLETED);
  if (last === undefined) return undefined;
  const arn = text(last.serviceDeploymentArn, "serviceDeploymentArn");
  const revisionArn = last.status === "ROLLBACK_SUCCESSFUL"
    ? (await describeServiceDeployment(client, caller, arn, signal))?.rollback?.revisionArn
    : optionalText(last.targetServiceRevisionArn, "targetServiceRevisionArn");
  if (revisionArn === undefined) return undefined;
  const [revision] = await describeServiceRevisions(client, caller, [revisionArn], signal);
  return revision?.taskDefinition;
}

/** AWS promises no order, so the newest are those of one full page. */
const LONGEST_PAGE = 100;

/**
 * What `read` makes of the service's deployments, newest first, of all statuses where none are given; `undefined` where
 * ECS knows no such service.
 */
function readNewestFirst<Result>(
  client: ECSClient,
  caller: Caller,
  { cluster, service }: ServiceRef,
  read: (deployments: readonly ServiceDeploymentBrief[]) => Result,
  signal: AbortSignal,
  statuses?: readonly ServiceDeploymentStatus[],
): Promise<Result | undefined> {
  const status = statuses && [...statuses];
  const command = new ListServiceDeploymentsCommand({ cluster, service, status, maxResults: LONGEST_PAGE });
  return undefinedWhen(
    NOT_FOUND,
    readRecords(caller, {
      operation: "ListServiceDeployments",
      send: (options) => client.send(command, options),
      signal,
      read: ({ serviceDeployments }) =>
        read(
          requiredList(serviceDeployments, "serviceDeployments")
            .toSorted((a, b) => createdAtMs(b) - createdAtMs(a)),
        ),
    }),
  );
}

/** What DescribeServiceRevisions takes. */
const MOST_REVISIONS = 20;

export async function listPastDeployments(
  client: ECSClient,
  caller: Caller,
  ref: ServiceRef,
  limit: number,
  signal: AbortSignal,
): Promise<readonly PastDeployment[]> {
  const newest = (deployments: readonly ServiceDeploymentBrief[]) =>
    deployments.slice(0, limit).map((brief) => ({
      arn: text(brief.serviceDeploymentArn, "serviceDeploymentArn"),
      status: text(brief.status, "service deployment status"),
      createdAtMs: createdAtMs(brief),
      finishedAtMs: optionalTimeMs(brief.finishedAt, "finishedAt"),
      revisionArn: optionalText(brief.targetServiceRevisionArn, "targetServiceRevisionArn"),
    }));
  const briefs = await readNewestFirst(client, caller, ref, newest, signal);
  const arns = [...new Set((briefs ?? []).flatMap(({ revisionArn }) => revisionArn ?? []))];
  const revisions = await describeServiceRevisions(client, caller, arns, signal);
  const taskDefinitions = new Map(revisions.map(({ arn, taskDefinition }) => [arn, taskDefinition]));
  return (briefs ?? []).map(({ revisionArn, ...brief }) => ({
    ...brief,
    taskDefinition: taskDefinitions.get(revisionArn ?? ""),
  }));
}

/** In twenties, which are read at the same time. */
export async function describeServiceRevisions(
  client: ECSClient,
  caller: Caller,
  arns: readonly string[],
  signal: AbortSignal,
): Promise<readonly ServiceRevision[]> {
  const found = await Promise.all(
    inChunks(arns, MOST_REVISIONS).map((serviceRevisionArns) => {
      const command = new DescribeServiceRevisionsCommand({ serviceRevisionArns });
      return readRecords(caller, {
        operation: "DescribeServiceRevisions",
        send: (options) => client.send(command, options),
        signal,
        read: ({ serviceRevisions, failures }) => {
          for (const failure of list(failures, "failures")) readMissing([failure], "service revision");
          return readAll(serviceRevisions, failures, serviceRevisionArns.length, "serviceRevisions")
            .map((one) => fromServiceRevision(one, serviceRevisionArns));
        },
      });
    }),
  );
  return found.flat();
}

function fromServiceRevision(revision: SdkServiceRevision, asked: readonly string[]): ServiceRevision {
  const arn = text(revision.serviceRevisionArn, "serviceRevisionArn");
  if (!asked.includes(arn)) throw new TypeError(`AWS's answer is about another service revision: ${arn}`);
  return {
    arn,
    taskDefinition: parseTaskDefinitionArn(text(revision.taskDefinition, "taskDefinition")).arn,
    createdAtMs: createdAtMs(revision),
    raw: toJson(revision),
  };
}

export function describeServiceDeployment(
  client: ECSClient,
  caller: Caller,
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

/** Sent once: the caller looks at the deployment before it sends the order again. */
export function stopServiceDeployment(
  onceClient: ECSClient,
  caller: Caller,
  arn: string,
  signal: AbortSignal,
): Promise<void> {
  const command = new StopServiceDeploymentCommand({ serviceDeploymentArn: arn, stopType: "ROLLBACK" });
  return caller.make({
    operation: "StopServiceDeployment",
    send: (options) => onceClient.send(command, options),
    read: ({ serviceDeploymentArn }) => readOrdered(serviceDeploymentArn, arn, "serviceDeploymentArn"),
    signal,
    once: true,
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
    // One that nobody has answered before the end waits for nothing any more.
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

/** AWS's names for that it keeps no such records here; not every partition has them, nor has everything like AWS. */
const UNSUPPORTED = new Set(["UnsupportedFeatureException", "UnknownOperationException"]);

/** A call that reads the records. Where there are none at all, that is as good as not being allowed to read them. */
async function readRecords<Answer, Result>(caller: Caller, call: Call<Answer, Result>): Promise<Result> {
  try {
    return await caller.make(call);
  } catch (error) {
    if (!(error instanceof AwsError) || !UNSUPPORTED.has(error.code)) throw error;
    const { operation, code, detail, requestId } = error;
    throw new AwsError({ operation, kind: "denied", code, detail, requestId });
  }
}

/** ECS has no such deployment, or no such service. */
const NOT_FOUND = ["ServiceDeploymentNotFoundException", "ServiceNotFoundException"];
