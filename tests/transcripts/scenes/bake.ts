import { crashLoop } from "../../emulator/behaviours.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { accessDenied, actAfter, answerWith, throttle } from "../../emulator/faults.ts";
import { definitionOf, fleet, fleetService } from "../../emulator/fleet.ts";
import { type MyService, myservice, UNTIL_STEADY_MS } from "../../emulator/myservice.ts";
import type { Traffic } from "../../emulator/traffic.ts";
import type { Scene } from "../scene.ts";

/** What is said about whether a rollback has helped. */

const TARGET_GROUP = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web/0123456789abcdef";
const loadBalancers = [{ targetGroupArn: TARGET_GROUP, containerName: "app", containerPort: 8080 }];
const SHARED = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/shared/0123456789abcdef";
const ALARMS = { deploymentConfiguration: { alarms: { alarmNames: ["web-5xx"], enable: true, rollback: false } } };
const MINUTE_MS = 60_000;

type PerMinute = Partial<Omit<Traffic, "fromMs">>;
const FAILING: PerMinute = { requests: 400, failures: 165, unhealthyHosts: 0 };
const WELL: PerMinute = { requests: 500, failures: 1, unhealthyHosts: 0 };

/** 4 was deployed after 3, some minutes ago; with the order to go back, the traffic becomes another one. */
function balanced(before: PerMinute, after: PerMinute, world: MyService = {}, act = (_: Emulator) => {}): Emulator {
  const emulator = myservice({ history: [3, 4], ...world, service: { loadBalancers, ...world.service } });
  emulator.setTraffic(TARGET_GROUP, before);
  act(emulator);
  emulator.advance(10 * MINUTE_MS);
  const change = actAfter((changed) => changed.setTraffic(TARGET_GROUP, after));
  emulator.inject({ operation: "UpdateService", effect: change });
  return emulator;
}

/** An alarm that was off before the rollback, and has another state from the order on. */
function withAlarm(state: "OK" | "ALARM" | "INSUFFICIENT_DATA", world: MyService = { service: ALARMS }): Emulator {
  const emulator = myservice({ history: [3, 4], ...world });
  emulator.advance(UNTIL_STEADY_MS);
  emulator.triggerAlarm("web-5xx");
  // It looks at metrics, which come late.
  const change = actAfter((changed) => changed.setAlarm("web-5xx", state));
  emulator.inject({ operation: "DescribeAlarms", nth: 3, effect: change });
  return emulator;
}

/** The same, with 3 back since some minutes: somebody asks afterwards. */
function back(after: PerMinute, sinceMs: number, world: MyService = {}, act = (_: Emulator) => {}): Emulator {
  const emulator = balanced(FAILING, after, world);
  emulator.clearFaults();
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
  emulator.setTraffic(TARGET_GROUP, after);
  act(emulator);
  emulator.advance(UNTIL_STEADY_MS + sinceMs);
  return emulator;
}

/** An alarm that was off before the rollback, and had another state after it. */
function withPastAlarm(state: "OK" | "ALARM", act = (_: Emulator) => {}): Emulator {
  const emulator = myservice({ history: [3, 4], service: ALARMS });
  emulator.advance(UNTIL_STEADY_MS);
  emulator.triggerAlarm("web-5xx");
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
  emulator.advance(UNTIL_STEADY_MS);
  emulator.setAlarm("web-5xx", state);
  act(emulator);
  emulator.advance(20 * MINUTE_MS);
  return emulator;
}

const groupOf = (name: string) => TARGET_GROUP.replace("/web/", `/${name}/`);

/** Two services behind load balancers, whose requests fail; with the orders to go back, the traffic becomes another one. */
function balancedFleet(change = (_: Emulator) => {}): Emulator {
  const emulator = fleet({ services: 2 });
  const names = [1, 2].map(fleetService);
  for (const name of names) {
    const loadBalancers = [{ targetGroupArn: groupOf(name), containerName: "app", containerPort: 8080 }];
    for (const revision of [3, 4]) {
      const { containerDefinitions: [app], ...others } = definitionOf(name, revision - 2);
      const containerDefinitions = [{ ...app!, portMappings: [{ containerPort: 8080 }] }];
      emulator.registerTaskDefinition({ ...others, containerDefinitions });
      emulator.updateService({ service: name, taskDefinition: `${name}:${revision}`, loadBalancers });
      emulator.advance(UNTIL_STEADY_MS);
    }
    emulator.setTraffic(groupOf(name), FAILING);
  }
  emulator.advance(10 * MINUTE_MS);
  emulator.inject({ operation: "UpdateService", nth: 2, effect: actAfter(change) });
  return emulator;
}

