import { crashLoop, secretNotFound, unplaceable } from "../../emulator/behaviours.ts";
import { Emulator } from "../../emulator/emulator.ts";
import { accessDenied, dropBefore } from "../../emulator/faults.ts";
import { deployingLogging } from "../../emulator/logging.ts";
import { myservice, UNTIL_STEADY_MS } from "../../emulator/myservice.ts";
import { createScenario } from "../../emulator/scenarios.ts";
import type { Scene } from "../scene.ts";
import { AT_TERMINAL, IN_REGION, NO_FILES, withFiles } from "./files.ts";
import { goingBackFromPush, pushedAgain } from "./moving_tags.ts";
import {
  API_KEY,
  changed,
  codeDeploy,
  deniedLog,
  faulty,
  SERVICE_ARN,
  someTimeInto,
  suspended,
  threeServices,
} from "./worlds.ts";

/** Tasks of revision 5 have crashed. */
function failingLogging(): Emulator {
  const emulator = deployingLogging();
  emulator.advance(60_000);
  return emulator;
}

/** An alarm has ended the deployment of 3 after ten seconds. */
function stoppedByAlarm(scenario: string): Emulator {
  const emulator = someTimeInto(10_000, "myservice:3", createScenario(scenario));
  emulator.triggerAlarm("myservice-5xx");
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

export const STATUS_SCENES: Readonly<Record<string, Scene>> = {
  "named_arn": { args: `status --service ${SERVICE_ARN}`, options: NO_FILES },
  "named_arn_account_unknown": {
    args: `status --service ${SERVICE_ARN} --events 1`,
    world: () => faulty("GetCallerIdentity", dropBefore(), 4),
    options: NO_FILES,
  },
  "named_arn_and_another_region": { args: `status --service ${SERVICE_ARN} --region us-east-1`, options: NO_FILES },
  "named_arn_and_another_cluster": { args: `status --service ${SERVICE_ARN} --cluster other`, options: NO_FILES },
  "named_status": {
    args: "status --service myservice --cluster default --region ap-northeast-1 --events 1",
    world: () => someTimeInto(60_000, "myservice:4", myservice({ history: [3], behaviours: { 4: crashLoop() } })),
    options: NO_FILES,
  },
  "named_beside_a_config": { args: "status --service myservice --config ecspresso.yml" },
  "named_config_there": {
    args: "status --service myservice --region ap-northeast-1 --events 1",
    options: { ...withFiles({ "ecspresso.yml": "service: another\n" }), env: { ECSPRESSO_CONFIG: "other.yml" } },
  },
  "named_mistyped_may_not_list": {
    args: "status --service myservcie --region ap-northeast-1",
    world: () => faulty("ListServices", accessDenied()),
    options: NO_FILES,
  },
  "named_cluster_mistyped": {
    args: "status --service myservice --cluster defualt --region ap-northeast-1",
    options: NO_FILES,
  },
  "named_of_what": { args: "status --service my/service", options: NO_FILES },
  "named_cluster_alone": { args: "status --cluster default" },
  "named_region_with_a_config": { args: "status --config ecspresso.yml --region us-east-1" },
  "many_status": { args: "status --service * --events 1", world: threeServices, options: IN_REGION },
  "many_cluster_missing": {
    args: "status --service * --cluster default --cluster prod",
    world: threeServices,
    options: IN_REGION,
  },
  "many_status_one_missing": {
    args: "status --service myservice --service othr --cluster default --events 1",
    world: threeServices,
    options: IN_REGION,
  },
  "many_status_one_denied": {
    args: "status --service myservice --service other --events 1",
    world: () =>
      changed((emulator) => {
        const Action = [
          "ecs:List*",
          "ecs:DescribeServiceDeployments",
          "ecs:DescribeServiceRevisions",
          "ecs:DescribeTasks",
        ];
        const others = ["ecs:DescribeTaskDefinition", "ecr:*", "application-autoscaling:*"];
        const Resource = "arn:aws:ecs:ap-northeast-1:123456789012:service/default/myservice";
        emulator.authorize({
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Action: [...Action, ...others], Resource: "*" },
            { Effect: "Allow", Action: "ecs:DescribeServices", Resource },
          ],
        });
      }, threeServices()),
    options: IN_REGION,
  },
  "many_no_service_matches": { args: "status --service myserv1ce*", options: IN_REGION },
  "many_no_cluster_matches": { args: "status --service * --cluster prod-*", options: IN_REGION },
  "many_by_tag": { args: "status --service-tag release=42 --events 1", world: threeServices, options: IN_REGION },
  "many_no_service_has_the_tag": {
    args: "status --service-tag release=43 --service-tag team=web",
    world: threeServices,
    options: IN_REGION,
  },
  "many_tags_may_not_be_read": {
    args: "status --service-tag release=42",
    world: () => faulty("DescribeServices", accessDenied(), Infinity, threeServices()),
    options: IN_REGION,
  },
  "many_tag_of_what": { args: "status --service-tag release" },
  "many_max_services_of_what": { args: "status --max-services all" },
  "many_configs": {
    args: "status --config ecs/*/ecspresso.yml --config ecs/a/ecspresso.yml --events 1",
    world: threeServices,
    options: withFiles({
      "ecs/a/ecspresso.yml": "region: ap-northeast-1\nservice: myservice\n",
      "ecs/b/ecspresso.yml": "region: ap-northeast-1\nservice: other\n",
    }),
  },
  "many_no_config_matches": { args: "status --config ecs/**/ecspresso.yml" },
  "fleet_file_missing": { args: "status --fleet fleet.yml" },
  "fleet_file_empty": { args: "status --fleet fleet.yml", options: withFiles({ "fleet.yml": "services: []\n" }) },
  "fleet_file_wave": {
    args: "status --fleet fleet.yml",
    options: withFiles({ "fleet.yml": "services:\n  - config: a.yml\n    wave: 0\n" }),
  },
  "fleet_file_two_ways": {
    args: "status --fleet fleet.yml",
    options: withFiles({ "fleet.yml": "services:\n  - config: a.yml\n    service: a\n" }),
  },
  "fleet_file_no_way": {
    args: "status --fleet fleet.yml",
    options: withFiles({ "fleet.yml": "services:\n  - cluster: default\n" }),
  },
  "fleet_file_cluster_of_a_config": {
    args: "status --fleet fleet.yml",
    options: withFiles({ "fleet.yml": "services:\n  - config: a.yml\n    cluster: default\n" }),
  },
  "fleet_file_bad_name": {
    args: "status --fleet fleet.yml",
    options: withFiles({ "fleet.yml": "services:\n  - service: a/b\n" }),
  },
  "fleet_file_bad_role": {
    args: "status --fleet fleet.yml",
    options: withFiles({ "fleet.yml": "services:\n  - service: a\n    role: deploy\n" }),
  },
  "fleet_file_and_cluster": { args: "status --fleet fleet.yml --service a --cluster default" },
  "log_in_status": { args: "status --events 1 --logs 5", world: failingLogging },
  "log_in_status_on_a_terminal": { args: "status --events 1", world: failingLogging, options: AT_TERMINAL },
  "log_in_status_not_wanted": { args: "status --events 1 --logs 0", world: failingLogging, options: AT_TERMINAL },
  "log_in_status_piped": {
    args: "status --events 1",
    world: failingLogging,
    options: { isTerminal: ["stdin", "stderr"] },
  },
  "log_in_status_denied": {
    args: "status --events 1",
    world: () => deniedLog(failingLogging()),
    options: AT_TERMINAL,
  },
  "status": { args: "status" },
  "status_events": { args: "status --events 2 --config ecspresso.yml", world: myservice },
  "status_tag_moved": { args: "status --events 1", world: pushedAgain },
  "status_tag_moved_registry_denied": {
    args: "status --events 1",
    world: () => faulty("DescribeImages", accessDenied(), Infinity, pushedAgain()),
  },
  "status_images_denied": {
    args: "status --events 1",
    world: () => faulty("DescribeServiceRevisions", accessDenied(), Infinity, pushedAgain()),
  },
  "status_while_ecs_goes_back": {
    args: "status --events 1",
    world: goingBackFromPush,
  },
  "status_suspended": {
    args: "status --events 1 --config ecspresso.yml",
    world: () => suspended(myservice(), "v1 in=0 out=0 scheduled=1 at=2023-01-01T11:58:00.000Z by=alice"),
  },
  "status_suspended_for_runs": {
    args: "status --events 1",
    world: () =>
      suspended(myservice(), "v1 in=0 out=0 scheduled=1 at=2023-01-01T11:58:00.000Z by=alice runs=0badcafe/1c0ffee0"),
  },
  "status_blue_green": {
    args: "status --events 1",
    world: () =>
      changed(
        (emulator) => {
          emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
          emulator.advance(60_000);
        },
        createScenario("blue_green"),
      ),
  },
  "status_under_way": {
    args: "status --events 1",
    world: () => someTimeInto(5_000, "myservice:3", myservice({ history: [2, 4] })),
  },
  "status_failing": {
    args: "status --events 1",
    world: () => someTimeInto(40_000, "myservice:3", myservice({ behaviours: { 3: secretNotFound(API_KEY) } })),
  },
  "status_no_room": {
    args: "status --events 2",
    world: () => someTimeInto(40_000, "myservice:3", myservice({ history: [2, 4], behaviours: { 3: unplaceable() } })),
  },
  "status_failed": {
    args: "status --events 2",
    world: () => createScenario("circuit_breaker_tripped"),
  },
  "status_going_back": {
    args: "status --events 2",
    world: () => createScenario("circuit_breaker_rolling_back"),
  },
  "status_went_back": {
    args: "status --events 4",
    world: () => someTimeInto(UNTIL_STEADY_MS, "myservice:3", createScenario("circuit_breaker_rollback")),
  },
  "status_went_back_for_an_alarm": { args: "status --events 1", world: () => stoppedByAlarm("alarm_rollback") },
  "status_failed_by_alarm": { args: "status --events 1", world: () => stoppedByAlarm("alarm") },
  "status_tasks_stop_after_completion": {
    args: "status --events 1",
    world: () => someTimeInto(73_000, "myservice:3", myservice({ behaviours: { 3: crashLoop({ afterMs: 50_000 }) } })),
  },
  "status_stopped_tasks_denied": {
    args: "status --events 1",
    world: () => faulty("ListTasks", accessDenied(), Infinity, createScenario("circuit_breaker_rolling_back")),
  },
  "status_code_deploy": { args: "status --events 1", world: codeDeploy },
  "status_scaling_not_allowed": {
    args: "status --events 1",
    world: () => faulty("DescribeScalableTargets", accessDenied("application-autoscaling")),
  },
  "status_no_service": {
    args: "status",
    options: withFiles({ "ecspresso.yml": "region: ap-northeast-1\nservice: yourservice\n" }),
  },
  "help_status": { args: "status --help" },
  "untrusted_profile": {
    args: "status --untrusted",
    options: {
      files: {
        "ecspresso.yml": "region: ap-northeast-1\nservice: myservice\n",
        "aws/config": "[profile ci]\ncredential_process = ./keys.sh\n",
      },
      env: { AWS_PROFILE: "ci", AWS_CONFIG_FILE: "aws/config" },
    },
  },
  "ext_str_comma_in_an_option": {
    args: "status --events 1 --ext-str stage=prod,tag=1.4.0",
    world: myservice,
  },
  "ext_str_empty_part": { args: "status --ext-str stage=prod;;tag=1.4.0" },
  "ext_str_unset": { args: "status --ext-str stage=prod;tag" },
  "endpoint_without_sense": { args: "status", options: { env: { AWS_ENDPOINT_URL: "localhost:4566" } } },
  "envfile_empty_part": { args: "status --envfile a.env,,b.env" },
};
