/** DeleteService */
import { finishServiceDeployment, serviceDeploymentInProgress, wakeSoon } from "../deployments.ts";
import { invalidParameter } from "../failure.ts";
import type { Input } from "../input.ts";
import { clusterOf, serviceOf } from "../lookup.ts";
import type { JsonObject, World } from "../model.ts";
import { serviceShape } from "../service_shapes.ts";
import type { Actions } from "./action.ts";

/** The service is DRAINING until its last task has stopped, INACTIVE afterwards. */
function deleteService(world: World, input: Input): JsonObject {
  const service = serviceOf(world, clusterOf(world, input.string("cluster")), input.requiredString("service"));
  if (service.desiredCount > 0 && input.boolean("force") !== true) {
    throw invalidParameter("The service cannot be stopped while it is scaled above 0.");
  }
  if (service.status === "ACTIVE") {
    service.status = "DRAINING";
    service.desiredCount = 0;
    const serviceDeployment = serviceDeploymentInProgress(world, service);
    if (serviceDeployment) finishServiceDeployment(world, serviceDeployment, "STOPPED");
    wakeSoon(world, service);
  }
  return { service: serviceShape(world, service) };
}

export const actions: Actions = { DeleteService: deleteService };
