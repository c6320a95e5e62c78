import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  type Failure as SdkFailure,
  type ServiceDeployment as SdkServiceDeployment,
  type ServiceRevision as SdkServiceRevision,
} from "@aws-sdk/client-ecs";
import { AwsError } from "../errors.ts";
import { parseTaskDefinitionArn } from "../model/arn.ts";
import { readContainerImages } from "../model/images.ts";
import type { EcsReader, Pace } from "../model/ports.ts";
import { hasEnded, type ServiceDeployment, type ServiceRevision } from "../model/service_deployment.ts";
import type { SdkCommand } from "./api.ts";
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
  text,
  toJson,
  undefinedWhen,
  UnreadableAnswer,
} from "./read_answer.ts";

/** AWS's names for that it keeps no such records here; not every partition has them, nor has everything like AWS. */
const UNSUPPORTED = new Set(["UnsupportedFeatureException", "UnknownOperationException"]);

/** Where there are no records of deployments and service revisions at all, that is as good as not being allowed to read them. */
export async function ofRecords<Result>(reading: Promise<Result>): Promise<Result> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof AwsError) || !UNSUPPORTED.has(error.code)) throw error;
    throw new AwsError({ ...error, kind: "denied" });
  }
}

/** How many deployments or service revisions a call describes. */
export const MOST_RECORDS = 20;

/** Reads of ECS's records by their ARNs. */
export interface RecordReads extends Pick<EcsReader, "describeServiceDeployment"> {
  readonly describeServiceDeployments: Describe<ServiceDeployment>;
  readonly describeServiceRevisions: Describe<ServiceRevision>;
}

export type Describe<Found> = (arns: readonly string[], signal: AbortSignal, pace?: Pace) => Promise<readonly Found[]>;

export function connectRecords(api: EcsApi): RecordReads {
  return {
    describeServiceDeployment: describeServiceDeployment(api),
    describeServiceDeployments: describeServiceDeployments(api),
    describeServiceRevisions: describeServiceRevisions(api),
  };
}

/** One kind of ECS's records. */
interface RecordKind<Answer, Item, Result> {
  readonly noun: string;
  readonly command: (arns: string[]) => SdkCommand<Answer>;
  readonly items: (answer: Answer) => readonly Item[] | undefined;
  readonly read: (item: NonNullable<Item>, asked: readonly string[]) => Result;
}

/** Describes records by their ARNs, in as few calls as may be; what AWS says is missing is left out. */
function describing<Answer extends { readonly failures?: SdkFailure[] | undefined }, Item, Result>(
  api: EcsApi,
  { noun, command, items, read }: RecordKind<Answer, Item, Result>,
): Describe<Result> {
  return (arns, signal, pace) =>
    inChunks(arns, MOST_RECORDS, (asked) =>
      ofRecords(api.read(command(asked), signal, (answer) => {
        for (const failure of list(answer.failures, "failures")) readMissing([failure], noun);
        return readAll(items(answer), answer.failures, asked.length, `${noun}s`).map((one) => read(one, asked));
      }, { pace })));
}

function describeServiceDeployments(api: EcsApi): Describe<ServiceDeployment> {
  return describing(api, {
    noun: "service deployment",
    command: (serviceDeploymentArns) => new DescribeServiceDeploymentsCommand({ serviceDeploymentArns }),
    items: ({ serviceDeployments }) => serviceDeployments,
    read: fromServiceDeployment,
  });
}

function describeServiceRevisions(api: EcsApi): Describe<ServiceRevision> {
  return describing(api, {
    noun: "service revision",
    command: (serviceRevisionArns) => new DescribeServiceRevisionsCommand({ serviceRevisionArns }),
    items: ({ serviceRevisions }) => serviceRevisions,
    read: fromServiceRevision,
  });
}

/** How ECS says that it knows no such deployment, or no such service. */
export const NOT_FOUND = ["ServiceDeploymentNotFoundException", "ServiceNotFoundException"];

function describeServiceDeployment(api: EcsApi): EcsReader["describeServiceDeployment"] {
  return (arn, signal, pace) => {
    const command = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] });
    const reading = api.read(command, signal, ({ serviceDeployments, failures }) => {
      const found = list(serviceDeployments, "serviceDeployments")[0];
      if (found === undefined) return readMissing(failures, "service deployment");
      readAsked(found.serviceDeploymentArn, arn, "service deployment");
      return fromServiceDeployment(found);
    }, { pace });
    return undefinedWhen(NOT_FOUND, ofRecords(reading));
  };
}

function fromServiceDeployment(deployment: SdkServiceDeployment): ServiceDeployment {
  const triggeredAlarms = list(deployment.alarms?.triggeredAlarmNames, "triggeredAlarmNames").map((name) =>
    text(name, "triggered alarm")
  );
  const { deploymentConfiguration, targetServiceRevision, rollback } = deployment;
  const status = text(deployment.status, "serviceDeployment.status");
  return {
    arn: text(deployment.serviceDeploymentArn, "serviceDeploymentArn"),
    status,
    statusReason: optionalText(deployment.statusReason, "statusReason"),
    strategy: optionalText(deploymentConfiguration?.strategy, "strategy"),
    bakeTimeInMinutes: optionalCount(deploymentConfiguration?.bakeTimeInMinutes, "bakeTimeInMinutes"),
    lifecycleStage: optionalText(deployment.lifecycleStage, "lifecycleStage"),
    // One that is left out would let several source revisions pass for the only one.
    sourceRevisionArns: list(deployment.sourceServiceRevisions, "sourceServiceRevisions").map(({ arn }) =>
      text(arn, "sourceServiceRevision.arn")
    ),
    targetRevisionArn: optionalText(targetServiceRevision?.arn, "targetServiceRevision.arn"),
    runningTaskCount: count(targetServiceRevision?.runningTaskCount, "runningTaskCount"),
    pendingTaskCount: count(targetServiceRevision?.pendingTaskCount, "pendingTaskCount"),
    rollback: rollback && {
      reason: optionalText(rollback.reason, "rollback reason"),
      revisionArn: optionalText(rollback.serviceRevisionArn, "rollback serviceRevisionArn"),
      startedAtMs: optionalTimeMs(rollback.startedAt, "rollback startedAt"),
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
    .flatMap(({ hookId, targetArn }) => optionalText(hookId ?? targetArn, "hookId") ?? []);
}

export function createdAtMs({ createdAt }: { readonly createdAt?: Date | undefined }): number {
  return optionalTimeMs(createdAt, "createdAt") ?? 0;
}

function fromServiceRevision(revision: SdkServiceRevision, asked: readonly string[]): ServiceRevision {
  const arn = text(revision.serviceRevisionArn, "serviceRevisionArn");
  if (!asked.includes(arn)) throw new UnreadableAnswer({ code: "aboutThis", name: "service revision", shown: arn });
  const raw = toJson(revision);
  return {
    arn,
    taskDefinition: parseTaskDefinitionArn(text(revision.taskDefinition, "taskDefinition")).arn,
    createdAtMs: optionalTimeMs(revision.createdAt, "createdAt") ?? 0,
    images: readContainerImages(raw),
    raw,
  };
}
