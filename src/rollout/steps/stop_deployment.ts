import type { EcsReader } from "../../model/ports.ts";
import { hasGoneBack, isGoingBack } from "../../model/service_deployment.ts";
import { asAwsError, AwsError, mayHaveBeenApplied, unlessFails } from "../../errors.ts";
import { Pauses } from "../../host/retry.ts";
import type { StopDeployment } from "../plan/plan.ts";
import type { PlanRun, StepRun } from "../plan_run.ts";
import { asUnknown, noteRefused, pauseAfter } from "./find_ordered.ts";
import { updateService } from "./update_service.ts";

/** After a lost answer the order is given again for so long, every so often. */
const ASK_FOR_MS = 30_000;
const ASK_EVERY_MS = 2_000;
const FIRST_PAUSE_MS = 500;
const UNSEEN = { code: "notStopped" } as const;

/**
 * Tells ECS to stop a service deployment and to go back. The order may be given twice: AWS takes it also of a
 * deployment that goes back already. After a lost answer the deployment itself is asked first, for one that has gone
 * back meanwhile takes no order any more. Returns ECS's refusal, where it refuses: then nothing has been changed.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stop-service-deployment.html
 */
async function stopDeployment(arn: string, { context }: PlanRun): Promise<AwsError | undefined> {
  const { ecs, clock, signal } = context;
  const pauses = new Pauses(context, FIRST_PAUSE_MS);
  let lost: { readonly error: AwsError; readonly atMs: number } | undefined;
  while (true) {
    const error = await ecs.stopServiceDeployment(arn, signal).catch(asAwsError);
    if (!(error instanceof AwsError)) return undefined;
    if (signal.aborted) throw error;
    if (error.kind === "credentials") throw lost === undefined ? error : asUnknown(lost.error, UNSEEN);
    if (mayHaveBeenApplied(error)) lost ??= { error, atMs: clock.elapsed() };
    if (lost !== undefined && await hasStopped(arn, ecs, signal)) return undefined;
    if (isRefusal(error)) return error;
    if (lost === undefined) {
      await pauseAfter(error, pauses, signal);
      continue;
    }
    const isTimeUp = error.kind !== "throttled" && clock.elapsed() - lost.atMs >= ASK_FOR_MS;
    if (!isTimeUp && !signal.aborted) await clock.sleep(ASK_EVERY_MS, signal);
    if (isTimeUp || signal.aborted) throw asUnknown(lost.error, UNSEEN);
  }
}

/**
 * Stops the deployment under way, and follows its way back. Where ECS refuses, the service is updated instead: then the
 * outcome is returned where that update came too late.
 */
export async function* stopStep({ arn, otherwise }: StopDeployment, run: PlanRun): StepRun {
  run.ordered = "unknown";
  const refusal = await stopDeployment(arn, run).catch((error) => noteRefused(error, run));
  if (refusal === undefined) {
    run.ordered = "yes";
    run.follow = run.followServiceDeployment(arn, "rollback");
    run.scaling.scheduleRestore();
    return undefined;
  }
  run.ordered = "no";
  if (otherwise === undefined) return { kind: "stalePlan", by: undefined, refusal: refusal.message };
  run.hasUpdatedInstead = true;
  yield { kind: "notice", notice: { code: "updatesInsteadOfStopping", error: refusal.message } };
  yield { kind: "stepStarted", step: otherwise };
  return yield* updateService(otherwise, run);
}

/** What neither may have been applied nor will be: ECS has said no. */
function isRefusal(error: AwsError): boolean {
  return !mayHaveBeenApplied(error) && error.kind !== "throttled" && error.kind !== "unreachable";
}

/** Whether the deployment is seen to go back, or to have gone. What cannot be read shows nothing. */
async function hasStopped(arn: string, ecs: EcsReader, signal: AbortSignal): Promise<boolean> {
  const deployment = await unlessFails(ecs.describeServiceDeployment(arn, signal));
  return deployment !== undefined && (isGoingBack(deployment) || hasGoneBack(deployment));
}
