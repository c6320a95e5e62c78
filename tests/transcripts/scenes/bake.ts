import { crashLoop } from "../../emulator/behaviours.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { actAfter, answerWith, throttle } from "../../emulator/faults.ts";
import { definitionOf, fleet, fleetService } from "../../emulator/fleet.ts";
import { type MyService, myservice, UNTIL_STEADY_MS } from "../../emulator/myservice.ts";
import type { Scene } from "../scene.ts";
import { ALARMS, BAKE, balanced, denied, FAILING, MINUTE_MS, TARGET_GROUP, WELL } from "./bake_worlds.ts";

const SHARED = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/shared/0123456789abcdef";

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
