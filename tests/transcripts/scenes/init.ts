import { accessDenied } from "../../emulator/faults.ts";
import { myservice } from "../../emulator/myservice.ts";
import type { RunOptions } from "../../in_process.ts";
import type { Scene } from "../scene.ts";
import { REGION } from "./shell_worlds.ts";

const IN_REGION: RunOptions = { files: {}, env: { AWS_REGION: REGION } };

const LOAD_BALANCER = {
  targetGroupArn: `arn:aws:elasticloadbalancing:${REGION}:123456789012:targetgroup/myservice/0123456789abcdef`,
  containerName: "app",
  containerPort: 8080,
};

const deployedBy = (type: string, more = {}) => () =>
  myservice({ history: [3], service: { deploymentController: { type }, ...more } });

export const INIT_SCENES: Readonly<Record<string, Scene>> = {
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
};
