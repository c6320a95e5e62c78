/** ListServiceDeployments, DescribeServiceDeployments, DescribeServiceRevisions, StopServiceDeployment, ContinueServiceDeployment */
import { AwsFailure, invalidParameter } from "../failure.ts";
import type { Input } from "../input.ts";
import { clusterOf, findTaskDefinition, serviceOf, serviceOfArn } from "../lookup.ts";
import type { JsonObject, Service, World } from "../model.ts";
import type { ServiceDeployment } from "../service_deployment_model.ts";
import { pageOf } from "../pages.ts";
import { serviceDeploymentBrief, serviceDeploymentShape } from "../service_shapes.ts";
import { requestStop } from "../stop_requests.ts";
import { answerHook, revisionBefore } from "../traffic_shift.ts";
import { serviceRevisionShape } from "../wire.ts";
import type { Actions } from "./action.ts";

const MAX_DESCRIBED = 20;

function listServiceDeployments(world: World, input: Input): JsonObject {
  const service = serviceOf(world, clusterOf(world, input.string("cluster")), input.requiredString("service"));
  const statuses = input.strings("status") ?? [];
  const createdAt = input.object("createdAt") ?? {};
  const bound = (member: string, otherwise: number) => Number(createdAt[member] ?? otherwise) * 1000;
  const found = world.serviceDeployments.filter((deployment) =>
    deployment.serviceArn === service.arn &&
    (statuses.length === 0 || statuses.includes(deployment.status)) &&
    deployment.createdAtMs >= bound("after", 0) && deployment.createdAtMs <= bound("before", Infinity)
  );
  if (!world.settings.listsOldestDeploymentsFirst) found.reverse();
  const { items, nextToken } = pageOf(world, input, found, { default: 20, max: 100 });
  return { serviceDeployments: items.map(serviceDeploymentBrief), nextToken };
}

function describedArns(input: Input, member: string): string[] {
  const arns = input.requiredStrings(member);
  if (arns.length > MAX_DESCRIBED) {
    throw invalidParameter(`Member must have length less than or equal to ${MAX_DESCRIBED}`);
  }
  return arns;
}

function describeServiceDeployments(world: World, input: Input): JsonObject {
  const serviceDeployments: JsonObject[] = [];
  const failures: JsonObject[] = [];
  for (const arn of describedArns(input, "serviceDeploymentArns")) {
    const deployment = world.serviceDeployments.find((one) => one.arn === arn);
    const service = deployment && serviceOfArn(world, deployment.serviceArn);
    if (deployment && service) serviceDeployments.push(serviceDeploymentShape(world, service, deployment));
    else failures.push({ arn, reason: "MISSING" });
  }
  return { serviceDeployments, failures };
}

function describeServiceRevisions(world: World, input: Input): JsonObject {
  const serviceRevisions: JsonObject[] = [];
  const failures: JsonObject[] = [];
  for (const arn of describedArns(input, "serviceRevisionArns")) {
    const revision = world.serviceRevisions.find((one) => one.arn === arn);
    if (revision) {
      serviceRevisions.push(serviceRevisionShape(world, revision, findTaskDefinition(world, revision.taskDefinition)));
    } else failures.push({ arn, reason: "MISSING" });
  }
  return { serviceRevisions, failures };
}

/** The service deployment that a request names, with its service. @throws ServiceDeploymentNotFoundException */
function serviceDeploymentOf(world: World, input: Input): { deployment: ServiceDeployment; service: Service } {
  const arn = input.requiredString("serviceDeploymentArn");
  const deployment = world.serviceDeployments.find((one) => one.arn === arn);
  const service = deployment && serviceOfArn(world, deployment.serviceArn);
  if (deployment && service) return { deployment, service };
  throw new AwsFailure("ServiceDeploymentNotFoundException", "The service deployment was not found.");
}

/**
 * Goes back to the source service revision: its task definition, and its network and load-balancer settings too. It is
 * refused once a deployment has ended, not while that goes back already.
 */
function stopServiceDeployment(world: World, input: Input): JsonObject {
  const { deployment, service } = serviceDeploymentOf(world, input);
  const stopType = input.string("stopType") ?? "ROLLBACK";
  if (stopType !== "ROLLBACK") throw invalidParameter(`Stop type ${stopType} is not supported.`);
  if (deployment.finishedAtMs !== undefined) {
    throw new AwsFailure(
      "ConflictException",
      `The service deployment is in ${deployment.status} and can not be stopped.`,
    );
  }
  if (!revisionBefore(world, service, deployment)) {
    throw invalidParameter("The service deployment has no source service revision to roll back to.");
  }
  requestStop(world, service, deployment);
  return { serviceDeploymentArn: deployment.arn };
}

function continueServiceDeployment(world: World, input: Input): JsonObject {
  const { deployment, service } = serviceDeploymentOf(world, input);
  const hookId = input.requiredString("hookId");
  const action = (input.string("action") ?? "CONTINUE") as "CONTINUE" | "ROLLBACK";
  const isAwaited = deployment.hooks?.some((hook) => hook.hookId === hookId && hook.status === "AWAITING_ACTION");
  if (!isAwaited || deployment.status !== "IN_PROGRESS") {
    throw invalidParameter(`The lifecycle hook ${hookId} is not awaiting an action.`);
  }
  answerHook(world, service, deployment, hookId, action);
  return { serviceDeploymentArn: deployment.arn };
}

export const actions: Actions = {
  ListServiceDeployments: listServiceDeployments,
  DescribeServiceDeployments: describeServiceDeployments,
  DescribeServiceRevisions: describeServiceRevisions,
  StopServiceDeployment: stopServiceDeployment,
  ContinueServiceDeployment: continueServiceDeployment,
};
