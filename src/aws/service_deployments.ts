import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  type ECSClient,
  ListServiceDeploymentsCommand,
  type ServiceDeployment as SdkServiceDeployment,
  type ServiceDeploymentBrief,
  StopServiceDeploymentCommand,
} from "@aws-sdk/client-ecs";
import type { ServiceDeployment } from "../ecs/service_deployment.ts";
import type { ServiceRef } from "../ecs/service.ts";
import { AwsError } from "../errors.ts";
import { call } from "./connection.ts";
import { required } from "./from_ecs.ts";

/** AWS promises no order, so the newest of one full page is taken; what it lists lacks the source revisions. */
const LONGEST_PAGE = 100;

export async function findNewestServiceDeployment(
  client: ECSClient,
  { cluster, service }: ServiceRef,
  abortSignal: AbortSignal,
): Promise<ServiceDeployment | undefined> {
  const command = new ListServiceDeploymentsCommand({ cluster, service, maxResults: LONGEST_PAGE });
  const newest = await undefinedWhenNotFound(call(
    "ListServiceDeployments",
    client.send(command, { abortSignal }),
    ({ serviceDeployments }) => newestArn(required(serviceDeployments, "serviceDeployments")),
  ));
  return newest === undefined ? undefined : await describeServiceDeployment(client, newest, abortSignal);
}

function newestArn(deployments: readonly ServiceDeploymentBrief[]): string | undefined {
  const [newest] = deployments.toSorted((a, b) => createdAtMs(b) - createdAtMs(a));
  return newest && required(newest.serviceDeploymentArn, "serviceDeploymentArn");
}

export function describeServiceDeployment(
  client: ECSClient,
  arn: string,
  abortSignal: AbortSignal,
): Promise<ServiceDeployment | undefined> {
  const command = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] });
  return undefinedWhenNotFound(call(
    "DescribeServiceDeployments",
    client.send(command, { abortSignal }),
    ({ serviceDeployments, failures }) => {
      const found = serviceDeployments?.[0];
      return found === undefined ? missing(failures, "service deployment") : fromServiceDeployment(found);
    },
  ));
}

export function describeServiceRevision(
  client: ECSClient,
  arn: string,
  abortSignal: AbortSignal,
): Promise<string | undefined> {
  const command = new DescribeServiceRevisionsCommand({ serviceRevisionArns: [arn] });
  return call(
    "DescribeServiceRevisions",
    client.send(command, { abortSignal }),
    ({ serviceRevisions, failures }) => {
      const found = serviceRevisions?.[0];
      return found === undefined
        ? missing(failures, "service revision")
        : required(found.taskDefinition, "taskDefinition");
    },
  );
}

/** @param sendOnce a client that does not repeat what it has sent */
export function stopServiceDeployment(sendOnce: ECSClient, arn: string, abortSignal: AbortSignal): Promise<void> {
  const command = new StopServiceDeploymentCommand({ serviceDeploymentArn: arn, stopType: "ROLLBACK" });
  return call("StopServiceDeployment", sendOnce.send(command, { abortSignal }), () => undefined);
}

function fromServiceDeployment(deployment: SdkServiceDeployment): ServiceDeployment {
  const { deploymentConfiguration, targetServiceRevision, rollback } = deployment;
  return {
    arn: required(deployment.serviceDeploymentArn, "serviceDeploymentArn"),
    status: required(deployment.status, "service deployment status"),
    statusReason: deployment.statusReason,
    strategy: deploymentConfiguration?.strategy,
    bakeTimeInMinutes: deploymentConfiguration?.bakeTimeInMinutes,
    lifecycleStage: deployment.lifecycleStage,
    // One that is left out would let several source revisions pass for the only one.
    sourceRevisionArns: (deployment.sourceServiceRevisions ?? []).map(({ arn }) =>
      required(arn, "source revision arn")
    ),
    targetRevisionArn: targetServiceRevision?.arn,
    requestedTaskCount: targetServiceRevision?.requestedTaskCount ?? 0,
    runningTaskCount: targetServiceRevision?.runningTaskCount ?? 0,
    pendingTaskCount: targetServiceRevision?.pendingTaskCount ?? 0,
    rollback: rollback && { reason: rollback.reason, revisionArn: rollback.serviceRevisionArn },
    awaitingHooks: awaitingHooks(deployment),
    createdAtMs: createdAtMs(deployment),
  };
}

/** By `hookId`, which is what ContinueServiceDeployment wants. */
function awaitingHooks({ lifecycleHookDetails = [] }: SdkServiceDeployment): string[] {
  return lifecycleHookDetails
    .filter(({ status }) => status === "AWAITING_ACTION")
    .map(({ hookId, targetArn }) => hookId ?? targetArn ?? "without an id");
}

function createdAtMs({ createdAt }: { readonly createdAt?: Date | undefined }): number {
  return createdAt?.getTime() ?? 0;
}

/** ECS names what it does not know in `failures`; an answer that names nothing at all says nothing. */
function missing(failures: readonly { readonly reason?: string | undefined }[] | undefined, name: string): undefined {
  const reason = failures?.[0]?.reason;
  if (reason === "MISSING") return undefined;
  throw new TypeError(`AWS's answer has no ${name} (${reason ?? "no reason given"})`);
}

const NOT_FOUND = new Set(["ServiceDeploymentNotFoundException", "ServiceNotFoundException"]);

async function undefinedWhenNotFound<Result>(answer: Promise<Result>): Promise<Result | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof AwsError && NOT_FOUND.has(error.code)) return undefined;
    throw error;
  }
}
