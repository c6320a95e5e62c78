import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  ListServiceDeploymentsCommand,
  type ServiceDeployment as SdkServiceDeployment,
  type ServiceDeploymentBrief,
  type ServiceDeploymentStatus,
  type ServiceRevision as SdkServiceRevision,
  StopServiceDeploymentCommand,
} from "@aws-sdk/client-ecs";
import { AwsError } from "../errors.ts";
import { parseTaskDefinitionArn } from "../model/arn.ts";
import { readContainerImages } from "../model/images.ts";
import type { EcsReader, EcsWriter } from "../model/ports.ts";
import {
  hasEnded,
  type ListedDeployment,
  type ServiceDeployment,
  type ServiceRevision,
} from "../model/service_deployment.ts";
import type { ServiceRef } from "../model/service.ts";
import type { EcsApi } from "./ecs_api.ts";
import {
  count,
  inChunks,
  list,
  optionalCount,
  optionalText,
  optionalTimeMs,
  readAll,
  readAsked,
  readMissing,
  readOrdered,
  readPages,
  requiredList,
  text,
  toJson,
  undefinedWhen,
} from "./read_answer.ts";

/** AWS's names for that it keeps no such records here; not every partition has them, nor has everything like AWS. */
const UNSUPPORTED = new Set(["UnsupportedFeatureException", "UnknownOperationException"]);

/** Where there are no records of deployments and service revisions at all, that is as good as not being allowed to read them. */
async function ofRecords<Result>(reading: Promise<Result>): Promise<Result> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof AwsError) || !UNSUPPORTED.has(error.code)) throw error;
    throw new AwsError({ ...error, kind: "denied" });
  }
}

export function describeServiceDeployments(api: EcsApi): EcsReader["describeServiceDeployments"] {
  return (arns, signal) =>
    inChunks(arns, MOST_DESCRIBED, (serviceDeploymentArns) => {
      const command = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns });
      return ofRecords(api.read(command, signal, ({ serviceDeployments, failures }) => {
        for (const failure of list(failures, "failures")) readMissing([failure], "service deployment");
        return readAll(serviceDeployments, failures, serviceDeploymentArns.length, "serviceDeployments")
          .map(fromServiceDeployment);
      }));
    });
}

const NOT_FOUND = ["ServiceDeploymentNotFoundException", "ServiceNotFoundException"];

export function describeServiceDeployment(api: EcsApi): EcsReader["describeServiceDeployment"] {
  return (arn, signal) => {
    const command = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] });
    const reading = api.read(command, signal, ({ serviceDeployments, failures }) => {
      const found = list(serviceDeployments, "serviceDeployments")[0];
      if (found === undefined) return readMissing(failures, "service deployment");
      readAsked(found.serviceDeploymentArn, arn, "service deployment");
      return fromServiceDeployment(found);
    });
    return undefinedWhen(NOT_FOUND, ofRecords(reading));
  };
}

/** AWS promises no order, so the newest are those of one full page. */
const LONGEST_PAGE = 100;

/** The service's deployments, of all statuses where none are given; none where ECS knows no such service. */
async function listNewestFirst(
  api: EcsApi,
  { cluster, service }: ServiceRef,
  signal: AbortSignal,
  status?: ServiceDeploymentStatus[],
): Promise<readonly ListedDeployment[]> {
  const command = new ListServiceDeploymentsCommand({ cluster, service, status, maxResults: LONGEST_PAGE });
  const reading = api.read(
    command,
    signal,
    ({ serviceDeployments }) =>
      requiredList(serviceDeployments, "serviceDeployments").map(fromBrief)
        .toSorted((a, b) => b.createdAtMs - a.createdAtMs),
  );
  return await undefinedWhen(NOT_FOUND, ofRecords(reading)) ?? [];
}

function fromBrief(brief: ServiceDeploymentBrief): ListedDeployment {
  return {
    arn: text(brief.serviceDeploymentArn, "serviceDeploymentArn"),
    status: text(brief.status, "service deployment status"),
    createdAtMs: createdAtMs(brief),
    finishedAtMs: optionalTimeMs(brief.finishedAt, "finishedAt"),
    revisionArn: optionalText(brief.targetServiceRevisionArn, "targetServiceRevisionArn"),
  };
}

