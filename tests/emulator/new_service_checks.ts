/**
 * What CreateService refuses before it looks at the task definition. Texts that AWS is known to use have their source;
 * the others say what the API reference of CreateService says, in other words. `cdk-preflight` is
 * github.com/badmintoncryer/cdk-preflight, whose rules for ECS were each tried on AWS in 2026.
 */
import { checkProviders } from "./capacity_providers.ts";
import { invalidParameter } from "./failure.ts";
import type { Input } from "./input.ts";
import type { Cluster, ServiceSettings } from "./model.ts";
import { desiredCountIn } from "./service_settings.ts";
import { runsOnFargate } from "./task_definition_fit.ts";

/** @throws InvalidParameterException */
export function checkNewService(input: Input, settings: ServiceSettings, cluster: Cluster): void {
  if (input.objects("tags")?.length === 0) throw invalidParameter("Tags can not be empty.");
  if (input.string("role") === "") throw invalidParameter("Role is not valid");
  checkCapacity(settings, cluster);
  const controller = input.object("deploymentController")?.type ?? "ECS";
  checkStrategy(input, settings, controller !== "ECS");
  if (controller === "EXTERNAL") checkTaskSetMembers(input);
  if (controller !== "ECS" && input.object("deploymentConfiguration")?.deploymentCircuitBreaker !== undefined) {
    // cdk-preflight, pf-ecs-svc-circuit-breaker-with-code-deploy, without the words
    throw invalidParameter(`The ${controller} deployment controller does not support a deployment circuit breaker.`);
  }
  checkPlacement(input, settings);
  checkAttachments(settings);
  if (controller === "CODE_DEPLOY" && settings.loadBalancers.length === 0) {
    throw invalidParameter("A load balancer is required with the CODE_DEPLOY deployment controller.");
  }
}

function checkCapacity(settings: ServiceSettings, cluster: Cluster): void {
  const { launchType, capacityProviderStrategy = [] } = settings;
  if (launchType !== undefined && capacityProviderStrategy.length > 0) {
    // https://github.com/terraform-linters/tflint-ruleset-aws/issues/349
    throw invalidParameter(
      "Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.",
    );
  }
  checkProviders(settings, cluster);
}

function checkStrategy(input: Input, settings: ServiceSettings, isLeftToOthers: boolean): void {
  const strategy = input.string("schedulingStrategy") ?? "REPLICA";
  const desiredCount = desiredCountIn(input);
  if (strategy === "REPLICA") {
    if (desiredCount === undefined) throw invalidParameter("A desired count is required for the REPLICA strategy.");
    return;
  }
  // https://github.com/kayac/ecspresso/pull/20
  if (desiredCount !== undefined) throw daemonCount();
  if (settings.capacityProviderStrategy?.length) {
    // https://github.com/aws/containers-roadmap/issues/692
    throw invalidParameter(
      "Specifying a capacity provider strategy is not supported when you create a service using the DAEMON scheduling " +
        "strategy.",
    );
  }
  checkDaemon(input);
  const why = runsOnFargate(settings)
    ? "the Fargate launch type"
    : isLeftToOthers
    ? "this deployment controller"
    : undefined;
  if (why !== undefined) throw invalidParameter(`The daemon scheduling strategy is not supported with ${why}.`);
}

/** cdk-preflight, pf-ecs-svc-daemon-max-percent and -with-placement-strategies; of volumes UpdateService's reference. */
export function checkDaemon(input: Input): void {
  if (Number(input.object("deploymentConfiguration")?.maximumPercent ?? 100) > 100) {
    throw invalidParameter("The daemon scheduling strategy does not support values above 100 for maximumPercent.");
  }
  if (input.objects("placementStrategy")?.length) {
    throw invalidParameter("The daemon scheduling strategy does not support placement strategies.");
  }
  if (input.objects("volumeConfigurations")?.length) {
    throw invalidParameter("The daemon scheduling strategy is not supported with volume configurations.");
  }
}

export const daemonCount = () =>
  invalidParameter(
    "The daemon scheduling strategy does not support a desired count for services. Remove the desired count value and " +
      "try again",
  );

/** https://github.com/GetSimpl/cloudlift/pull/138; UpdateService takes them (hashicorp/terraform-provider-aws#26337). */
function checkPlacement(input: Input, settings: ServiceSettings): void {
  if (!runsOnFargate(settings)) return;
  const what = input.objects("placementConstraints")?.length
    ? "constraints"
    : input.objects("placementStrategy")?.length
    ? "strategies"
    : undefined;
  if (what !== undefined) throw invalidParameter(`Placement ${what} are not supported with FARGATE launch type.`);
}

/** cdk-preflight, pf-ecs-service-lb-target-exclusive and pf-ecs-svc-registries-multiple */
function checkAttachments(settings: ServiceSettings): void {
  const { loadBalancers, serviceRegistries = [] } = settings;
  const classic = loadBalancers.filter(({ loadBalancerName }) => loadBalancerName !== undefined);
  if (classic.some(({ targetGroupArn }) => targetGroupArn !== undefined)) {
    throw invalidParameter("loadBalancerName and targetGroupArn cannot both be specified.");
  }
  if (serviceRegistries.length > 1) throw invalidParameter("service registries can have at most 1 items.");
}

/** API reference, CreateService: "you can specify only parameters that aren't controlled at the task set level". */
function checkTaskSetMembers(input: Input): void {
  const members = [
    "launchType",
    "capacityProviderStrategy",
    "platformVersion",
    "networkConfiguration",
    "loadBalancers",
    "serviceRegistries",
  ];
  const named = members.find((member) => input.has(member));
  // cdk-preflight, pf-ecs-svc-external-with-load-balancers
  if (named === "loadBalancers") throw invalidParameter("LoadBalancers must be empty or null");
  if (named) throw invalidParameter(`${named[0]!.toUpperCase()}${named.slice(1)} must be blank`);
}
