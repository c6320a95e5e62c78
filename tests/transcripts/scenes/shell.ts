import { ask } from "../../emulator/asking.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { myservice, RESOURCE_ID, UNTIL_STEADY_MS } from "../../emulator/myservice.ts";
import { createScenario } from "../../emulator/scenarios.ts";
import { accessDenied, actAfter } from "../../emulator/faults.ts";
import { DEFINITION_FILES } from "../../definition_files.ts";
import type { RunOptions } from "../../in_process.ts";
import type { Scene } from "../scene.ts";

/** Who is on call with nothing but a shell: no files. */

const REGION = "ap-northeast-1";
const IN_REGION: RunOptions = { files: {}, env: { AWS_REGION: REGION } };

const LOAD_BALANCER = {
  targetGroupArn: `arn:aws:elasticloadbalancing:${REGION}:123456789012:targetgroup/myservice/0123456789abcdef`,
  containerName: "app",
  containerPort: 8080,
};

const deployedBy = (type: string, more = {}) => () =>
  myservice({ history: [3], service: { deploymentController: { type }, ...more } });

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

function denied(operation: string, service: Parameters<typeof accessDenied>[0]): Emulator {
  const emulator = myservice();
  emulator.inject({ operation, effect: accessDenied(service), times: Infinity });
  return emulator;
}

