import { ask } from "../../emulator/asking.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { actAfter } from "../../emulator/faults.ts";
import { myservice, RESOURCE_ID } from "../../emulator/myservice.ts";
import { createScenario } from "../../emulator/scenarios.ts";
import type { Scene } from "../scene.ts";
import { denied, fleetOfTwo, REGION } from "./shell_worlds.ts";

const DAEMON = {
  ...{ schedulingStrategy: "DAEMON", launchType: "EC2" },
  ...{ desiredCount: null, platformVersion: null, networkConfiguration: null },
};
const ON_INSTANCES = { networkMode: "bridge", requiresCompatibilities: ["EC2"] };
const SCALABLE = { ServiceNamespace: "ecs", ScalableDimension: "ecs:service:DesiredCount" };

function unscaled(): Emulator {
  const emulator = myservice();
  ask(emulator, "DeregisterScalableTarget", { ...SCALABLE, ResourceId: RESOURCE_ID }, "autoscaling");
  return emulator;
}

/** All scaling of the service is suspended. */
export function suspended(): Emulator {
  const emulator = myservice();
  emulator.registerScalableTarget({
    ResourceId: RESOURCE_ID,
    SuspendedState: {
      DynamicScalingInSuspended: true,
      DynamicScalingOutSuspended: true,
      ScheduledScalingSuspended: true,
    },
  });
  return emulator;
}

export const SCALE_SCENES: Readonly<Record<string, Scene>> = {
  "help_scale": { args: "scale --help" },
  "scale": { args: "scale --tasks 5", world: myservice },
  "scale_named": {
    args: `scale --service myservice --region ${REGION} --tasks 1`,
    world: myservice,
    options: { files: {} },
  },
  "scale_dry_run": {
    args: "scale --tasks 15 --auto-scaling-min 3 --auto-scaling-max 20 --suspend-auto-scaling --dry-run",
    world: myservice,
  },
  "scale_limits": { args: "scale --tasks 15 --auto-scaling-max 20", world: myservice },
  "scale_limits_alone": { args: "scale --auto-scaling-min 4", world: myservice },
  "scale_nothing_to_do": { args: "scale --tasks 2 --auto-scaling-max 10", world: myservice },
  "scale_given_nothing": { args: "scale", world: myservice },
  "scale_beyond_limits": { args: "scale --tasks 15", world: myservice },
  "scale_below_limits": { args: "scale --tasks 0", world: myservice },
  "scale_limits_cross": { args: "scale --auto-scaling-min 11", world: myservice },
  "scale_beyond_limits_suspended": { args: "scale --tasks 15 --suspend-auto-scaling", world: myservice },
  "scale_suspend_and_resume": {
    args: "scale --tasks 4 --suspend-auto-scaling --resume-auto-scaling",
    world: myservice,
  },
  "scale_suspend": { args: "scale --suspend-auto-scaling", world: myservice },
  "scale_suspend_failing": {
    args: "scale --suspend-auto-scaling",
    world: () => createScenario("circuit_breaker_tripped"),
  },
  "scale_resume": { args: "scale --resume-auto-scaling", world: suspended },
  "scale_resume_not_suspended": { args: "scale --resume-auto-scaling", world: myservice },
  "scale_daemon": { args: "scale --tasks 3", world: () => myservice({ service: DAEMON, definition: ON_INSTANCES }) },
  "scale_not_scalable": { args: "scale --auto-scaling-max 20", world: unscaled },
  "scale_tasks_not_scalable": { args: "scale --tasks 15 --no-wait", world: unscaled },
  "scale_not_known": {
    args: "scale --tasks 15 --no-wait",
    world: () => denied("DescribeScalableTargets", "application-autoscaling"),
  },
  "scale_limits_denied": {
    args: "scale --tasks 15 --auto-scaling-max 20",
    world: () => denied("RegisterScalableTarget", "application-autoscaling"),
  },
  "scale_while_deploying": {
    args: "scale --tasks 3",
    world: () => {
      const emulator = myservice();
      emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
      return emulator;
    },
  },
  "scale_of_a_deleted_service": {
    args: "scale --tasks 5",
    world: () => {
      const emulator = myservice();
      const effect = actAfter((emulator) => emulator.deleteService({ service: "myservice", force: true }));
      emulator.inject({ operation: "UpdateService", times: 1, effect });
      return emulator;
    },
  },
  "scale_many": {
    args: `scale --service * --tasks 3 --region ${REGION}`,
    world: fleetOfTwo,
    options: { files: {}, isFleet: true },
  },
  "scale_github": {
    args: "scale --tasks 5 --reason load",
    world: myservice,
    options: { env: { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: "summary.md", GITHUB_OUTPUT: "outputs" } },
  },
};
