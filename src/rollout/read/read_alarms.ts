import type { ServiceChanges } from "../../definitions/find_service_changes.ts";
import { readDeploymentSettings } from "../../model/deployment_settings.ts";
import type { JsonObject } from "../../model/json.ts";
import type { ServiceSnapshot } from "../../model/service.ts";
import { AwsError } from "../../errors.ts";
import type { AlarmState } from "../plan/foresee_waits.ts";
import type { DeployQuery } from "./read_deploy_state.ts";

/**
 * The alarms that the service has after the deploy, where an alarm rolls that back. Their states are for a notice
 * only: CloudWatch may be out of reach, or out of bounds, where ECS is not.
 */
export async function readAlarms(
  { readAlarmStates, rollsBackOnFailure }: DeployQuery,
  { deploymentSettings }: ServiceSnapshot,
  { attributes }: ServiceChanges,
  signal: AbortSignal,
): Promise<AlarmState | undefined> {
  if (!rollsBackOnFailure) return undefined;
  const configuration = attributes.deploymentConfiguration as JsonObject | undefined;
  const { armedAlarms: armed, alarmsRollBack: ecsGoesBack } = configuration?.alarms === undefined
    ? deploymentSettings
    : readDeploymentSettings(configuration);
  if (readAlarmStates === undefined) return { armed, ecsGoesBack, states: undefined };
  if (armed.length === 0) return { armed, ecsGoesBack, states: new Map() };
  try {
    return { armed, ecsGoesBack, states: await readAlarmStates(armed, signal) };
  } catch (error) {
    if (!(error instanceof AwsError) || signal.aborted) throw error;
    return { armed, ecsGoesBack, states: { unknown: error.message } };
  }
}
