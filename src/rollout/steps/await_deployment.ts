import { type LiveTask, primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import { followPrimary } from "../judge/assess.ts";
import type { OutcomeKind } from "../outcome.ts";
import { followDeployment, type Poll, type ProgressTracker, watch } from "../watch.ts";
import type { AwaitDeployment } from "../plan/plan.ts";
import type { PlanExecution, Resolved, StepRun } from "./plan_execution.ts";
import { CauseTracker } from "./cause_tracker.ts";
import { AwsError, unlessFails } from "../../errors.ts";
import {
  countFailures,
  type FailureEvidence,
  failureLimit,
  hasHealthyTask,
  haveOutlived,
  isFailing,
} from "../judge/assess_failures.ts";

/** Reading why it failed must not be cut short by the timeout that made it a failure. */
const LAST_CAUSES_WITHIN_MS = 1_500;

/** Waits for the end of the deployment that an earlier step has started, or that the plan follows. */
export async function awaitStep({ follows, taskDefinition }: Resolved<AwaitDeployment>, run: PlanExecution): StepRun {
  run.scaling.scheduleRestore();
  // A deployment that the plan names comes first: an update of attributes alone may be only a part of it.
  const isOurs = follows === undefined && run.poll !== undefined;
  const poll = isOurs ? run.poll : followExisting(follows, run);
  run.ordered = "yes";
  if (poll === undefined || run.progress === undefined) throw new Error("ECS named no deployment to follow");
  const target = (run.registered ?? taskDefinition).arn;
  const sinceMs = isOurs ? run.newestEventAtMs : beganAtMs(follows, run);
  const causes = new CauseTracker(run, target, isOurs ? run.after : run.before, sinceMs);
  const seen = await watchToTheEnd(poll, run.progress, causes, run);
  return await explain(seen, causes, run) ?? { kind: "interrupted", ordered: "yes" };
}

function followExisting(follows: AwaitDeployment["follows"], run: PlanExecution): Poll | undefined {
  if (follows?.kind === "serviceDeployment") return run.followServiceDeployment(follows.arn, follows.goal);
  const followed = run.before && followPrimary(run.before);
  return followed && followDeployment(run.plan.subject, followed, run.plan.until, run.context.ecs);
}

/** When the followed deployment began, by AWS's clock. Where ECS goes back, the PRIMARY one is not what has failed. */
function beganAtMs(follows: AwaitDeployment["follows"], { before, newestEventAtMs }: PlanExecution): number {
  const isBeingRolledBack = follows?.kind === "serviceDeployment" && follows.goal !== "success";
  const primary = before && primaryDeployment(before);
  return isBeingRolledBack || primary === undefined ? newestEventAtMs : primary.createdAtMs;
}

interface WatchResult {
  /** `undefined`: the time was up, or the user stopped it, before the deployment ended. */
  readonly end: OutcomeKind | undefined;
  readonly service: ServiceSnapshot | undefined;
}

/** Emits what changes, and why tasks stop. Throws an `AwsError` where waiting does not help. */
async function watchToTheEnd(
  poll: Poll,
  progress: ProgressTracker,
  causes: CauseTracker,
  run: PlanExecution,
): Promise<WatchResult> {
  let service: ServiceSnapshot | undefined;
  let unproven: number | undefined;
  let hasWarned = false;
  const { emit } = run.context;
  for await (const observation of watch(poll, run.context)) {
    if (observation === "missing") return { end: { kind: "gone", status: "MISSING" }, service };
    if (observation instanceof AwsError) {
      emit({ kind: "notice", notice: { code: "stillWatching", error: observation.failure } });
      continue;
    }
    const { phase, serviceDeployment } = observation;
    service = observation.service;
    const news = progress.next(service, serviceDeployment);
    if (news !== undefined) emit({ kind: "progress", progress: news });
    causes.remember(observation);
    unproven = phase.kind === "succeeded" ? await countUnprovenCrashes(causes.evidence, run) : undefined;
    if (phase.kind !== "progressing" && unproven === undefined) return { end: phase, service };
    if (unproven !== undefined && !hasWarned) {
      hasWarned = true;
      emit({ kind: "notice", notice: { code: "completedAmidCrashes", count: unproven } });
    }
    const hasChecked = await causes.check();
    const givenUp = hasChecked ? await giveUp(causes.evidence, service, run) : undefined;
    if (givenUp !== undefined) return { end: givenUp, service };
  }
  // ECS has called it completed, and there was no time left to see more.
  const isCompleted = unproven !== undefined && !run.context.stop.aborted;
  return { end: isCompleted ? { kind: "succeeded" } : undefined, service };
}

/** Emits what the user should know about the end, and returns it; `undefined` where the user stopped the watching. */
async function explain(
  { end, service }: WatchResult,
  causes: CauseTracker,
  run: PlanExecution,
): StepRun {
  const { clock, stop } = run.context;
  if (end?.kind === "succeeded") return explainSuccess(service, causes, run);
  if (stop.aborted) return end;
  if (end === undefined || end.kind === "failed" || end.kind === "rolledBackByEcs" || end.kind === "givenUp") {
    await causes.checkAtEnd(end?.kind === "givenUp" ? undefined : end?.reason, clock.deadline(LAST_CAUSES_WITHIN_MS));
    await causes.showLog();
  }
  // The user may have stopped it meanwhile.
  if (end !== undefined || stop.aborted) return end;
  return { kind: "timedOut", ordered: "yes", ...(causes.areTasksLooping && { isCrashLooping: true }) };
}

function explainSuccess(
  service: ServiceSnapshot | undefined,
  causes: CauseTracker,
  { context: { emit } }: PlanExecution,
): OutcomeKind {
  const count = causes.emittedTasks;
  if (count > 0) emit({ kind: "notice", notice: { code: "tasksCrashedOnTheWay", count } });
  const primary = service && primaryDeployment(service);
  const percent = service?.deploymentSettings.earlySuccessPercent;
  const isEarly = percent !== undefined && primary !== undefined && primary.runningCount < primary.desiredCount;
  if (isEarly) {
    const { runningCount, desiredCount } = primary;
    emit({ kind: "notice", notice: { code: "completedEarly", runningCount, desiredCount, percent } });
  }
  if (service?.desiredCount === 0) emit({ kind: "notice", notice: { code: "noTaskDesired" } });
  return { kind: "succeeded", ...(isEarly && { isEarly: true as const }) };
}

// With `--fail-after`, counted failures overrule what ECS itself says of the deployment.

/** The outcome of giving the deployment up; `undefined`: it goes on, also where it is unknown if a task is healthy. */
async function giveUp(
  evidence: FailureEvidence | undefined,
  { deploymentSettings }: ServiceSnapshot,
  run: PlanExecution,
): Promise<OutcomeKind | undefined> {
  const { failAfter } = run.plan;
  if (failAfter === undefined || evidence === undefined) return undefined;
  const failures = countFailures(evidence);
  const { deployment } = evidence;
  const limit = failureLimit(failAfter, deploymentSettings, deployment);
  if (!isFailing(failures, limit)) return undefined;
  // Only two more calls show which tasks are healthy: they are made once there are too many failures.
  const live = deployment.runningCount === 0 ? [] : await listLive(run);
  if (live === undefined || hasHealthyTask(live, deployment, failures, run.context.ecs.now())) return undefined;
  const { stopped, unstarted } = failures;
  return { kind: "givenUp", stopped, unstarted, limit };
}

/**
 * Counts the crashes that make a COMPLETED deployment doubtful, as ECS also calls it so between two crashes: until its
 * tasks have run for longer than those that crashed. `undefined`: none does.
 */
async function countUnprovenCrashes(
  evidence: FailureEvidence | undefined,
  run: PlanExecution,
): Promise<number | undefined> {
  if ((run.plan.failAfter ?? 0) === 0 || evidence === undefined) return undefined;
  const failures = countFailures(evidence);
  if (failures.crashed === 0) return undefined;
  const live = await listLive(run);
  const isProven = live === undefined || haveOutlived(live, evidence.deployment, failures, run.context.ecs.now());
  return isProven ? undefined : failures.crashed;
}

async function listLive({ plan, context: { ecs, signal } }: PlanExecution): Promise<readonly LiveTask[] | undefined> {
  return await unlessFails(ecs.listLiveTasks(plan.subject, signal));
}
