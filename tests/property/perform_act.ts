import type { Emulator } from "../emulator/emulator.ts";
import { RESOURCE_ID, SERVICE } from "../emulator/myservice.ts";
import type { Act } from "./rollback_faults.ts";
import { ECS, SCALING, suspendedState } from "./rollback_worlds.ts";
import { ALARM } from "./world_spec.ts";

/** Does what somebody else does. Throws an AwsFailure where AWS refuses them. */
export function perform(emulator: Emulator, act: Act): void {
  switch (act.kind) {
    case "deploy":
      emulator.updateService({ service: SERVICE, taskDefinition: `${SERVICE}:${act.revision}` });
      return;
    case "forceNewDeployment":
      emulator.updateService({ service: SERVICE, forceNewDeployment: true });
      return;
    case "deleteService":
      emulator.deleteService({ service: SERVICE, force: true });
      return;
    case "stopDeployment":
      return stopDeployment(emulator);
    case "scale":
      emulator.updateService({ service: SERVICE, desiredCount: act.to });
      return;
    case "load":
      emulator.setLoad(RESOURCE_ID, act.tasks);
      return;
    case "alarm":
      emulator.triggerAlarm(ALARM);
      return;
    case "deregister":
      emulator.deregisterTaskDefinition(`${SERVICE}:${act.revision}`);
      return;
    case "setFlags":
      // Nobody registers a target by setting its flags: that takes min and max.
      emulator.registerScalableTarget({ ResourceId: RESOURCE_ID, SuspendedState: suspendedState(act.flags) });
      return;
    case "deregisterTarget":
      emulator.call(`${SCALING}.DeregisterScalableTarget`, {
        ServiceNamespace: "ecs",
        ScalableDimension: "ecs:service:DesiredCount",
        ResourceId: RESOURCE_ID,
      });
  }
}

function stopDeployment(emulator: Emulator): void {
  const { currentServiceDeployment } = emulator.describeService(SERVICE);
  emulator.call(`${ECS}.StopServiceDeployment`, {
    serviceDeploymentArn: currentServiceDeployment,
    stopType: "ROLLBACK",
  });
}
