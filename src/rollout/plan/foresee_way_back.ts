import { updatedSettings } from "../../model/deployment_settings.ts";
import { type JsonObject, objectIn } from "../../model/json.ts";
import type { ServiceSnapshot } from "../../model/service.ts";
import type { AlarmNotice, SlowNotice } from "./notice.ts";
import { strategyWith } from "./starts_deployment.ts";

/**
 * How ECS comes back to an earlier revision. A new deployment goes through everything that a deploy goes through. Of a
 * deployment that is stopped, traffic is shifted back, and AWS does not say whether in steps; no hook pauses that, for none
 * may pause at the stages that run again:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html#lifecycle-hooks-during-rollback
 */
export type WayBack = "newDeployment" | "stoppedDeployment";

/**
 * What will make a way back slow: hooks that wait for a person, steps, bake time, and a timeout (0: none) that is
 * shorter. Rolling deployments have none of it. `attributes`: what the service gets with the new deployment.
 */
export function foreseeWaits(
  service: Pick<ServiceSnapshot, "deploymentSettings" | "deploymentStrategy">,
  way: WayBack,
  timeoutMs: number,
  attributes: JsonObject = {},
): SlowNotice[] {
  const strategy = strategyWith(attributes, service);
  if (strategy === "ROLLING") return [];
  const configuration = objectIn(attributes.deploymentConfiguration);
  const { shift, bakeMinutes, pauses } = updatedSettings(service.deploymentSettings, configuration, strategy);
  const minutes = (shift.steps - 1) * shift.stepMinutes + bakeMinutes;
  const isShorter = timeoutMs !== 0 && timeoutMs <= minutes * MINUTE_MS;
  const moving = { shift, bakeMinutes, minutes, shorterTimeoutMs: isShorter ? timeoutMs : undefined };
  const isStopped = way === "stoppedDeployment";
  const waits: SlowNotice[] = isStopped ? [] : pauses.map((pause) => (
    { code: "pauses", ...pause, steps: shift.steps, isForeseen: false }
  ));
  if (minutes > 0) waits.push({ code: isStopped ? "shiftsBack" : "wholeDeployment", ...moving, isForeseen: false });
  return waits;
}

const MINUTE_MS = 60_000;

/** The alarms that end a deployment, as they are before it begins, and as the service has them after the deploy. */
export interface AlarmState {
  /** By name; none where they are not enabled. */
  readonly armed: readonly string[];
  /** Whether ECS goes back by itself where one goes off. */
  readonly ecsGoesBack: boolean;
  /**
   * The states of those that are there, or why they are not known; `undefined` where no deploy is rolled back for
   * an alarm.
   */
  readonly states: ReadonlyMap<string, string> | { readonly unknown: string } | undefined;
}

/**
 * Why no alarm will roll this deploy back. If one of the alarms is in ALARM when a deployment begins, ECS watches none of
 * them for that deployment: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html Pure.
 */
export function foreseeAlarms({ armed, ecsGoesBack, states }: AlarmState): AlarmNotice[] {
  if (states === undefined) {
    return armed.length === 0 || ecsGoesBack ? [] : [{ code: "alarmsNotNamed", alarms: armed }];
  }
  if (armed.length === 0) return [{ code: "noAlarms" }];
  if ("unknown" in states) return [{ code: "alarmsNotRead", reason: states.unknown }];
  const notices: AlarmNotice[] = [
    { code: "alarmsWentOff", alarms: armed.filter((name) => states.get(name) === "ALARM") },
    { code: "alarmsMissing", alarms: armed.filter((name) => !states.has(name)) },
  ];
  return notices.filter((notice) => "alarms" in notice && notice.alarms.length > 0);
}
