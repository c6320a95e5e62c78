/**
 * What CreateService refuses before it looks at the task definition. Texts that AWS is known to use have their source;
 * the others say what the API reference of CreateService says, in other words.
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
  const why = runsOnFargate(settings)
    ? "the Fargate launch type"
    : isLeftToOthers
    ? "this deployment controller"
    : settings.volumeConfigurations?.length
    ? "volume configurations"
    : undefined;
  if (why !== undefined) throw invalidParameter(`The daemon scheduling strategy is not supported with ${why}.`);
}

export const daemonCount = () =>
  invalidParameter(
    "The daemon scheduling strategy does not support a desired count for services. Remove the desired count value and " +
      "try again",
  );

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
  if (named) throw invalidParameter(`${named[0]!.toUpperCase()}${named.slice(1)} must be blank`);
}