export function listDeployments(api: EcsApi): EcsReader["listDeployments"] {
  return async function* ({ cluster, service }, signal) {
    const pages = readPages("ListServiceDeployments", async (nextToken) => {
      const command = new ListServiceDeploymentsCommand({ cluster, service, maxResults: LONGEST_PAGE, nextToken });
      const reading = api.read(command, signal, (answer) => ({
        listed: requiredList(answer.serviceDeployments, "serviceDeployments").map(fromBrief),
        nextToken: optionalText(answer.nextToken, "nextToken") || undefined,
      }));
      return await undefinedWhen(NOT_FOUND, ofRecords(reading)) ?? { listed: [], nextToken: undefined };
    });
    for await (const { listed } of pages) yield listed;
  };
}

/** How a deployment has ended that ECS goes back to when a later one fails: where it went back to is completed, too. */
const COMPLETED = ["SUCCESSFUL", "ROLLBACK_SUCCESSFUL"] satisfies ServiceDeploymentStatus[];

export function findNewestServiceDeployment(api: EcsApi): EcsReader["findNewestServiceDeployment"] {
  return async (ref, signal) => {
    const [newest] = await listNewestFirst(api, ref, signal);
    // What is listed lacks the source revisions.
    return newest && await describeServiceDeployment(api)(newest.arn, signal);
  };
}

export function findLastCompleted(api: EcsApi): EcsReader["findLastCompleted"] {
  return async (ref, signal) => {
    const listed = await listNewestFirst(api, ref, signal, COMPLETED);
    const last = listed.find(({ status }) => COMPLETED.some((completed) => completed === status));
    const revisionArn = last?.status === "ROLLBACK_SUCCESSFUL"
      ? (await describeServiceDeployment(api)(last.arn, signal))?.rollback?.revisionArn
      : last?.revisionArn;
    if (revisionArn === undefined) return undefined;
    const [revision] = await describeServiceRevisions(api)([revisionArn], signal);
    return revision?.taskDefinition;
  };
}

export function listPastDeployments(api: EcsApi): EcsReader["listPastDeployments"] {
  return async (ref, limit, signal, onListed) => {
    const past = (await listNewestFirst(api, ref, signal)).slice(0, limit);
    onListed?.(past.map(({ arn }) => arn));
    const arns = [...new Set(past.flatMap(({ revisionArn }) => revisionArn ?? []))];
    const revisions = await describeServiceRevisions(api)(arns, signal);
    const byArn = new Map(revisions.map((revision) => [revision.arn, revision]));
    return past.map(({ revisionArn = "", ...deployment }) => {
      const revision = byArn.get(revisionArn);
      return { ...deployment, taskDefinition: revision?.taskDefinition, revision };
    });
  };
}

export function stopServiceDeployment(api: EcsApi): EcsWriter["stopServiceDeployment"] {
  return (arn, signal) => {
    const command = new StopServiceDeploymentCommand({ serviceDeploymentArn: arn, stopType: "ROLLBACK" });
    // The step looks at the deployment before it orders that again.
    return api.change(
      command,
      "once",
      signal,
      ({ serviceDeploymentArn }) => readOrdered(serviceDeploymentArn, arn, "serviceDeploymentArn"),
    );
  };
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

/** How many deployments or service revisions a call describes. */
const MOST_DESCRIBED = 20;

export function describeServiceRevisions(api: EcsApi): EcsReader["describeServiceRevisions"] {
  return (arns, signal) =>
    inChunks(arns, MOST_DESCRIBED, (serviceRevisionArns) => {
      const command = new DescribeServiceRevisionsCommand({ serviceRevisionArns });
      return ofRecords(api.read(command, signal, ({ serviceRevisions, failures }) => {
        for (const failure of list(failures, "failures")) readMissing([failure], "service revision");
        return readAll(serviceRevisions, failures, serviceRevisionArns.length, "serviceRevisions")
          .map((one) => fromServiceRevision(one, serviceRevisionArns));
      }));
    });
}

function fromServiceRevision(revision: SdkServiceRevision, asked: readonly string[]): ServiceRevision {
  const arn = text(revision.serviceRevisionArn, "serviceRevisionArn");
  if (!asked.includes(arn)) throw new TypeError(`AWS's answer is about another service revision: ${arn}`);
  const raw = toJson(revision);
  return {
    arn,
    taskDefinition: parseTaskDefinitionArn(text(revision.taskDefinition, "taskDefinition")).arn,
    createdAtMs: optionalTimeMs(revision.createdAt, "createdAt") ?? 0,
    images: readContainerImages(raw),
    raw,
  };
}
