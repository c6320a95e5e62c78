import { FIRST_PAUSE_OF_ORDERS_MS, retry } from "../../host/retry.ts";
import type { Revision } from "../../model/arn.ts";
import type { EcsReader } from "../../model/ports.ts";
import { hasBeenRolledBack, isBeingRolledBack } from "../../model/service_deployment.ts";
import { asAwsError, AwsError, isRefusal, isTransient, mayHaveBeenApplied, unlessFails } from "../../errors.ts";
import type { ImagesToPin, StopDeployment } from "../plan/plan.ts";
import { pinsOf, planImages } from "../judge/planned_images.ts";
import { DeploymentRecord } from "../read/deployment_record.ts";
import { readImages } from "../read/read_images.ts";
import { findPassing } from "../read/read_preflight.ts";
import type { PlanExecution, StepRun } from "./plan_execution.ts";
import { asUnknownOrder, noteRefused } from "./find_ordered.ts";
import { registerStep } from "./register.ts";
import { updateService } from "./update_service.ts";

/** For how long the order is given again after a lost answer. */
const ASK_FOR_MS = 30_000;
const PAUSES = { firstPauseMs: FIRST_PAUSE_OF_ORDERS_MS, longestPauseMs: 2_000 };
const UNSEEN = { code: "notStopped" } as const;

/**
 * Orders ECS to stop a service deployment and to go back. The order may be given twice: AWS takes it even of a
 * deployment that is going back already. After a lost answer the deployment is read first, because one that has gone
 * back meanwhile takes no order any more. Returns ECS's refusal, if it refuses: then nothing has been changed.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stop-service-deployment.html
 */
async function stopDeployment(arn: string, { context }: PlanExecution): Promise<AwsError | undefined> {
  const { ecs, clock, signal } = context;
  let lost: { readonly error: AwsError; readonly atMs: number } | undefined;
  const order = async () => {
    const error = await ecs.stopServiceDeployment(arn, signal).then(() => undefined, asAwsError);
    if (error === undefined || signal.aborted || error.kind === "credentials") return error;
    if (mayHaveBeenApplied(error)) lost ??= { error, atMs: clock.elapsed() };
    return lost !== undefined && await hasStopped(arn, ecs, signal) ? undefined : error;
  };
  const mayRetry = (error: AwsError | undefined) => {
    if (error === undefined || !isTransient(error)) return false;
    return lost === undefined || error.kind === "throttled" || clock.elapsed() - lost.atMs < ASK_FOR_MS;
  };
  const error = await retry(order, mayRetry, { ...context, ...PAUSES }, signal);
  const isAnswered = error === undefined || (isRefusal(error) && !signal.aborted);
  if (isAnswered) return error;
  throw lost === undefined ? error : asUnknownOrder(lost.error, UNSEEN);
}

/**
 * Stops the deployment under way, and follows how ECS goes back. Where ECS refuses, updates the service instead, to a
 * copy where tags have moved; returns the outcome where that ends early.
 */
export async function stopStep({ arn, to, otherwise, images }: StopDeployment, run: PlanExecution): StepRun {
  run.ordered = "unknown";
  const refusal = await stopDeployment(arn, run).catch((error) => noteRefused(error, run));
  if (refusal === undefined) {
    run.ordered = "yes";
    run.poll = run.followServiceDeployment(arn, "rollback");
    run.scaling.scheduleRestore();
    return undefined;
  }
  run.ordered = "no";
  const pins = images === undefined ? {} : await lookUpPins(images, run);
  if (pins === "gone") {
    const passing = await findOlderTarget(to, run);
    return { kind: "stalePlan", by: undefined, refusal: { error: refusal.failure, target: to, passing } };
  }
  const { emit } = run.context;
  emit({ kind: "notice", notice: { code: "updatesInsteadOfStopping", error: refusal.failure } });
  const isPinned = Object.keys(pins).length > 0;
  if (isPinned) {
    const copying = { kind: "registerCopy", of: to, pins } as const;
    emit({ kind: "stepStarted", step: copying });
    run.hasWritten = true;
    const ended = await registerStep(copying, run);
    if (ended !== undefined) return ended;
  }
  const update = isPinned ? { ...otherwise, taskDefinition: run.requireRegistered() } : otherwise;
  emit({ kind: "stepStarted", step: update });
  return await updateService(update, run);
}

/** The images that a copy must name by digest, because their tags have moved; or `gone`: tasks could not pull them. */
async function lookUpPins(
  { written, known, pin, isDeployed }: ImagesToPin,
  { context: { openChecker, signal } }: PlanExecution,
): Promise<Readonly<Record<string, string>> | "gone"> {
  const registry = openChecker?.();
  registry?.startLimit();
  const { today } = await readImages(written, { ...known, registry }, signal);
  const images = planImages(written, { ...known, today }, pin, isDeployed);
  return images.some(({ pinnedTo = "" }) => today.get(pinnedTo) === "missing") ? "gone" : pinsOf(images);
}

/** Finds an older deployment to roll back to where the target's image is gone; `undefined`: the record was not read. */
async function findOlderTarget(
  target: Revision,
  { before: service, plan, context: { ecs, openChecker, signal } }: PlanExecution,
): Promise<Revision | "none" | undefined> {
  const { value: past } = await new DeploymentRecord({ ref: plan.subject, ecs, signal }).read("most");
  const checker = openChecker?.();
  if (service === undefined || past === undefined || checker === undefined) return undefined;
  return await findPassing({ service, past, target, ran: undefined }, ecs, checker, signal) ?? "none";
}

/** Whether the deployment is seen to go back, or to have gone back. What cannot be read shows nothing. */
async function hasStopped(arn: string, ecs: EcsReader, signal: AbortSignal): Promise<boolean> {
  const deployment = await unlessFails(ecs.describeServiceDeployment(arn, signal));
  return deployment !== undefined && (isBeingRolledBack(deployment) || hasBeenRolledBack(deployment));
}
