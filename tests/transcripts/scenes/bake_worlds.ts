import type { Emulator } from "../../emulator/emulator.ts";
import { accessDenied, actAfter } from "../../emulator/faults.ts";
import { type MyService, myservice } from "../../emulator/myservice.ts";
import type { Traffic } from "../../emulator/traffic.ts";

/** What is said about whether a rollback has helped. */

export const TARGET_GROUP = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web/0123456789abcdef";
const loadBalancers = [{ targetGroupArn: TARGET_GROUP, containerName: "app", containerPort: 8080 }];
export const ALARMS = {
  deploymentConfiguration: { alarms: { alarmNames: ["web-5xx"], enable: true, rollback: false } },
};
export const MINUTE_MS = 60_000;

export type PerMinute = Partial<Omit<Traffic, "fromMs">>;
export const FAILING: PerMinute = { requests: 400, failures: 165, unhealthyHosts: 0 };
export const WELL: PerMinute = { requests: 500, failures: 1, unhealthyHosts: 0 };

/** 4 was deployed after 3, some minutes ago; with the order to go back, the traffic becomes another one. */
export function balanced(
  before: PerMinute,
  after: PerMinute,
  world: MyService = {},
  act = (_: Emulator) => {},
): Emulator {
  const emulator = myservice({ history: [3, 4], ...world, service: { loadBalancers, ...world.service } });
  emulator.setTraffic(TARGET_GROUP, before);
  act(emulator);
  emulator.advance(10 * MINUTE_MS);
  const change = actAfter((changed) => changed.setTraffic(TARGET_GROUP, after));
  emulator.inject({ operation: "UpdateService", effect: change });
  return emulator;
}
export const BAKE = "rollback --revision 3 --bake 5m";
export const denied =
  (operation: string, service: "cloudwatch" | "elasticloadbalancing" = "cloudwatch") => (emulator: Emulator) =>
    emulator.inject({ operation, effect: accessDenied(service), times: Infinity });
