import type { AlarmNotice } from "./notice.ts";

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
