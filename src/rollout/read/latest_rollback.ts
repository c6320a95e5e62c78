import { parseTaskDefinitionArn, type Revision } from "../../model/arn.ts";
import { hasEnded, type PastDeployment } from "../../model/service_deployment.ts";
import { findPrevious, type HistoryQuery, readHistorySteps } from "./find_previous.ts";
import { endTimeOf, hasSucceeded, isOrWasRolledBack, isSame } from "./history_steps.ts";
import type { ChoiceReason, Doubt } from "./chosen_revision.ts";
import { optional } from "../../errors.ts";
import type { ContainerImage } from "../../model/images.ts";
import type { ServiceSnapshot } from "../../model/service.ts";
import { DeploymentRecord, readPastRecord } from "./deployment_record.ts";
import type { ServiceReading } from "./read_service.ts";

/** How the newest rollback on record has ended, where nothing was deployed after it. */
export type LatestRollback = Readonly<
  /** What runs is what the service was rolled back to, or is being rolled back to. */
  | { kind: "stays"; reason: ChoiceReason }
  /** The deployment of the rollback has failed, and the service still has its revision. */
  | { kind: "failed"; from: Revision; atMs: number }
  /** ECS has rolled the rollback back: the revision that it left runs again. */
  | { kind: "turnedBack"; doubt: Doubt }
>;

/**
 * Finds whether a service has already been rolled back: the same command for many services may be given again, even
 * hours later, and rolls each of them back only once. `undefined` where the newest deployment shipped something new,
 * even if ECS has rolled that back. Pure.
 *
 * @param past in any order
 */
export function findLatestRollback(
  past: readonly PastDeployment[],
  running: Revision,
  reading: HistoryQuery,
): LatestRollback | undefined {
  const { end } = readHistorySteps(past, running, reading);
  const { newest, before, latest, pathBefore, isOfRunning, isRollback, hasFailed } = end;
  if (newest === undefined || before === undefined) return undefined;
  if (isOrWasRolledBack(newest) && !isOfRunning(newest)) {
    if (!pathBefore.some((step) => isSame(step, newest))) return undefined;
    return { kind: "turnedBack", doubt: { code: "failedBefore", revision: newest.deployed, atMs: endTimeOf(newest) } };
  }
  if (!isRollback) return undefined;
  const { deployed: from } = before;
  if (hasFailed) return { kind: "failed", from, atMs: endTimeOf(newest) };
  const done = latest.find(hasSucceeded);
  if (done === undefined) {
    return hasEnded(newest) ? undefined : { kind: "stays", reason: { code: "goingBack", target: running, from } };
  }
  const further = findPrevious(past, running, { ...reading, stays: "ifDeployedOnceMore" })?.target;
  return { kind: "stays", reason: { code: "isBack", target: running, from, atMs: endTimeOf(done), further } };
}

/**
 * Reads from ECS's record whether a service was rolled back, and not deployed since; `undefined` where it was not, or
 * where the record may not be read.
 *
 * @param images what the service runs, where that is known
 */
export async function readLatestRollback(
  service: ServiceSnapshot,
  images: readonly ContainerImage[],
  reading: ServiceReading,
): Promise<LatestRollback | undefined> {
  if (service.taskDefinition === undefined) return undefined;
  const running = parseTaskDefinitionArn(service.taskDefinition);
  const record = new DeploymentRecord(reading);
  const readImagesNow = () => Promise.resolve(images);
  const past = readPastRecord({ ...reading, service, record, running, readImagesNow }, running);
  const { value } = await optional(past);
  return value && findLatestRollback(value.past, running, { ...value, images, nowMs: reading.ecs.now() });
}
