/** The alarms that end a deployment, as they are before it begins, and as the service has them after the deploy. */
export interface AlarmSituation {
  /** By name; none where they are not enabled. */
  readonly armed: readonly string[];
  /** Whether ECS goes back by itself where one goes off. */
  readonly ecsGoesBack: boolean;
  /**
   * The states of those that are there, or why they are not known; `undefined` where the deploy is not to be taken back for
   * an alarm.
   */
  readonly states: ReadonlyMap<string, string> | { readonly unknown: string } | undefined;
}

/**
 * Why a deploy that is to be taken back will not be for an alarm. Where one of them is in ALARM when a deployment begins,
 * ECS watches none of them for it.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html Pure.
 *
 * @returns a line each
 */
export function foreseeAlarms({ armed, ecsGoesBack, states }: AlarmSituation): string[] {
  if (states === undefined) {
    return armed.length === 0 || ecsGoesBack ? [] : [
      `where ${armed.length === 1 ? "the alarm" : "one of the alarms"} ${
        armed.join(", ")
      } ends this deploy, it is not ` +
      "taken back: --rollback-events does not name DEPLOYMENT_STOP_ON_ALARM",
    ];
  }
  if (armed.length === 0) {
    return [
      "the service has no alarm that ends a deployment (deploymentConfiguration.alarms), so DEPLOYMENT_STOP_ON_ALARM " +
      "never comes: the deploy is not taken back for an alarm",
    ];
  }
  if ("unknown" in states) return [`${states.unknown}; whether an alarm is in ALARM already is not known`];
  const off = armed.filter((name) => states.get(name) === "ALARM");
  const missing = armed.filter((name) => !states.has(name));
  return [
    ...(off.length === 0 ? [] : [
      `${
        named(off)
      } in ALARM already: ECS then watches no alarm during this deployment, so it is not taken back for one ` +
      "(DEPLOYMENT_STOP_ON_ALARM)",
    ]),
    ...(missing.length === 0
      ? []
      : [`CloudWatch has no alarm ${missing.join(", ")} here, although deploymentConfiguration.alarms names it`]),
  ];
}

function named(names: readonly string[]): string {
  return `${names.length === 1 ? "the alarm" : "the alarms"} ${names.join(", ")} ${names.length === 1 ? "is" : "are"}`;
}
