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
 * Why no alarm will take this deploy back. If one of the alarms is in ALARM when a deployment begins, ECS watches none of
 * them for that deployment: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html Pure.
 *
 * @returns a line each
 */
export function foreseeAlarms({ armed, ecsGoesBack, states }: AlarmSituation): string[] {
  if (states === undefined) {
    if (armed.length === 0 || ecsGoesBack) return [];
    const alarm = armed.length === 1 ? `the alarm ${armed[0]}` : `an alarm (${armed.join(", ")})`;
    return [
      `if ${alarm} ends this deploy, it is not taken back: --rollback-events does not name DEPLOYMENT_STOP_ON_ALARM`,
    ];
  }
  if (armed.length === 0) {
    return [`the service has no alarm that ends a deployment (deploymentConfiguration.alarms): ${NO_EFFECT}`];
  }
  if ("unknown" in states) return [`${states.unknown}; whether an alarm is in ALARM already is not known`];
  const off = armed.filter((name) => states.get(name) === "ALARM");
  const missing = armed.filter((name) => !states.has(name));
  return [
    ...(off.length === 0
      ? []
      : [`in ALARM already: ${off.join(", ")}. ECS watches no alarm during this deployment: ${NO_EFFECT}`]),
    ...(missing.length === 0
      ? []
      : [`CloudWatch has no alarm ${missing.join(", ")} here, although deploymentConfiguration.alarms names it`]),
  ];
}

const NO_EFFECT = "DEPLOYMENT_STOP_ON_ALARM of --rollback-events has no effect";
