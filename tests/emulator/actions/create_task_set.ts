/** CreateTaskSet, for services of the controller EXTERNAL: the one task set that gets all of the tasks. */
import { startDeployment } from "../deployments.ts";
import { invalidParameter, serviceNotActive } from "../failure.ts";
import type { Input } from "../input.ts";
import { clusterOf, serviceOf, taskDefinitionOf } from "../lookup.ts";
import type { JsonObject, World } from "../model.ts";
import { notEmulated } from "../not_emulated.ts";
import { controllerOf, settingsIn } from "../service_settings.ts";
import { serviceShape } from "../service_shapes.ts";
import { checkFits } from "../task_definition_fit.ts";
import type { Actions } from "./action.ts";

function createTaskSet(world: World, input: Input): JsonObject {
  const service = serviceOf(world, clusterOf(world, input.string("cluster")), input.requiredString("service"));
  if (service.status !== "ACTIVE") throw serviceNotActive();
  if (controllerOf(service) !== "EXTERNAL") {
    // https://github.com/hashicorp/terraform-provider-aws/issues/30347
    throw invalidParameter(
      "Amazon ECS only supports task set management on services configured to use external deployment controllers.",
    );
  }
  if (service.deployments.length > 0 || input.has("scale")) {
    throw notEmulated("a task set besides the one of the whole service");
  }
  const settings = { ...service.settings, ...settingsIn(input) };
  const definition = taskDefinitionOf(world, input.requiredString("taskDefinition"));
  checkFits(definition, settings);
  Object.assign(service, { settings, taskDefinition: definition.arn });
  startDeployment(world, service);
  return { taskSet: (serviceShape(world, service).taskSets as JsonObject[])[0]! };
}

export const actions: Actions = { CreateTaskSet: createTaskSet };