const MANY = "rollback --service service-* --cluster default --region ap-northeast-1 --revision previous";
const ON_GITHUB = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: "summary.md", GITHUB_OUTPUT: "outputs" };
const BAKE = "rollback --revision 3 --bake 5m";
const denied =
  (operation: string, service: "cloudwatch" | "elasticloadbalancing" = "cloudwatch") => (emulator: Emulator) =>
    emulator.inject({ operation, effect: accessDenied(service), times: Infinity });

export const BAKE_SCENES: Readonly<Record<string, Scene>> = {
  "bake_helped": { args: BAKE, world: () => balanced(FAILING, WELL) },
  "bake_did_not_help": { args: BAKE, world: () => balanced(FAILING, { requests: 400, failures: 150 }) },
  "bake_too_few_requests": { args: BAKE, world: () => balanced({ requests: 5, failures: 2 }, { requests: 4 }) },
  "bake_nothing_was_wrong": { args: BAKE, world: () => balanced(WELL, WELL) },
  "bake_unhealthy": {
    args: BAKE,
    world: () => balanced({ requests: 10, unhealthyHosts: 2 }, { requests: 10, unhealthyHosts: 1 }),
  },
  "bake_outage": {
    args: BAKE,
    world: () => balanced({ rejected: 300 }, { ...WELL, rejected: 0 }),
  },
  "bake_outage_stays": {
    args: BAKE,
    world: () => balanced({ rejected: 300 }, { rejected: 300 }),
  },
  "bake_outage_behind_a_shared_load_balancer": {
    args: BAKE,
    world: () =>
      balanced({ rejected: 300 }, { ...WELL, rejected: 0 }, {}, (emulator) => {
        emulator.setTargetGroup(TARGET_GROUP, "ip", [SHARED]);
        emulator.setTargetGroup(TARGET_GROUP.replace("/web/", "/api/"), "ip", [SHARED]);
      }),
  },
  "bake_classic_load_balancer": {
    args: BAKE,
    world: () => {
      const classic = [{ loadBalancerName: "old", containerName: "app", containerPort: 8080 }];
      const emulator = myservice({ history: [3, 4], service: { loadBalancers: classic } });
      emulator.setTraffic("old", { requests: 100, failures: 60, rejected: 100 });
      emulator.advance(10 * MINUTE_MS);
      const change = actAfter((changed) => changed.setTraffic("old", { requests: 200, failures: 0, rejected: 0 }));
      emulator.inject({ operation: "UpdateService", effect: change });
      return emulator;
    },
  },
  "bake_dry_run": {
    args: `${BAKE} --alarm latency --dry-run`,
    world: () => balanced(FAILING, WELL, { service: ALARMS }),
  },
  "bake_nothing_to_look_at": { args: BAKE, world: () => myservice({ history: [3, 4] }) },
  "bake_nothing_to_do": { args: "rollback --revision 4 --bake 5m", world: () => balanced(WELL, WELL) },
  "bake_alarm_helped": { args: BAKE, world: () => withAlarm("OK") },
  "bake_alarm_stays": { args: BAKE, world: () => withAlarm("ALARM") },
  "bake_alarm_without_data": { args: BAKE, world: () => withAlarm("INSUFFICIENT_DATA") },
  "bake_alarm_named": { args: `${BAKE} --alarm web-5xx --alarm nowhere`, world: () => withAlarm("OK", {}) },
  "bake_metrics_denied": {
    args: BAKE,
    world: () => balanced(FAILING, WELL, {}, denied("GetMetricData")),
  },
  "bake_load_balancers_denied": {
    args: BAKE,
    world: () => balanced(FAILING, WELL, {}, denied("DescribeTargetGroups", "elasticloadbalancing")),
  },
  "bake_alarms_denied": {
    args: `${BAKE} --alarm latency`,
    world: () => balanced(FAILING, WELL, {}, denied("DescribeAlarms")),
  },
  "bake_throttled": {
    args: BAKE,
    world: () =>
      balanced(FAILING, WELL, {}, (emulator) => {
        emulator.inject({ operation: "GetMetricData", nth: 2, times: 200, effect: throttle() });
      }),
  },
  "bake_in_trouble": {
    args: BAKE,
    world: () =>
      balanced(FAILING, WELL, {}, (emulator) => {
        const failing = answerWith("InternalServiceFault", "Try again.", 500);
        emulator.inject({ operation: "GetMetricData", times: Infinity, effect: failing });
      }),
  },
  "bake_interrupted": {
    args: BAKE,
    world: () => balanced(FAILING, WELL),
    options: { stopAfterMs: { ms: 240_000, signal: "SIGINT" } },
  },
  "bake_after_the_timeout": { args: `${BAKE} --timeout 2m`, world: () => balanced(FAILING, WELL) },
  "bake_rollback_fails": {
    args: `${BAKE} --fail-after 2`,
    world: () => balanced(FAILING, WELL, { behaviours: { 3: crashLoop() } }),
  },
  "bake_terminal": {
    args: BAKE,
    world: () => balanced(FAILING, WELL),
    options: { isTerminal: true, env: { NO_COLOR: "1" } },
  },
  "bake_github": {
    args: `${BAKE} --reason INC-42`,
    world: () => balanced(FAILING, { requests: 400, failures: 150 }),
    options: { env: ON_GITHUB },
  },
  "bake_fleet": {
    args:
      "rollback --service service-* --cluster default --region ap-northeast-1 --revision previous --bake 2m --alarm web",
    world: () => {
      const emulator = fleet({ services: 2 });
      emulator.triggerAlarm("web");
      return emulator;
    },
    options: { isFleet: true, files: {} },
  },
  "ask_afterwards": { args: "wait --bake 5m", world: () => back(WELL, 20 * MINUTE_MS) },
  "ask_afterwards_did_not_help": {
    args: "wait --bake 5m --service myservice --cluster default --region ap-northeast-1",
    world: () => back({ requests: 400, failures: 150 }, 20 * MINUTE_MS),
    options: { files: {} },
  },
  "ask_in_the_middle": { args: "wait --bake 5m", world: () => back(WELL, 2 * MINUTE_MS) },
  "ask_while_it_goes_back": {
    args: "wait --bake 2m --alarm latency",
    world: () => back(WELL, -UNTIL_STEADY_MS + 5_000),
  },
  "ask_by_the_same_command": { args: BAKE, world: () => back(WELL, 20 * MINUTE_MS) },
  "ask_by_the_same_command_dry_run": { args: `${BAKE} --dry-run`, world: () => back(WELL, 20 * MINUTE_MS) },
  "ask_weeks_later": { args: "wait --bake 5m", world: () => back(WELL, 20 * 24 * 60 * MINUTE_MS) },
  "ask_about_an_alarm": { args: "wait --bake 5m", world: () => withPastAlarm("OK") },
  "ask_about_an_alarm_that_stays": { args: "wait --bake 5m", world: () => withPastAlarm("ALARM") },
  "ask_about_an_alarm_of_unknown_past": {
    args: "wait --bake 5m",
    world: () => withPastAlarm("OK", denied("DescribeAlarmHistory")),
  },
  "ask_without_the_record": {
    args: "wait --bake 2m",
    world: () =>
      back(WELL, 20 * MINUTE_MS, {}, (emulator) => {
        emulator.inject({ operation: "ListServiceDeployments", effect: accessDenied(), times: Infinity });
      }),
  },
  "ask_about_many": {
    args: "wait --service service-* --cluster default --region ap-northeast-1 --bake 2m --alarm web",
    world: () => {
      const emulator = fleet({ services: 2 });
      emulator.setAlarm("web", "OK");
      emulator.advance(MINUTE_MS);
      return emulator;
    },
    options: { isFleet: true, files: {} },
  },
  "rolled_back_not_asked": { args: "rollback --revision 3", world: () => balanced(FAILING, WELL) },
  "ask_until_traffic_shifted": { args: "wait --bake 5m --until traffic-shifted" },
  "bake_fleet_with_one_not_helped": {
    args: `${MANY} --bake 2m`,
    world: () => balancedFleet((emulator) => emulator.setTraffic(groupOf(fleetService(2)), { failures: 0 })),
    options: { isFleet: true, files: {}, env: ON_GITHUB },
  },
  "bake_fleet_of_too_few_requests": {
    args: `${MANY} --bake 2m --alarm gone`,
    world: () =>
      balancedFleet((emulator) => {
        for (const number of [1, 2]) emulator.setTraffic(groupOf(fleetService(number)), { requests: 1, failures: 0 });
      }),
    options: { isFleet: true, files: {} },
  },
  "rolled_back_many_not_asked": { args: MANY, world: () => balancedFleet(), options: { isFleet: true, files: {} } },
  "bake_for_no_duration": { args: "rollback --revision 3 --bake soon" },
  "bake_with_no_wait": { args: `${BAKE} --no-wait` },
  "bake_too_short": { args: "rollback --revision 3 --bake 10s" },
  "alarm_without_bake": { args: "rollback --revision 3 --alarm web-5xx" },
};
