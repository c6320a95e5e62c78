import { changedFiles, DEFINITION_FILES } from "../../definition_files.ts";
import { crashLoop, failsToStart, secretNotFound } from "../../emulator/behaviours.ts";
import { Emulator } from "../../emulator/emulator.ts";
import { accessDenied, actAfter } from "../../emulator/faults.ts";
import { bareStatus, htmlPage, proxyLogin } from "../../emulator/foreign_answers.ts";
import { logging } from "../../emulator/logging.ts";
import { myservice, UNTIL_STEADY_MS } from "../../emulator/myservice.ts";
import { createScenario } from "../../emulator/scenarios.ts";
import type { Scene } from "../scene.ts";
import { onGithub, withFiles, withSettings } from "./files.ts";
import { LATEST, MUTABLE_TAG, pushedBroken } from "./moving_tags.ts";
import { ALARMS, API_KEY, changed, faulty, MONITORING, shifting, STOPPING } from "./worlds.ts";

const WITHOUT_ROLLBACK = { enable: true, rollback: false };

const EXITS_AT_ONCE = failsToStart("Essential container in task exited");

export const DEPLOY_ROLLBACK_SCENES: Readonly<Record<string, Scene>> = {
  "log_of_a_deploy_rolled_back": {
    args: "deploy --revision 5 --no-update-service --rollback-events DEPLOYMENT_FAILURE --timeout 1m --logs 3",
    world: logging,
  },
  "deploy_tag_moved_rolled_back": {
    args: "deploy --rollback-events DEPLOYMENT_FAILURE",
    world: () => pushedBroken(EXITS_AT_ONCE, WITHOUT_ROLLBACK),
    options: withFiles(MUTABLE_TAG),
  },
  "deploy_tag_moved_rolled_back_with_attributes": {
    args: "deploy --rollback-events DEPLOYMENT_FAILURE --force-new-deployment --skip-task-definition",
    world: () => pushedBroken(EXITS_AT_ONCE, WITHOUT_ROLLBACK),
    options: withFiles({
      ...MUTABLE_TAG,
      ...changedFiles("ecs-service-def.json", '"1.4.0",', '"1.4.0",\n  "enableExecuteCommand": true,'),
    }),
  },
  "deploy_tag_moved_rolled_back_copy_denied": {
    args: "deploy --rollback-events DEPLOYMENT_FAILURE",
    world: () =>
      faulty("RegisterTaskDefinition", accessDenied(), Infinity, pushedBroken(EXITS_AT_ONCE, WITHOUT_ROLLBACK)),
    options: withFiles(MUTABLE_TAG),
  },
  "deploy_tag_moved_rolled_back_image_gone": {
    args: "deploy --rollback-events DEPLOYMENT_FAILURE",
    world: () =>
      changed((emulator) => {
        const ran = emulator.imageDigests(LATEST).at(-2);
        emulator.setImage(LATEST.replace(":latest", `@${ran}`), false);
      }, pushedBroken(EXITS_AT_ONCE, WITHOUT_ROLLBACK)),
    options: withFiles(MUTABLE_TAG),
  },
  "deploy_tag_moved_rolled_back_by_ecs": {
    args: "deploy --rollback-events DEPLOYMENT_FAILURE",
    world: () => pushedBroken(EXITS_AT_ONCE, { enable: true, rollback: true }),
    options: withFiles(MUTABLE_TAG),
  },
  "deploy_rolled_back": {
    args: "deploy --revision 3 --preflight off --rollback-events DEPLOYMENT_FAILURE",
    world: () => createScenario("circuit_breaker"),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_rolled_back_behind_a_proxy": {
    args: "deploy --revision 3 --preflight off --rollback-events DEPLOYMENT_FAILURE",
    world: () => {
      const emulator = createScenario("circuit_breaker");
      const trouble = [bareStatus(429), bareStatus(408), proxyLogin(), htmlPage(403), accessDenied(), htmlPage(404)];
      trouble.forEach((effect, index) => emulator.inject({ operation: "DescribeServices", nth: 4 + index, effect }));
      // The way back is read, planned and ordered behind the same proxy.
      const later = { nth: 2, effect: htmlPage(403) };
      for (const operation of ["DescribeTaskDefinition", "ListServiceDeployments"]) {
        emulator.inject({ operation, ...later });
      }
      return emulator;
    },
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_rolled_back_by_ecs": {
    args: "deploy --revision 3 --preflight off --rollback-events DEPLOYMENT_FAILURE",
    world: () => createScenario("circuit_breaker_rollback"),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_rolled_back_after_timeout": {
    args: "deploy --revision 3 --rollback-events DEPLOYMENT_FAILURE --fail-after 0 --timeout 2m",
    world: () => myservice({ history: [2, 4], behaviours: { 3: crashLoop() } }),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_rolled_back_with_attributes": {
    args: "deploy --revision 3 --preflight off --tasks 3 --rollback-events DEPLOYMENT_FAILURE,DEPLOYMENT_STOP_ON_ALARM",
    world: () => createScenario("circuit_breaker"),
    options: withFiles(changedFiles("ecs-service-def.json", "{", '{\n  "enableExecuteCommand": true,')),
  },
  "deploy_rolled_back_added_breaker": {
    args: "deploy --rollback-events DEPLOYMENT_FAILURE",
    world: () => myservice({ behaviours: { 5: secretNotFound(API_KEY) } }),
    options: {
      files: withSettings({ deploymentConfiguration: { ...STOPPING, alarms: ALARMS } }),
      env: { TAG: "1.4.0" },
    },
  },
  "deploy_not_wholly_rolled_back": {
    args: "deploy --rollback-events DEPLOYMENT_FAILURE --github",
    world: () => {
      const service = { deploymentConfiguration: STOPPING };
      const emulator = myservice({ service, behaviours: { 5: secretNotFound(API_KEY) } });
      const setAgain = (world: Emulator) => world.updateService({ service: "myservice", enableExecuteCommand: true });
      emulator.inject({ operation: "UpdateService", nth: 2, effect: actAfter(setAgain) });
      return emulator;
    },
    options: onGithub({ files: withSettings({ enableExecuteCommand: true }), env: { TAG: "1.4.0" } }),
  },
  "deploy_rolled_back_unread": {
    args: "deploy --rollback-events DEPLOYMENT_FAILURE",
    world: () => {
      const service = { deploymentConfiguration: STOPPING };
      const emulator = myservice({ service, behaviours: { 5: secretNotFound(API_KEY) } });
      emulator.inject({ operation: "DescribeServiceRevisions", times: Infinity, effect: accessDenied() });
      return emulator;
    },
    options: { files: withSettings({ monitoring: MONITORING }), env: { TAG: "1.4.0" } },
  },
  "deploy_rollback_registered_then_denied": {
    args: "deploy --rollback-events DEPLOYMENT_FAILURE",
    world: () =>
      changed(
        (emulator) => emulator.inject({ operation: "UpdateService", nth: 2, times: Infinity, effect: accessDenied() }),
        pushedBroken(EXITS_AT_ONCE, WITHOUT_ROLLBACK),
      ),
    options: withFiles(MUTABLE_TAG),
  },
  "deploy_not_rolled_back": {
    args: "deploy --revision 3 --preflight off --rollback-events DEPLOYMENT_STOP_ON_ALARM",
    world: () => createScenario("circuit_breaker"),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_stopped_by_alarm": {
    args: "deploy --revision 3 --rollback-events DEPLOYMENT_STOP_ON_ALARM",
    world: () => createScenario("alarm"),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_alarm_in_alarm": {
    args: "deploy --revision 3 --rollback-events DEPLOYMENT_STOP_ON_ALARM --dry-run",
    world: () => changed((emulator) => emulator.triggerAlarm("myservice-5xx"), createScenario("alarm")),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_alarms_not_to_be_read": {
    args: "deploy --revision 3 --rollback-events DEPLOYMENT_STOP_ON_ALARM --dry-run",
    world: () => faulty("DescribeAlarms", accessDenied("cloudwatch"), Infinity, createScenario("alarm")),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_stopped_by_alarm_not_rolled_back": {
    args: "deploy --revision 3 --rollback-events DEPLOYMENT_FAILURE",
    world: () => createScenario("alarm"),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_stopped_by_alarm_rolled_back_by_ecs": {
    args: "deploy --revision 3 --rollback-events DEPLOYMENT_STOP_ON_ALARM",
    world: () => createScenario("alarm_rollback"),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_of_what_was_rolled_back": {
    args: "deploy --no-wait",
    world: () =>
      changed((emulator) => {
        emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
        emulator.advance(UNTIL_STEADY_MS);
      }, myservice()),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_canary_rolled_back": {
    args: "deploy --revision 3 --preflight off --rollback-events DEPLOYMENT_FAILURE",
    world: () =>
      myservice({
        ...shifting("CANARY", {
          canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: 3 },
          deploymentCircuitBreaker: { enable: true, rollback: true },
        }),
        behaviours: { 3: secretNotFound(API_KEY) },
        history: [4],
      }),
    options: withFiles(DEFINITION_FILES),
  },
  "github_deploy_rolled_back": {
    args: "deploy --revision 3 --preflight off --rollback-events DEPLOYMENT_FAILURE",
    world: () => createScenario("circuit_breaker"),
    options: onGithub(withFiles(DEFINITION_FILES)),
  },
  "events_deploy_rolled_back": {
    args: "deploy --revision 3 --preflight off --rollback-events DEPLOYMENT_FAILURE --output json",
    world: () => createScenario("circuit_breaker"),
    options: withFiles(DEFINITION_FILES),
  },
};
