import { findServiceChanges } from "../../definitions/compare_services.ts";
import { asAwsError, AwsError, isTransient, mayHaveBeenApplied, unlessFails } from "../../errors.ts";
import type { UnseenOrder } from "../../problems/aws_failure.ts";
import { lookFor } from "../../host/retry.ts";
import { type Revision, shortName } from "../../model/arn.ts";
import type { JsonObject } from "../../model/json.ts";
import { primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import { followPrimary } from "../judge/assess.ts";
import { followDeployment } from "../watch.ts";
import { startsDeployment } from "../plan/plan_order.ts";
import type { PlanExecution } from "./plan_execution.ts";
import { readWholeService } from "../read/read_service.ts";

/** How long to look for what was ordered: reads lag behind orders by seconds. */
const LOOK_FOR_MS = 30_000;

function lookForOrdered<Seen>(
  look: () => Promise<Seen | undefined>,
  { context: { clock, signal } }: PlanExecution,
  everyMs = 2_000,
): Promise<Seen | undefined> {
  return lookFor(look, { clock, forMs: LOOK_FOR_MS, everyMs }, signal);
}

/** Looks for a PRIMARY deployment of a task definition (an ARN) that was not there before. */
function findNewPrimary(
  taskDefinition: string | undefined,
  before: ServiceSnapshot | undefined,
  run: PlanExecution,
): Promise<ServiceSnapshot | undefined> {
  const { plan, context: { ecs, signal } } = run;
  const known = new Set(before?.deployments.map(({ id }) => id));
  const look = async () => {
    const service = await unlessFails(ecs.readSnapshot(plan.subject, signal));
    const primary = service && primaryDeployment(service);
    return primary?.taskDefinition === taskDefinition && !known.has(primary?.id ?? "") ? service : undefined;
  };
  return lookForOrdered(look, run);
}

/** Looks whether the service has the ordered attributes, which start no deployment. */
function findUpdated(attributes: JsonObject, run: PlanExecution): Promise<ServiceSnapshot | undefined> {
  const { plan, context: { ecs, signal } } = run;
  const look = async () => {
    const whole = await unlessFails(readWholeService(attributes, { ref: plan.subject, ecs, signal }));
    if (whole === undefined || whole.unread.length > 0) return undefined;
    const compared = { local: attributes, running: whole.members, updatable: ecs.updatableMembers() };
    const changes = findServiceChanges({ ...compared, ignoredTags: [], unread: [] });
    return Object.keys(changes.attributes).length === 0 ? whole.service : undefined;
  };
  return lookForOrdered(look, run);
}

/**
 * Finds what an update whose answer was lost has done. Throws an `AwsError` of kind `lost` where nothing is seen within
 * 30 s.
 */
export async function findLostUpdate(
  lost: AwsError,
  taskDefinition: Revision | undefined,
  attributes: JsonObject,
  before: ServiceSnapshot | undefined,
  run: PlanExecution,
): Promise<ServiceSnapshot> {
  const startsNone = taskDefinition === undefined && !startsDeployment(attributes);
  const found = startsNone
    ? await findUpdated(attributes, run)
    : await findNewPrimary(taskDefinition?.arn ?? before?.taskDefinition, before, run);
  if (found !== undefined) return found;
  throw asUnknownOrder(
    lost,
    startsNone
      ? { code: "notAsOrdered", names: Object.keys(attributes) }
      : { code: "noNewDeployment", taskDefinition: taskDefinition && shortName(taskDefinition) },
  );
}

/** The error for an order that may or may not have arrived. */
export function asUnknownOrder(error: AwsError, unseen: UnseenOrder): AwsError {
  return new AwsError({ ...error, kind: "lost", unseen });
}

/**
 * The service with the PRIMARY deployment of what was ordered. Where ECS's answer shows none, the one from before, or
 * one of another task definition, looks for it for up to 30 s: a read may lag behind, the answer may be to somebody
 * else's order, or ECS may have started none (then it throws an `AwsError` of kind `lost`).
 */
export async function findOrderedDeployment(
  service: ServiceSnapshot,
  taskDefinition: Revision,
  startsDeployment: boolean,
  run: PlanExecution,
): Promise<ServiceSnapshot> {
  // Until the deployment is seen, it is not known whether ECS goes on with the order.
  run.ordered = "unknown";
  const primary = primaryDeployment(service);
  const isOld = startsDeployment && run.before?.deployments.some(({ id }) => id === primary?.id);
  const isOther = startsDeployment && primary?.taskDefinition !== taskDefinition.arn;
  const isShown = primary !== undefined && !isOld;
  const before = startsDeployment ? run.before : undefined;
  const found = isShown && !isOther ? service : await findNewPrimary(taskDefinition.arn, before, run);
  if (found === undefined && !isShown) {
    const unseen = { code: "startedNone", taskDefinition: shortName(taskDefinition), stillAt: primary?.id } as const;
    throw new AwsError({ operation: "UpdateService", kind: "lost", code: "NoDeployment", detail: "", unseen });
  }
  run.ordered = "yes";
  return found ?? service;
}

/**
 * Returns the ARN of the service deployment that an update has made, or the error that keeps it from being read;
 * `undefined` where none but the one from before appears within 30 s.
 */
export function findNewServiceDeployment(
  before: string | undefined,
  run: PlanExecution,
): Promise<string | AwsError | undefined> {
  const { plan, context: { ecs, signal } } = run;
  const look = async () => {
    const newest = await ecs.findNewestServiceDeployment(plan.subject, signal).catch(asAwsError);
    if (newest instanceof AwsError) return isTransient(newest) ? undefined : newest;
    return newest?.arn === before ? undefined : newest?.arn;
  };
  return lookForOrdered(look, run, 1_000);
}

/** Notes that ECS has taken the order: its PRIMARY deployment is followed now, and auto scaling is to be restored. */
export function followOrdered(service: ServiceSnapshot, run: PlanExecution): void {
  run.ordered = "yes";
  run.after = service;
  run.scaling.scheduleRestore();
  const followed = followPrimary(service, run.before);
  if (followed === undefined) return;
  run.poll = followDeployment(run.plan.subject, followed, run.plan.until, run.context.ecs);
}

/** For `catch()`: an order that ECS has refused, or that never reached it, counts as not given. Throws the error. */
export function noteRefused(error: unknown, run: PlanExecution): never {
  if (error instanceof AwsError && !mayHaveBeenApplied(error)) run.ordered = "no";
  throw error;
}

/** Names the members of the service definition that are missing from ECS's answer to the order. */
export function noticeNotKept(
  { unkept: names = [] }: ServiceSnapshot,
  order: "updated" | "created",
  { context: { emit } }: PlanExecution,
): void {
  if (names.length > 0) emit({ kind: "notice", notice: { code: "membersNotKept", order, names } });
}
