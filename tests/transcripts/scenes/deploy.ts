import { changedFiles, DEFINITION_FILES } from "../../definition_files.ts";
import { crashLoop } from "../../emulator/behaviours.ts";
import { Emulator } from "../../emulator/emulator.ts";
import { answerWith } from "../../emulator/faults.ts";
import { emptyAnswer } from "../../emulator/foreign_answers.ts";
import { awslogs, LOG_GROUP } from "../../emulator/logging.ts";
import { imageOf, imageWithTag, myservice, UNTIL_STEADY_MS } from "../../emulator/myservice.ts";
import { createScenario } from "../../emulator/scenarios.ts";
import type { Scene } from "../scene.ts";
import { LOOKED_UP, NO_FILES, onGithub, withFiles, withNewTag, WITHOUT_SERVICE } from "./files.ts";
import { changed, codeDeploy, deleted, faulty, SPOT, suspended, taken, withOlderToken, withVolume } from "./worlds.ts";

/** Auto scaling has set six tasks. */
function scaledOut(): Emulator {
  const emulator = myservice();
  emulator.updateService({ service: "myservice", desiredCount: 6 });
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

/** What is deployed from those files writes the token: whole, cut by the end of a line, with colours in it, and over lines. */
function loggingToken(): Emulator {
  const token = "tok-of-this-year";
  const lines = [
    `token=${token}`,
    `${"x".repeat(290)}${token}`,
    `tok-of-\u001b[1mthis-year`,
    `{"t":"${token}"}\n${token}`,
  ];
  return changed((emulator) => {
    emulator.setParameter("/myservice/token", token, "SecureString");
    emulator.setLogGroup(LOG_GROUP);
    emulator.setImage(imageWithTag("1.4.0"));
    emulator.setBehaviour("myservice:5", { ...crashLoop(), logs: { app: lines } });
  }, myservice());
}

export const DEPLOY_SCENES: Readonly<Record<string, Scene>> = {
  "named_deploy": { args: "deploy --service myservice", options: NO_FILES },
  "empty_answer_to_registering": {
    args: "deploy",
    world: () => faulty("RegisterTaskDefinition", emptyAnswer()),
    options: { files: DEFINITION_FILES, env: { TAG: "1.4.0" } },
  },
  "empty_answer_to_registering_done": {
    args: "deploy",
    world: () => faulty("RegisterTaskDefinition", emptyAnswer({ applied: true })),
    options: { files: DEFINITION_FILES, env: { TAG: "1.4.0" } },
  },
  "suspend_alone_nothing_to_deploy": {
    args: "deploy --suspend-auto-scaling",
    world: myservice,
    options: withFiles(DEFINITION_FILES),
  },
  "suspend_alone_nothing_to_deploy_dry_run": {
    args: "deploy --suspend-auto-scaling --dry-run",
    world: myservice,
    options: withFiles(DEFINITION_FILES),
  },
  "suspend_alone_already_suspended": {
    args: "deploy --suspend-auto-scaling",
    world: () => suspended(myservice()),
    options: withFiles(DEFINITION_FILES),
  },
  "resume_alone_nothing_to_deploy": {
    args: "deploy --resume-auto-scaling",
    world: () => suspended(myservice(), "v1 in=0 out=0 scheduled=1 at=2023-01-01T11:58:00.000Z by=alice"),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_tasks_no_wait": {
    args: "deploy --skip-task-definition --tasks 5 --no-wait --config ecspresso.yml",
    world: () => myservice(),
    options: withFiles(DEFINITION_FILES),
  },
  "log_with_a_value": {
    args: "deploy --timeout 1m --logs 5",
    world: loggingToken,
    options: {
      ...LOOKED_UP,
      files: {
        ...DEFINITION_FILES,
        "ecs-task-def.json": LOOKED_UP.files!["ecs-task-def.json"]!.replace(
          '"essential": true',
          `"logConfiguration": ${JSON.stringify(awslogs())}, "essential": true`,
        ),
      },
    },
  },
  "deploy_revision_secret_gone": {
    args: "deploy --revision 3 --no-update-service",
    world: () => taken((one) => one.setSecret("myservice/api_key", false)),
  },
  "deploy_revision_image_gone": {
    args: "deploy --revision 3 --no-update-service",
    world: () => taken((one) => one.setImage(imageOf(3), false)),
  },
  "deploy_with_a_reason": {
    args: "deploy --dry-run --reason release-of-november",
    options: withNewTag(),
  },
  "deploy_dry_run_looked_up": { args: "deploy --dry-run", world: withOlderToken, options: LOOKED_UP },
  "deploy_refused_with_a_value": {
    args: "deploy",
    world: () =>
      faulty(
        "RegisterTaskDefinition",
        answerWith("ClientException", "Invalid command: [serve, --token=tok-of-this-year]"),
        Infinity,
        withOlderToken(),
      ),
    options: LOOKED_UP,
  },
  "deploy_show_values_without_dry_run": { args: "deploy --show-values", options: LOOKED_UP },
  "deploy_show_values_as_json": { args: "deploy --dry-run --show-values --output json", options: LOOKED_UP },
  "deploy_dry_run_deleted_service": { args: "deploy --dry-run", world: deleted, options: withFiles(DEFINITION_FILES) },
  "deploy": { args: "deploy", world: myservice, options: { files: DEFINITION_FILES, env: { TAG: "1.4.0" } } },
  "deploy_dry_run": {
    args: "deploy --dry-run --tasks 3",
    world: myservice,
    options: { files: DEFINITION_FILES, env: { TAG: "1.4.0" } },
  },
  "deploy_nothing": { args: "deploy", world: myservice, options: withFiles(DEFINITION_FILES) },
  "deploy_tasks": { args: "deploy --tasks 3", world: myservice, options: withFiles(DEFINITION_FILES) },
  "deploy_attributes": {
    args: "deploy --skip-task-definition",
    world: myservice,
    options: withFiles(changedFiles("ecs-service-def.json", '"1.4.0",', '"1.3.0",\n  "enableExecuteCommand": true,')),
  },
  "deploy_no_update_service": {
    args: "deploy --no-update-service --no-wait --force-register",
    world: myservice,
    options: withFiles(changedFiles("ecs-service-def.json", '"1.4.0",', '"1.3.0",')),
  },
  "deploy_force": {
    args: "deploy --skip-task-definition --force-new-deployment --wait-until deployed",
    world: myservice,
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_revision": { args: "deploy --revision 2 --no-wait", world: myservice, options: withFiles(DEFINITION_FILES) },
  "deploy_latest": {
    args: "deploy --latest-task-definition --no-wait",
    world: () => myservice({ history: [3] }),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_scaling": {
    args: "deploy --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    world: myservice,
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_creates": {
    args: "deploy",
    world: myservice,
    options: withFiles({
      ...changedFiles("ecspresso.yml", "service: myservice", "service: yourservice"),
      "ecs-service-def.json": changedFiles(
        "ecs-service-def.json",
        "{",
        '{\n  "desiredCount": 1,',
      )["ecs-service-def.json"]!,
    }),
  },
  "deploy_before_a_volume": { args: "deploy", world: withVolume, options: withFiles(DEFINITION_FILES) },
  "deploy_fewer_tasks_than_scaled": {
    args: "deploy --no-wait",
    world: scaledOut,
    options: withFiles(changedFiles("ecs-service-def.json", "{", '{\n  "desiredCount": 2,')),
  },
  "deploy_fewer_tasks_than_scaled_dry_run": {
    args: "deploy --dry-run",
    world: scaledOut,
    options: withFiles(changedFiles("ecs-service-def.json", "{", '{\n  "desiredCount": 2,')),
  },
  "deploy_creates_nothing": {
    args: "deploy --no-update-service",
    world: myservice,
    options: withFiles(changedFiles("ecspresso.yml", "service: myservice", "service: yourservice")),
  },
  "deploy_launch_type_of_capacity_providers": {
    args: "deploy",
    world: () => myservice({ service: { launchType: undefined, capacityProviderStrategy: SPOT } }),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_attributes_over_a_failure": {
    args: "deploy --skip-task-definition --rollback-events DEPLOYMENT_FAILURE",
    world: () => createScenario("circuit_breaker_tripped"),
    options: withFiles(changedFiles("ecs-service-def.json", "{", '{\n  "enableExecuteCommand": true,')),
  },
  "deploy_blue_green": {
    args: "deploy --revision 3",
    world: () => createScenario("blue_green"),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_code_deploy": {
    args: "deploy --config ecspresso.yml",
    world: codeDeploy,
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_unknown_event": { args: "deploy --rollback-events DEPLOYMENT_FAILED" },
  "deploy_events_with_no_wait": { args: "deploy --no-wait --rollback-events DEPLOYMENT_FAILURE" },
  "deploy_two_at_once": { args: "deploy --revision 3 --latest-task-definition" },
  "deploy_registers_what": { args: "deploy --skip-task-definition --force-register" },
  "no_service_deploy": { args: "deploy", options: withFiles(WITHOUT_SERVICE) },
  "help_deploy": { args: "deploy --help" },
  "untrusted_deploy": { args: "deploy --untrusted", options: withFiles(DEFINITION_FILES) },
  "untrusted_deploy_dry_run": { args: "deploy --untrusted --dry-run", options: withFiles(DEFINITION_FILES) },
  "github_deploy": {
    args: "deploy",
    options: onGithub({ files: DEFINITION_FILES, env: { TAG: "1.4.0" } }),
  },
  "value_looks_like_an_option_of_events": {
    args: "deploy --tasks --output json",
    options: withFiles(DEFINITION_FILES),
  },
  "events_deploy_dry_run": {
    args: "deploy --dry-run --output json",
    options: { files: DEFINITION_FILES, env: { TAG: "1.4.0" } },
  },
  "events_no_config": { args: "deploy --output json", options: withFiles({}) },
};
