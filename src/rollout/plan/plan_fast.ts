import { parseTaskDefinitionArn } from "../../model/arn.ts";
import type { ServiceSnapshot } from "../../model/service.ts";
import { isReadable, missingWaits, waitsOfStrategy, withoutWaits } from "../../model/waits.ts";
import type { CurrentState } from "../read/current_state.ts";
import type { PlanNotice } from "./notice.ts";
import type { RollbackOptions } from "./options.ts";
import type { StopDeployment, UpdateService } from "./plan.ts";
import type { RefusalReason } from "./refusal.ts";
import type { RecordWaits, RestoreWaits, WaitsOnRecord } from "./waits_steps.ts";

/** What `--fast` does about what deployments wait for: before the order, with it, and after the deployment. */
interface FastPlan {
  readonly record?: RecordWaits;
  readonly restore?: RestoreWaits;
  /** The order in place of the usual one. */
  readonly rollbackOrder?: UpdateService;
  readonly notices?: readonly PlanNotice[];
}

/**
 * The deployment that goes back waits for nothing. The service's settings are restored once it has ended, because AWS
 * does not say that a deployment keeps the settings that it began with. Where ECS stops a deployment, or one is under
 * way, nothing can be changed. What an earlier run has left to restore is restored, too. Pure.
 */
export function planFast(
  state: Pick<CurrentState, "waitsRecord">,
  service: ServiceSnapshot,
  rollbackOrder: StopDeployment | UpdateService | undefined,
  isReached: boolean,
): FastPlan {
  const found = isReadable(state.waitsRecord) ? state.waitsRecord : undefined;
  const { arn, waits: now } = service;
  // What deployments wait for now was set after the record.
  const before = { ...waitsOfStrategy(found?.before ?? {}, service), ...now };
  const restore = { kind: "restoreWaits", arn, before, found } as const;
  if (rollbackOrder?.kind === "updateService" && Object.keys(before).length > 0) {
    const deploymentConfiguration = withoutWaits(before);
    return {
      record: { kind: "recordWaits", arn, before, now },
      restore,
      rollbackOrder: { ...rollbackOrder, attributes: { ...rollbackOrder.attributes, deploymentConfiguration } },
    };
  }
  if (found !== undefined) return { restore };
  const because = rollbackOrder === undefined
    ? "underWay"
    : rollbackOrder.kind === "stopDeployment"
    ? "stops"
    : "noWaits";
  return isReached ? {} : { notices: [{ code: "fastChangesNothing", because }] };
}

/** The notice of what an earlier run has left to restore, wherever the service is deployed or rolled back. Pure. */
export function noticeWaitsRecord(
  { waitsRecord, ref }: Pick<CurrentState, "waitsRecord" | "ref">,
  service: ServiceSnapshot,
): WaitsOnRecord[] {
  const { arn, taskDefinition } = service;
  if (!isReadable(waitsRecord) || taskDefinition === undefined) return [];
  const running = parseTaskDefinitionArn(taskDefinition);
  const missing = missingWaits(waitsRecord.before, service);
  return [{ code: "waitsOnRecord", ref, arn, running, missing, ...waitsRecord }];
}

/** A record that cannot be read, or was not read, refuses `--fast`: it is not known what to restore. */
export function findUnreadableRecord(
  { waitsRecord, service }: CurrentState,
  { fast }: Pick<RollbackOptions, "fast">,
): RefusalReason | undefined {
  if (!fast || service === undefined) return undefined;
  if (waitsRecord === "unread" && service.deploymentStrategy !== "ROLLING") return { code: "waitsRecordUnread" };
  if (typeof waitsRecord !== "object" || isReadable(waitsRecord)) return undefined;
  return { code: "waitsRecordUnreadable", arn: service.arn, keys: waitsRecord.unreadable };
}
