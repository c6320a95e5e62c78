import { crashLoop, secretNotFound, unplaceable } from "../../emulator/behaviours.ts";
import { Emulator } from "../../emulator/emulator.ts";
import { accessDenied } from "../../emulator/faults.ts";
import { deployingLogging } from "../../emulator/logging.ts";
import { myservice, UNTIL_STEADY_MS } from "../../emulator/myservice.ts";
import { createScenario } from "../../emulator/scenarios.ts";
import type { Scene } from "../scene.ts";
import { AT_TERMINAL, withFiles } from "./files.ts";
import { goingBackFromPush, pushedAgain } from "./moving_tags.ts";
import { API_KEY, changed, codeDeploy, deniedLog, faulty, someTimeInto, suspended } from "./worlds.ts";

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