/** `myservice`, and another service that auto scaling looks after, too. */
function fleetOfTwo(): Emulator {
  const emulator = myservice();
  const { launchType, networkConfiguration } = emulator.describeService("myservice");
  const members = { launchType, networkConfiguration, desiredCount: 1 };
  emulator.createService({ ...members, serviceName: "other", taskDefinition: "myservice:4" });
  emulator.registerScalableTarget({ ResourceId: "service/default/other", MinCapacity: 1, MaxCapacity: 4 });
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

const AS_ALICE: RunOptions = { env: { USER: "alice" } };
const HOLD = "v1 until=2023-01-01T14:05:00Z at=2023-01-01T12:05:00Z by=alice because INC-42: leaks";

/** Somebody wants what runs to stay. */
function held(value = HOLD): Emulator {
  const emulator = myservice();
  const { serviceArn } = emulator.describeService("myservice");
  ask(emulator, "TagResource", { resourceArn: serviceArn!, tags: [{ key: "ecspresso:hold", value }] });
  emulator.calls.length = 0;
  return emulator;
}

/** Alice has rolled it back, and wants that to stay. */
function rolledBack(): Emulator {
  const emulator = myservice({ history: [3, 4, 3] });
  const { serviceArn } = emulator.describeService("myservice");
  const [deployment] = emulator.describeService("myservice").deployments as [{ createdAt: number }];
  const at = new Date(deployment.createdAt * 1_000).toISOString().replace(/\.\d+Z$/, "Z");
  const tags = [
    { key: "ecspresso:hold", value: HOLD },
    {
      key: "ecspresso:last-rollback",
      value: `v1 from=myservice:4 to=myservice:3 at=${at} by=alice because INC-42: leaks`,
    },
  ];
  ask(emulator, "TagResource", { resourceArn: serviceArn!, tags });
  emulator.calls.length = 0;
  return emulator;
}

export const SHELL_SCENES: Readonly<Record<string, Scene>> = {
  "help_init": { args: "init --help" },
  "init": {
    args: `init --service myservice --cluster default --region ${REGION}`,
    world: myservice,
    options: { files: {} },
  },
  "init_jsonnet": {
    args: "init --service myservice --jsonnet --config team/ecspresso.yml",
    world: myservice,
    options: IN_REGION,
  },
  "init_files_there": {
    args: "init --service myservice",
    world: myservice,
    options: { ...IN_REGION, files: { "ecspresso.yml": "mine", "ecs-task-def.json": "mine" } },
  },
  "init_of_what": { args: "init --cluster default", options: IN_REGION },
  "init_config_alone": { args: "init --config ecspresso.yml", options: IN_REGION },
  "init_untrusted": { args: "init --service myservice --untrusted", options: IN_REGION },
  "init_mistyped": { args: "init --service myservcie", world: myservice, options: IN_REGION },
  "init_cluster_mistyped": { args: "init --service myservice --cluster defualt", world: myservice, options: IN_REGION },
  "init_code_deploy": {
    args: "init --service myservice",
    world: deployedBy("CODE_DEPLOY", { loadBalancers: [LOAD_BALANCER] }),
    options: IN_REGION,
  },
  "init_external": { args: "init --service myservice", world: deployedBy("EXTERNAL"), options: IN_REGION },
  "init_deregistered": {
    args: "init --service myservice",
    world: () => {
      const emulator = myservice();
      emulator.deregisterTaskDefinition("myservice:4");
      return emulator;
    },
    options: IN_REGION,
  },
  "init_denied": {
    args: "init --service myservice",
    world: () => {
      const emulator = myservice();
      const scaling = accessDenied("application-autoscaling");
      emulator.inject({ operation: "DescribeScalableTargets", effect: scaling });
      emulator.inject({ operation: "DescribeServiceRevisions", effect: accessDenied() });
      return emulator;
    },
    options: IN_REGION,
  },
  "init_one_not_written": {
    args: "init --service myservice",
    world: myservice,
    options: { ...IN_REGION, unwritable: ["ecspresso.yml"] },
  },
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
  "help_hold": { args: "hold --help" },
  "hold": { args: "hold --for 2h --reason leaks", world: myservice, options: AS_ALICE },
  "hold_dry_run": { args: "hold --for 2h --dry-run", world: myservice, options: AS_ALICE },
  "hold_again": { args: "hold --for 30m", world: () => held(), options: AS_ALICE },
  "hold_release": { args: "hold --release", world: () => held() },
  "hold_release_not_held": { args: "hold --release", world: myservice },
  "hold_given_nothing": { args: "hold", world: myservice },
  "hold_for_what": { args: "hold --for 0", world: myservice },
  "hold_denied": { args: "hold --for 2h", world: () => denied("TagResource", "ecs"), options: AS_ALICE },
  "hold_named": {
    args: `hold --service myservice --region ${REGION} --for 2h`,
    world: myservice,
    options: { files: {}, ...AS_ALICE },
  },
  "hold_of_a_service_that_is_not_there": {
    args: `hold --service mysevice --region ${REGION} --for 2h`,
    world: myservice,
    options: AS_ALICE,
  },
  "hold_many": {
    args: `hold --service * --region ${REGION} --for 2h`,
    world: fleetOfTwo,
    options: { files: {}, isFleet: true, ...AS_ALICE },
  },
  "held_status": { args: "status --events 1", world: () => held() },
  "held_status_foreign": { args: "status --events 1", world: () => held("yes") },
  "held_deploy": { args: "deploy", world: () => held(), options: { files: DEFINITION_FILES, env: { TAG: "1.4.0" } } },
  "held_deploy_dry_run": {
    args: "deploy --dry-run",
    world: () => held(),
    options: { files: DEFINITION_FILES, env: { TAG: "1.4.0" } },
  },
  "held_deploy_foreign": { args: "deploy", world: () => held("yes"), options: { files: DEFINITION_FILES } },
  "held_deploy_override": {
    args: "deploy --override-hold --no-wait",
    world: () => held(),
    options: { files: DEFINITION_FILES, env: { TAG: "1.4.0" } },
  },
  "held_deploy_override_github": {
    args: "deploy --override-hold --no-wait",
    world: () => held(),
    options: {
      files: DEFINITION_FILES,
      env: { TAG: "1.4.0", GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: "summary.md" },
    },
  },
  "held_no_more": {
    args: "deploy",
    world: () => held(HOLD.replace("T14", "T12")),
    options: { files: DEFINITION_FILES },
  },
  "held_rollback": { args: "rollback --revision 3 --no-wait", world: () => held() },
  "rollback_hold": { args: "rollback --revision 3 --hold 2h --reason leaks", options: AS_ALICE },
  "rollback_hold_dry_run": { args: "rollback --revision 3 --hold 2h --dry-run", options: AS_ALICE },
  "rollback_hold_denied": {
    args: "rollback --revision 3 --hold 2h",
    world: () => denied("TagResource", "ecs"),
    options: AS_ALICE,
  },
  "rollback_reason": { args: "rollback --revision 3 --reason leaks --no-wait", options: AS_ALICE },
  "rollback_reason_dry_run": { args: "rollback --revision 3 --reason leaks --dry-run", options: AS_ALICE },
  "rollback_reason_denied": {
    args: "rollback --revision 3 --reason leaks --no-wait",
    world: () => denied("TagResource", "ecs"),
    options: AS_ALICE,
  },
  "rolled_back_status": { args: "status --events 1", world: rolledBack },
  "rolled_back_history": { args: "history --output table", world: rolledBack },
  "rolled_back_history_json": { args: "history --output json", world: rolledBack },
  "held_history": { args: "history", world: () => held() },
  "held_history_foreign": { args: "history --output json", world: () => held("yes") },
  "rollback_hold_interrupted": {
    args: "rollback --revision 3 --hold 2h --reason leaks",
    world: myservice,
    options: { ...AS_ALICE, stopAfterCalls: { calls: 12, signal: "SIGINT" } },
  },
  "rollback_hold_at_the_target": { args: "rollback --revision 4 --hold 90m", world: myservice, options: AS_ALICE },
};
