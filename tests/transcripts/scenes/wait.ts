import { ask } from "../../emulator/asking.ts";
import { crashLoop, slowDrain } from "../../emulator/behaviours.ts";
import { accessDenied } from "../../emulator/faults.ts";
import { awslogs, deployingLogging } from "../../emulator/logging.ts";
import { imageOf, myservice, UNTIL_STEADY_MS } from "../../emulator/myservice.ts";
import { createScenario } from "../../emulator/scenarios.ts";
import type { Scene } from "../scene.ts";
import { AT_TERMINAL, IN_REGION, NO_FILES, onGithub, withFiles } from "./files.ts";
import {
  changed,
  codeDeploy,
  deniedLog,
  deploying,
  faulty,
  someTimeInto,
  stopDeployment,
  threeServices,
} from "./worlds.ts";

/** Lines that would drive a terminal, GitHub's runner or Markdown. */
const HOSTILE = [
  "\u001b[31mred\u001b[0m \u001b[2Jcleared \u001b]0;title\u0007 \u001b]8;;https://example.com\u001b\\link\u001b]8;;\u001b\\",
  "\u001b[broken\u009b31m\u0000\u0007\b\u202eevil\u200b",
  "::error title=Broken::take this",
  "##[error]and this",
  "  ::add-mask::o",
  "```\n# A heading\n<img src=x>",
  "2023/01/01 12:00:00 [error] myservice/default forged\u2028forged",
  `long ${"x".repeat(400)}`,
];

