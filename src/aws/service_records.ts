import { DescribeServiceDeploymentsCommand, DescribeServiceRevisionsCommand } from "@aws-sdk/client-ecs";
import type * as sdk from "@aws-sdk/client-ecs";
import { AwsError } from "../errors.ts";
import { parseTaskDefinitionArn } from "../model/arn.ts";
import { readContainerImages } from "../model/images.ts";
import type { EcsReader, Priority } from "../model/ports.ts";
import { hasEnded, type ServiceDeployment, type ServiceRevision } from "../model/service_deployment.ts";
import type { SdkCommand } from "./sdk_client.ts";
import type { EcsApi } from "./ecs_api.ts";
import {
  inChunks,
  list,
  maskedText,
  optionalCount,
  optionalText,
  optionalTimeMs,
  readAll,
  readMissing,
  text,
  toJson,
  undefinedWhen,
  UnreadableAnswer,
} from "./read_answer.ts";

/** AWS's errors where it keeps no such records: in some partitions, and in some emulators of AWS. */
const UNSUPPORTED = new Set(["UnsupportedFeatureException", "UnknownOperationException"]);

/** Turns the error that ECS keeps no records here into a denial: a run goes on as if it may not read them. */
export async function deniedIfUnsupported<Result>(reading: Promise<Result>): Promise<Result> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof AwsError) || !UNSUPPORTED.has(error.code)) throw error;
    throw new AwsError({ ...error, kind: "denied" });
  }
}

/** How many deployments or service revisions a call describes. */
export const RECORDS_PER_CALL = 20;

export interface RecordReads extends Pick<EcsReader, "describeServiceDeployment"> {
  readonly describeServiceDeployments: Describe<ServiceDeployment>;
  readonly describeServiceRevisions: Describe<ServiceRevision>;
}

export type Describe<Found> = (
  arns: readonly string[],
  signal: AbortSignal,
  priority?: Priority,
) => Promise<readonly Found[]>;

/** ECS's errors where it knows no such deployment, or no such service. */
export const NOT_FOUND = ["ServiceDeploymentNotFoundException", "ServiceNotFoundException"];

export function connectRecords(api: EcsApi): RecordReads {
  const describeServiceDeployments = describing(api, {
    noun: "serviceDeployment",
    command: (serviceDeploymentArns) => new DescribeServiceDeploymentsCommand({ serviceDeploymentArns }),
    items: ({ serviceDeployments }) => serviceDeployments,
    arnOf: ({ serviceDeploymentArn }) => serviceDeploymentArn,
    read: (deployment, arn) => fromServiceDeployment(deployment, arn, api.mask),
  });
  return {
    describeServiceDeployments,
    describeServiceDeployment: async (arn, ...how) =>
      (await undefinedWhen(NOT_FOUND, describeServiceDeployments([arn], ...how)))?.[0],
    describeServiceRevisions: describing(api, {
      noun: "serviceRevision",
      command: (serviceRevisionArns) => new DescribeServiceRevisionsCommand({ serviceRevisionArns }),
      items: ({ serviceRevisions }) => serviceRevisions,
      arnOf: ({ serviceRevisionArn }) => serviceRevisionArn,
      read: fromServiceRevision,
    }),
  };
}

interface RecordKind<Answer, Item, Result> {
  readonly noun: string;
  readonly command: (arns: string[]) => SdkCommand<Answer>;
  readonly items: (answer: Answer) => readonly Item[] | undefined;
  readonly arnOf: (item: NonNullable<Item>) => string | undefined;
  readonly read: (item: NonNullable<Item>, arn: string) => Result;
}

/** Describes records by their ARNs, in as few calls as possible; those that AWS says are missing are left out. */
function describing<Answer extends { readonly failures?: sdk.Failure[] | undefined }, Item, Result>(
  api: EcsApi,
  { noun, command, items, arnOf, read }: RecordKind<Answer, Item, Result>,
): Describe<Result> {
  return (arns, signal, priority) =>
    inChunks(arns, RECORDS_PER_CALL, (asked) =>
      deniedIfUnsupported(api.read(command(asked), signal, (answer) => {
        const { failures } = answer;
        for (const failure of list(failures, "failures")) readMissing([failure], noun);
        return readAll(items(answer) ?? (failures && []), failures, asked.length, `${noun}s`).map((one) => {
          const shown = text(arnOf(one), noun);
          if (!asked.includes(shown)) throw new UnreadableAnswer({ code: "aboutThis", name: noun, shown });
          return read(one, shown);
        });
      }, { priority })));
}

function fromServiceDeployment(
  deployment: sdk.ServiceDeployment,
  arn: string,
  mask: (text: string) => string,
): ServiceDeployment {
  const triggeredAlarms = list(deployment.alarms?.triggeredAlarmNames, "triggeredAlarmNames").map((name) =>
    text(name, "triggeredAlarmNames")
  );
  const { deploymentConfiguration, targetServiceRevision, rollback } = deployment;
  const status = text(deployment.status, "serviceDeployment.status");
  return {
    arn,
    status,
    statusReason: maskedText(deployment.statusReason, "statusReason", mask),
    strategy: optionalText(deploymentConfiguration?.strategy, "strategy"),
    bakeTimeInMinutes: optionalCount(deploymentConfiguration?.bakeTimeInMinutes, "bakeTimeInMinutes"),
    lifecycleStage: optionalText(deployment.lifecycleStage, "lifecycleStage"),
    // One without an ARN is an error: leaving it out could make two source revisions look like one.
    sourceRevisionArns: list(deployment.sourceServiceRevisions, "sourceServiceRevisions").map(({ arn }) =>
      text(arn, "sourceServiceRevision.arn")
    ),
    targetRevisionArn: optionalText(targetServiceRevision?.arn, "targetServiceRevision.arn"),
    rollback: rollback && {
      reason: maskedText(rollback.reason, "rollback.reason", mask),
      revisionArn: optionalText(rollback.serviceRevisionArn, "rollback.serviceRevisionArn"),
      startedAtMs: optionalTimeMs(rollback.startedAt, "rollback.startedAt"),
    },
    triggered: [
      ...(deployment.deploymentCircuitBreaker?.status === "TRIGGERED" ? ["circuitBreaker" as const] : []),
      ...(deployment.alarms?.status === "TRIGGERED" || triggeredAlarms.length > 0 ? ["alarm" as const] : []),
    ],
    triggeredAlarms,
    // Once the deployment has ended, no hook waits for an answer any more.
    awaitingHooks: hasEnded({ status }) ? [] : awaitingHooks(deployment),
    createdAtMs: optionalTimeMs(deployment.createdAt, "createdAt") ?? 0,
    finishedAtMs: optionalTimeMs(deployment.finishedAt, "finishedAt"),
  };
}

/** Lists the hooks that wait for a decision, by `hookId`, which ContinueServiceDeployment takes. */
function awaitingHooks({ lifecycleHookDetails }: sdk.ServiceDeployment): string[] {
  return list(lifecycleHookDetails, "lifecycleHookDetails")
    .filter(({ status }) => status === "AWAITING_ACTION")
    .flatMap(({ hookId, targetArn }) => optionalText(hookId ?? targetArn, "hookId") ?? []);
}

function fromServiceRevision(revision: sdk.ServiceRevision, arn: string): ServiceRevision {
  const raw = toJson(revision);
  return {
    arn,
    taskDefinition: parseTaskDefinitionArn(text(revision.taskDefinition, "taskDefinition")).arn,
    createdAtMs: optionalTimeMs(revision.createdAt, "createdAt") ?? 0,
    images: readContainerImages(raw),
    raw,
  };
}
