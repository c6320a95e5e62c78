import { changedFiles, DEFINITION_FILES } from "../../definition_files.ts";
import { accessDenied } from "../../emulator/faults.ts";
import { emptyAnswer } from "../../emulator/foreign_answers.ts";
import type { JsonObject } from "../../emulator/model.ts";
import { myservice } from "../../emulator/myservice.ts";
import type { RunOptions } from "../../in_process.ts";
import type { Scene } from "../scene.ts";
import { withFiles, withSettings } from "./files.ts";
import { ALARMS, faulty, LOAD_BALANCER, MONITORING, SPOT, STOPPING } from "./worlds.ts";

const NEW_SERVICE = {
  launchType: "FARGATE",
  networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-0123456789abcdef0"] } },
};

/** The files for a service that is not there yet. */
function withNewService(definition: JsonObject): RunOptions {
  return withFiles({
    ...changedFiles("ecspresso.yml", "service: myservice", "service: yourservice"),
    "ecs-service-def.json": JSON.stringify(definition),
  });
}

export const DEPLOY_SETTINGS_SCENES: Readonly<Record<string, Scene>> = {
  "empty_answer_to_creating": {
    args: "deploy",
    world: () => faulty("CreateService", emptyAnswer({ applied: true })),
    options: withNewService({ "desiredCount": 2, ...NEW_SERVICE }),
  },
  "deploy_creates_for_code_deploy": {
    args: "deploy",
    world: myservice,
    options: withNewService({
      "desiredCount": 2,
      ...NEW_SERVICE,
      "deploymentController": { "type": "CODE_DEPLOY" },
      "loadBalancers": [LOAD_BALANCER],
    }),
  },
  "deploy_creates_with_task_sets": {
    args: "deploy --no-wait",
    world: myservice,
    options: withNewService({ "desiredCount": 2, "deploymentController": { "type": "EXTERNAL" } }),
  },
  "deploy_creates_with_task_sets_dry_run": {
    args: "deploy --dry-run",
    world: myservice,
    options: withNewService({ "desiredCount": 2, "deploymentController": { "type": "EXTERNAL" } }),
  },
  "deploy_creates_no_task_set": {
    args: "deploy",
    world: myservice,
    options: withNewService({ ...NEW_SERVICE, "desiredCount": 2, "deploymentController": { "type": "EXTERNAL" } }),
  },
  "deploy_daemon_tasks": {
    args: "deploy --tasks 3",
    world: myservice,
    options: withNewService({ "launchType": "EC2", "schedulingStrategy": "DAEMON" }),
  },
  "deploy_creates_with_both": {
    args: "deploy",
    options: withNewService({
      ...JSON.parse(DEFINITION_FILES["ecs-service-def.json"]!),
      capacityProviderStrategy: SPOT,
    }),
  },
  "deploy_monitoring": {
    args: "deploy",
    world: myservice,
    options: withFiles(withSettings({ monitoring: MONITORING })),
  },
  "deploy_unknown_member": {
    args: "deploy",
    world: myservice,
    options: withFiles(withSettings({ futureIsolation: { mode: "STRICT" } })),
  },
  "deploy_capacity_providers_dry_run": {
    args: "deploy --dry-run",
    world: myservice,
    options: withFiles(withSettings({ launchType: undefined, capacityProviderStrategy: SPOT })),
  },
  "deploy_capacity_providers": {
    args: "deploy",
    world: myservice,
    options: withFiles(withSettings({ launchType: undefined, capacityProviderStrategy: SPOT })),
  },
  "deploy_turns_off": {
    args: "deploy --dry-run",
    world: () => myservice({ service: { deploymentConfiguration: { ...STOPPING, alarms: ALARMS } } }),
    options: withFiles(withSettings({ deploymentConfiguration: { maximumPercent: 200 } })),
  },
  "deploy_registered_then_not_created": {
    args: "deploy",
    world: () => faulty("CreateService", accessDenied()),
    options: {
      ...withNewService(JSON.parse(DEFINITION_FILES["ecs-service-def.json"]!)),
      env: { TAG: "1.4.0" },
    },
  },
  "deploy_hands_over": {
    args: "deploy",
    world: myservice,
    options: withFiles(withSettings({ deploymentController: { type: "CODE_DEPLOY" } })),
  },
};
