import { optional } from "../../errors.ts";
import type { AlarmsPort } from "../../model/alarms.ts";
import { readDeploymentSettings } from "../../model/deployment_settings.ts";
import { type JsonObject, objectIn } from "../../model/json.ts";
import type { ServiceSnapshot } from "../../model/service.ts";
import type { AwsFailure } from "../../problems/aws_failure.ts";

/** The alarms that end a deployment, as the service has them after the deploy. */
export interface AlarmState {
  /** By name; empty where they are not enabled. */
  readonly armed: readonly string[];
  /** Whether ECS rolls back by itself when one of them goes off. */
  readonly ecsGoesBack: boolean;
  /**
   * The states before the deployment of those that exist, or why they are not known; `undefined` where no alarm rolls
   * the deploy back.
   */
  readonly states: ReadonlyMap<string, string> | { readonly unknown: AwsFailure } | undefined;
}

/**
 * Reads the alarms that the service has after the deploy, where an alarm rolls that back. Their states are for a notice
 * only: CloudWatch may be unreachable or denied where ECS is not.
 */
export async function readAlarms(
  { readAlarmStates, signal }: { signal: AbortSignal; readAlarmStates?: AlarmsPort["readAlarmStates"] | undefined },
  { deploymentSettings }: ServiceSnapshot,
  { deploymentConfiguration }: JsonObject,
): Promise<AlarmState> {
  const configuration = objectIn(deploymentConfiguration);
  const { armedAlarms: armed, alarmsRollBack: ecsGoesBack } = configuration.alarms === undefined
    ? deploymentSettings
    : readDeploymentSettings(configuration);
  if (readAlarmStates === undefined) return { armed, ecsGoesBack, states: undefined };
  if (armed.length === 0) return { armed, ecsGoesBack, states: new Map() };
  const { value, denied } = await optional(readAlarmStates(armed, signal), () => !signal.aborted);
  return { armed, ecsGoesBack, states: denied === undefined ? value : { unknown: denied.failure } };
}
