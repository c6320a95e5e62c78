import { slowDrain } from "../../emulator/behaviours.ts";
import { accessDenied } from "../../emulator/faults.ts";
import { myservice, UNTIL_STEADY_MS } from "../../emulator/myservice.ts";
import { createScenario } from "../../emulator/scenarios.ts";
import type { Scene } from "../scene.ts";
import { withFiles } from "./files.ts";
import { changed, codeDeploy, crashing, faulty, LOAD_BALANCER, shifting } from "./worlds.ts";

export const ROLLBACK_SCENES: Readonly<Record<string, Scene>> = {
  "rollback": { args: "rollback --config ecspresso.yml --revision 3" },
  "rollback_of_what_runs": { args: "rollback --revision 3", world: myservice },
  "rollback_dry_run": { args: "rollback --config ecspresso.yml --revision 3 --dry-run" },
  "rollback_dry_run_everything": {
    args: "rollback --revision 3 --dry-run --deregister --suspend-auto-scaling --resume-auto-scaling",
  },
  "rollback_no_wait": { args: "rollback --revision 3 --no-wait" },
  "already_there": {
    args: "rollback --revision 3 --deregister",
    world: () =>
      changed((emulator) => {
        emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
        emulator.advance(UNTIL_STEADY_MS);
      }),
  },
  "already_on_the_way": {
    args: "rollback --revision 3",
    world: () =>
      changed((emulator) => {
        emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
      }),
  },
  "already_on_the_way_no_wait": {
    args: "rollback --revision 3 --no-wait",
    world: () =>
      changed((emulator) => {
        emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
      }),
  },
  "family_differs": {
    args: "rollback --revision 3 --no-wait",
    options: withFiles({
      "ecspresso.yml": "region: ap-northeast-1\nservice: myservice\ntask_definition: ecs-task-def.json\n",
      "ecs-task-def.json": '{"family": "myservice-next"}',
    }),
  },
  "not_registered": { args: "rollback --revision 9" },
  "inactive": {
    args: "rollback --revision 2",
    world: () => changed((emulator) => emulator.deregisterTaskDefinition("myservice:2")),
  },
  "does_not_fit": {
    args: "rollback --revision 5 --dry-run",
    world: () =>
      changed((emulator) => {
        const containerDefinitions = [{ name: "web", image: "web:1", portMappings: [{ containerPort: 80 }] }];
        const members = { family: "myservice", networkMode: "awsvpc", cpu: "256", memory: "512" };
        emulator.registerTaskDefinition({ ...members, requiresCompatibilities: ["FARGATE"], containerDefinitions });
      }, crashing({ service: { loadBalancers: [LOAD_BALANCER] } })),
  },
  "service_missing": {
    args: "rollback --revision 3",
    options: withFiles({ "ecspresso.yml": "region: ap-northeast-1\nservice: yourservice\n" }),
  },
  "service_inactive": {
    args: "rollback --revision 3",
    world: () =>
      changed((emulator) => {
        emulator.deleteService({ service: "myservice", force: true });
        emulator.advance(UNTIL_STEADY_MS);
      }),
  },
  "code_deploy": { args: "rollback --revision 3", world: codeDeploy },
  "code_deploy_named": {
    args: "rollback --revision 3",
    world: codeDeploy,
    options: withFiles({
      "ecspresso.yml": `region: ap-northeast-1
cluster: default
service: myservice
codedeploy:
  application_name: The shop
  deployment_group_name: blue
`,
    }),
  },
  "external": {
    args: "rollback --revision 3",
    world: () => myservice({ history: [3], service: { deploymentController: { type: "EXTERNAL" } } }),
  },
  "cluster_missing": {
    args: "rollback --revision 3",
    options: withFiles({ "ecspresso.yml": "region: ap-northeast-1\ncluster: defualt\nservice: myservice\n" }),
  },
  "blue_green": { args: "rollback --revision 3", world: () => createScenario("blue_green") },
  "blue_green_not_to_be_read": {
    args: "rollback --revision 3",
    world: () => faulty("ListServiceDeployments", accessDenied(), Infinity, createScenario("blue_green")),
  },
  "linear": {
    args: "rollback --revision 3",
    world: () =>
      myservice({
        ...shifting("LINEAR", { linearConfiguration: { stepPercent: 25, stepBakeTimeInMinutes: 1 } }),
        afterLastMs: 90_000,
      }),
  },
  "canary_dry_run": {
    args: "rollback --revision 3 --timeout 10m --dry-run",
    world: () =>
      myservice({
        history: [4],
        ...shifting("CANARY", {
          canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: 15 },
          bakeTimeInMinutes: 5,
          lifecycleHooks: [{ targetType: "PAUSE", lifecycleStages: ["PRE_PRODUCTION_TRAFFIC_SHIFT"] }],
        }),
      }),
  },
  "early_success": {
    args: "rollback --revision 3",
    world: () =>
      myservice({
        behaviours: { 4: slowDrain() },
        service: {
          desiredCount: 4,
          deploymentConfiguration: {
            minimumHealthyPercent: 50,
            maximumPercent: 100,
            earlySuccessCriteria: { enable: true, healthyPercent: 50, sourceServiceRevisionCleanup: "DEFERRED" },
          },
        },
      }),
  },
  "paused_hook": { args: "rollback --revision 3 --timeout 5m", world: () => createScenario("paused_hook") },
  "ecs_is_going_back_already": {
    args: "rollback --revision 3",
    world: () => createScenario("circuit_breaker_rolling_back"),
  },
  "stop_refused": {
    args: "rollback --revision 3",
    world: () => faulty("StopServiceDeployment", accessDenied(), Infinity, crashing()),
  },
  "classic_load_balancer": {
    args: "rollback --revision 3",
    world: () =>
      myservice({
        service: { loadBalancers: [{ loadBalancerName: "web", containerName: "app", containerPort: 8080 }] },
      }),
  },
  "deployment_controller_ecs": {
    args: "rollback --revision 3 --no-wait",
    world: () => myservice({ service: { deploymentController: { type: "ECS" } } }),
  },
  "current_is_inactive": {
    args: "rollback --revision 3 --no-wait",
    world: () => changed((emulator) => emulator.deregisterTaskDefinition("myservice:4"), myservice()),
  },
  "rollback_named": { args: "rollback --revision myservice:3 --no-wait" },
  "rollback_other_family": { args: "rollback --revision other:3" },
};