export const WAIT_SCENES: Readonly<Record<string, Scene>> = {
  "named_wait": {
    args: "wait --service myservice --cluster default --region ap-northeast-1",
    world: () => deploying(),
    options: NO_FILES,
  },
  "named_inactive": {
    args: "wait --service myservice --cluster default --region ap-northeast-1",
    world: () =>
      changed((emulator) => {
        emulator.deleteService({ service: "myservice", force: true });
        emulator.advance(UNTIL_STEADY_MS);
      }, myservice()),
    options: NO_FILES,
  },
  "many_wait": {
    args: "wait --service * --timeout 5m",
    world: () => deploying(threeServices()),
    options: IN_REGION,
  },
  "wait": {
    args: "wait",
    world: () => changed((emulator) => emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" })),
  },
  "wait_until_traffic_shifted": {
    args: "wait --until traffic-shifted",
    world: () => someTimeInto(5_000, "myservice:3", createScenario("blue_green")),
  },
  "wait_until_traffic_shifted_long_ago": {
    args: "wait --until traffic-shifted",
    world: () => someTimeInto(60_000, "myservice:3", createScenario("blue_green")),
  },
  "wait_until_traffic_is_back": {
    args: "wait --until traffic-shifted",
    world: () => {
      const emulator = someTimeInto(60_000, "myservice:3", createScenario("blue_green"));
      const [{ serviceDeploymentArn }] = ask(emulator, "ListServiceDeployments", { service: "myservice" }).output
        .serviceDeployments;
      ask(emulator, "StopServiceDeployment", { serviceDeploymentArn });
      return emulator;
    },
  },
  "wait_until_rolled": {
    args: "wait --until traffic-shifted",
    world: () => someTimeInto(5_000, "myservice:3", createScenario("healthy")),
  },
  "wait_for_nothing": { args: "wait", world: myservice },
  "wait_for_a_rollback_of_ecs": { args: "wait", world: () => createScenario("circuit_breaker_rolling_back") },
  "wait_after_a_rollback_of_ecs": {
    args: "wait",
    world: () =>
      changed((emulator) => {
        emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
        emulator.advance(UNTIL_STEADY_MS);
      }, createScenario("circuit_breaker_rollback")),
  },
  "wait_after_a_rollback_of_ecs_and_scaling": {
    args: "wait",
    world: () =>
      changed((emulator) => {
        emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
        emulator.advance(UNTIL_STEADY_MS);
        emulator.updateService({ service: "myservice", desiredCount: 5 });
        emulator.advance(5_000);
      }, createScenario("circuit_breaker_rollback")),
  },
  "wait_after_a_rollback_and_a_deploy": {
    args: "wait",
    world: () =>
      changed((emulator) => {
        emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
        emulator.advance(UNTIL_STEADY_MS);
        emulator.updateService({ service: "myservice", taskDefinition: "myservice:2" });
        emulator.advance(UNTIL_STEADY_MS);
      }, createScenario("circuit_breaker_rollback")),
  },
  "wait_after_a_stop": {
    args: "wait",
    world: () =>
      changed((emulator) => {
        emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
        emulator.advance(5_000);
        stopDeployment(emulator);
        emulator.advance(UNTIL_STEADY_MS);
      }, myservice()),
  },
  "wait_history_not_allowed": {
    args: "wait",
    world: () => faulty("ListServiceDeployments", accessDenied()),
  },
  "wait_for_a_failure": {
    args: "wait",
    world: () =>
      changed(
        (emulator) => emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" }),
        createScenario("circuit_breaker"),
      ),
  },
  "wait_for_what_has_failed": { args: "wait", world: () => createScenario("circuit_breaker_tripped") },
  "wait_for_too_long": { args: "wait --timeout 1m --config ecspresso.yml" },
  "log": { args: "wait --timeout 1m", world: deployingLogging },
  "log_without_prefix": {
    args: "wait --timeout 1m",
    world: () => deployingLogging({ launchType: "EC2", logConfiguration: awslogs({}) }),
  },
  "log_by_firelens": {
    args: "wait --timeout 1m",
    world: () =>
      deployingLogging({
        logConfiguration: {
          logDriver: "awsfirelens",
          options: { Name: "firehose", region: "us-west-2", delivery_stream: "web" },
        },
        beside: [{
          name: "log_router",
          image: imageOf(4),
          firelensConfiguration: { type: "fluentbit" },
          logConfiguration: awslogs({ "awslogs-stream-prefix": "firelens" }),
        }],
      }),
  },
  "log_by_firelens_to_cloudwatch": {
    args: "wait --timeout 1m",
    world: () =>
      deployingLogging({
        logConfiguration: {
          logDriver: "awsfirelens",
          options: {
            Name: "cloudwatch_logs",
            region: "us-west-2",
            log_group_name: "/team/web",
            log_stream_prefix: "from fluent bit-",
          },
        },
      }),
  },
  "log_on_the_instance": {
    args: "wait --timeout 1m",
    world: () => deployingLogging({ launchType: "EC2", logConfiguration: { logDriver: "journald" } }),
  },
  "log_on_a_server": {
    args: "wait --timeout 1m",
    world: () =>
      deployingLogging({
        logConfiguration: {
          logDriver: "splunk",
          options: { "splunk-url": "https://splunk.example.com:8088", "splunk-token": "s3cret" },
        },
      }),
  },
  "log_asked_for": { args: "wait --timeout 1m --logs 5", world: deployingLogging },
  "log_asked_for_wrongly": { args: "wait --logs many" },
  "log_on_a_terminal": { args: "wait --timeout 1m", world: deployingLogging, options: AT_TERMINAL },
  "log_on_a_narrow_terminal": {
    args: "wait --timeout 1m",
    world: deployingLogging,
    options: { ...AT_TERMINAL, columns: 80 },
  },
  "log_of_many_lines": {
    args: "wait --timeout 1m",
    world: () =>
      deployingLogging({
        lines: [
          ...Array.from({ length: 12 }, (_, index) => `line ${index}`),
          "Exception in thread\n\tat A\r\n\tat B\n",
        ],
      }),
    options: AT_TERMINAL,
  },
  "log_not_wanted": { args: "wait --timeout 1m --logs 0", world: deployingLogging, options: AT_TERMINAL },
  "log_in_ci": {
    args: "wait --timeout 1m",
    world: deployingLogging,
    options: { ...AT_TERMINAL, env: { ...AT_TERMINAL.env, CI: "true" } },
  },
  "log_denied": {
    args: "wait --timeout 1m",
    world: () => deniedLog(deployingLogging()),
    options: AT_TERMINAL,
  },
  "log_not_there": { args: "wait --timeout 1m --logs 5", world: () => deployingLogging({ hasGroup: false }) },
  "log_not_there_and_not_asked_for": {
    args: "wait --timeout 1m",
    world: () => deployingLogging({ hasGroup: false }),
    options: AT_TERMINAL,
  },
  "log_empty": { args: "wait --timeout 1m --logs 5", world: () => deployingLogging({ lines: [] }) },
  "log_hostile": { args: "wait --timeout 1m --logs 20", world: () => deployingLogging({ lines: HOSTILE }) },
  "log_hostile_github": {
    args: "wait --timeout 1m --logs 20",
    world: () => deployingLogging({ lines: HOSTILE }),
    options: onGithub(),
  },
  "log_github": {
    args: "wait --timeout 1m",
    world: () => deployingLogging({ lines: HOSTILE }),
    options: onGithub({ isTerminal: true }),
  },
  "wait_for_code_deploy": { args: "wait", world: codeDeploy },
  "wait_for_no_service": {
    args: "wait",
    options: withFiles({ "ecspresso.yml": "region: ap-northeast-1\nservice: yourservice\n" }),
  },
  "help_wait": { args: "wait --help" },
  "wait_fail_after": {
    args: "wait --fail-after 3",
    world: () => {
      const emulator = myservice({ history: [2, 4], behaviours: { 3: crashLoop(), 4: slowDrain() } });
      emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
      return emulator;
    },
  },
  "fail_after_below_one": { args: "wait --fail-after 0.5", world: myservice },
};
