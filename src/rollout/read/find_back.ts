import { parseTaskDefinitionArn, type Revision } from "../../model/arn.ts";
import { hasEnded, type PastDeployment } from "../../model/service_deployment.ts";
import { findPrevious, type Reading, readSteps } from "./find_previous.ts";
import { endOf, goesBack, hasSucceeded, isSame } from "./read_end.ts";
import type { ChoiceReason, Doubt } from "./chosen_revision.ts";
import { optional } from "../../errors.ts";
import type { ContainerImage } from "../../model/images.ts";
import type { ServiceSnapshot } from "../../model/service.ts";
import { DeploymentRecord, readPastRecord } from "./deployment_record.ts";
import type { ServiceReading } from "./read_service.ts";

/** What has become of the newest rollback on record, where nothing was deployed after it. */
export type Back = Readonly<
  /** What runs is what the service was rolled back to, or is being rolled back to. */
  | { kind: "stays"; reason: ChoiceReason }
  /** The deployment of the rollback has failed, and the service still has its revision. */
  | { kind: "failed"; from: Revision; atMs: number }
  /** ECS has turned the rollback back, so that the revision it left runs again. */
  | { kind: "turnedBack"; doubt: Doubt }
>;

/**
 * Finds whether a service was rolled back already: the same command for many services may be given again, even hours
 * later, and rolls each of them back once. `undefined` where the newest deployment is no rollback, but a deploy of
 * something new, even if ECS has rolled that back. Pure.
 *
 * @param past in any order
 */
export function findBack(past: readonly PastDeployment[], running: Revision, reading: Reading): Back | undefined {
  const { end } = readSteps(past, running, reading);
  const { newest, before, latest, pathBefore, isOfRunning, isWayBack, hasFailed } = end;
  if (newest === undefined || before === undefined) return undefined;
  if (goesBack(newest) && !isOfRunning(newest)) {
    if (!pathBefore.some((step) => isSame(step, newest))) return undefined;
    return { kind: "turnedBack", doubt: { code: "failedBefore", revision: newest.deployed, atMs: endOf(newest) } };
  }
  if (!isWayBack) return undefined;
  const { deployed: from } = before;
  if (hasFailed) return { kind: "failed", from, atMs: endOf(newest) };
  const done = latest.find(hasSucceeded);
  if (done === undefined) {
    return hasEnded(newest) ? undefined : { kind: "stays", reason: { code: "goingBack", target: running, from } };
  }
  const further = findPrevious(past, running, { ...reading, stays: "ifDeployedOnceMore" })?.target;
  return { kind: "stays", reason: { code: "isBack", target: running, from, atMs: endOf(done), further } };
}

/**
 * Reads from ECS's record whether a service was rolled back and not deployed since; `undefined` where it was not, or
 * where that may not be read.
 *
 * @param images what the service runs, where that is known
 */
export async function readBack(
  service: ServiceSnapshot,
  images: readonly ContainerImage[],
  reading: ServiceReading,
): Promise<Back | undefined> {
  if (service.taskDefinition === undefined) return undefined;
  const running = parseTaskDefinitionArn(service.taskDefinition);
  const record = new DeploymentRecord(reading);
  const readImagesNow = () => Promise.resolve(images);
  const past = readPastRecord({ ...reading, service, record, running, readImagesNow }, running);
  const { value } = await optional(past);
  return value && findBack(value.past, running, { ...value, images, nowMs: reading.ecs.now() });
}
