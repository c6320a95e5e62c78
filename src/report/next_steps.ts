import { type Cause, isOfPlatform } from "../diagnosis/cause.ts";
import type { Deployment, ServiceRef } from "../model/service.ts";
import { isCutShort, type Ordered } from "../model/outcome_kinds.ts";
import type { Outcome } from "../rollout/outcome.ts";
import type { Bake } from "../rollout/judge/judge_bake.ts";
import type { NewestRollout } from "../rollout/read/read_newest_rollout.ts";
import type { RolloutStage } from "../rollout/judge/rollout_stage.ts";
import { alarmsOff, mayBeKnownLater } from "./bake_text.ts";
import { byKind } from "./messages/cases.ts";
import { endsBeforeDeployment, isRolledBack, isRollingBack, outcomeOf } from "./ending.ts";
import { hasNoNewTask } from "./live_now.ts";
import { currentPlan, type RunState, type ServiceState } from "./state.ts";
import { type FailingDeployment, failingDeploymentOf, type Fallback, rollbackWouldFail } from "./failing_deployment.ts";

/** What to type next: a code with data. `step_text.ts` has its words and its command. */
export type NextStep = Readonly<
  | { kind: "rollBack"; ref: ServiceRef; fallback: Fallback | undefined; cause: Cause | undefined }
  /** Starts another deployment of the task definition of the PRIMARY one; needs no definition files. */
  | { kind: "retry"; ref: ServiceRef; primary: Deployment | undefined }
  /** Nothing ran before, so there is nothing to roll back to. */
  | { kind: "fixAndDeploy"; ref: ServiceRef }
  | { kind: "choose" | "look" | "watchEcs" | "explainTasks"; ref: ServiceRef }
  | { kind: "explainAlarms"; ref: ServiceRef; alarms: readonly string[] }
  | { kind: "answer"; serviceDeployment: string; hook: string; action: "CONTINUE" | "ROLLBACK" }
  /** Follows the deployment again, with the bake that was asked for. */
  | { kind: "follow"; ref: ServiceRef; bake?: Bake | undefined }
  /** `bake`: the one that could not say yet whether the rollback helped; left out if none was asked for. */
  | { kind: "judge"; ref: ServiceRef; bake?: Bake }
  | { kind: "goOnWithPlan"; planFile: NonNullable<RunState["planFile"]> }
>;

/** What to type next for a service, most urgent first. Leftovers come before all this. */
export function nextSteps(service: ServiceState): NextStep[] {
  const { detached, unfinished, check } = service;
  const outcome = outcomeOf(service);
  const after = outcome === undefined ? [] : stepsAfter(outcome, service);
  const watching = detached === undefined ? [] : [watch(detached, service)];
  if (!isRollingBack(service)) return [...watching, ...after];
  const isBack = isRolledBack(service) || check !== undefined;
  return [
    ...watching,
    ...(isBack ? [] : [watch(unfinished?.ordered ?? "no", service)]),
    ...after.filter(({ kind }) => kind === "explainTasks" || kind === "explainAlarms"),
  ];
}

/** What to type after the outcome of one plan, without leftovers, most urgent first. */
const stepsAfter = byKind<Outcome, NextStep[], [service: ServiceState]>({
  succeeded: (_, service) => endsBeforeDeployment(service) ? [follow(service)] : judge(service),
  unchanged: ({ because }, service) =>
    because?.code === "goesBackAlready" && because.state === "failed" ? look(service) : stepsAfterBake(service),
  submitted: ({ startsNone, leftTo }, service) =>
    startsNone || leftTo !== undefined ? look(service) : [follow(service)],
  stalePlan: (_, service) => look(service),
  copyIncomplete: (_, service) => look(service),
  cannotPin: (_, service) => look(service),
  givenUp: (outcome, service) => stepsAfterWatching({ ...outcome, ordered: "yes" }, service),
  superseded: (_, service) => look(service),
  gone: (_, service) => look(service),
  failed: stepsAfterFailure,
  rolledBackByEcs: stepsAfterFailure,
  timedOut: stepsAfterWatching,
  interrupted: stepsAfterWatching,
});

/** If the rollback did not help, the earlier release is no better: another release, or something else, is to blame. */
function stepsAfterBake({ bake, ref }: ServiceState): NextStep[] {
  const verdict = bake?.verdict;
  if (verdict?.kind === "didNotHelp") return [...explainAlarms(ref, alarmsOff(verdict)), { kind: "choose", ref }];
  return verdict !== undefined && mayBeKnownLater(verdict) ? [{ kind: "judge", ref, bake: bake!.step }] : [];
}

/** How the bake ended, or the command that starts one. */
function judge(service: ServiceState): NextStep[] {
  const { main, bake, ref, isDryRun, command } = service;
  if (bake !== undefined || bakeOf(service) !== undefined) return stepsAfterBake(service);
  const isOffered = command === "rollback" && !isDryRun && main?.plan.showsHealth === true;
  return isOffered ? [{ kind: "judge", ref }] : [];
}

/** The bake that was asked for. */
export function bakeOf({ main }: ServiceState): Bake | undefined {
  return main?.plan.steps.find((step) => step.kind === "bake");
}

function stepsAfterFailure(outcome: Outcome, service: ServiceState): NextStep[] {
  const isBeingRolledBack = outcome.kind === "rolledBackByEcs" && service.rollback === undefined &&
    (outcome.to === undefined || outcome.to.rolloutState === "IN_PROGRESS");
  return [
    ...alternatives(outcome, service),
    ...(isBeingRolledBack ? [{ kind: "watchEcs", ref: service.ref } as const] : []),
    ...explain(service),
  ];
}

/** Where to look for the reason of a failure: at alarms, or at stopped tasks if no cause is known. */
function explain({ ref, alarms, main }: ServiceState): NextStep[] {
  if (alarms.length > 0 || (main !== undefined && main.causes.length > 0)) return explainAlarms(ref, alarms);
  return [{ kind: "explainTasks", ref }];
}

function explainAlarms(ref: ServiceRef, alarms: readonly string[]): NextStep[] {
  return alarms.length === 0 ? [] : [{ kind: "explainAlarms", ref, alarms }];
}

function stepsAfterWatching(outcome: Outcome & { readonly ordered: Ordered }, service: ServiceState): NextStep[] {
  return [
    ...alternatives(outcome, service),
    ...answerHooks(service),
    ...(outcome.ordered === "no" ? [] : [watch(outcome.ordered, service)]),
  ];
}

/** The deployment waits until somebody answers these hooks. */
function answerHooks(service: ServiceState): NextStep[] {
  const { arn, awaitingHooks } = currentPlan(service)?.serviceDeployment ?? { awaitingHooks: [] };
  return arn === undefined
    ? []
    : awaitingHooks.map((hook) => ({ kind: "answer", serviceDeployment: arn, hook, action: "CONTINUE" }));
}

/**
 * What to do about a deployment that failed, or whose tasks kept stopping until the time was up. After a rollback, a
 * person has to choose a revision; a deploy that created the service has nothing to go back to; and if ECS has rolled a
 * deploy back, the service is back already.
 */
function alternatives(outcome: Outcome, service: ServiceState): NextStep[] {
  const { ref, main, rollback, command } = service;
  const [cause] = main?.causes ?? [];
  if (rollback !== undefined) return [];
  // No task starts, and waiting does not change that.
  const cannotStart = hasNoNewTask(service) && cause !== undefined && !isOfPlatform(cause);
  const isHopeless = outcome.kind === "failed" || outcome.kind === "givenUp" ||
    (outcome.kind === "timedOut" && outcome.ordered === "yes" && (outcome.isCrashLooping === true || cannotStart));
  const intent = main?.plan.intent ?? command;
  const failing = failingDeploymentOf(service);
  // Wait while ECS keeps trying; if it has stopped, start the same again.
  if (isHopeless && rollbackWouldFail(failing)) {
    return outcome.kind === "failed" ? [retry(failing)] : look(service);
  }
  if (intent === "rollback") {
    if (isHopeless && failing.fallback?.isLive) return [goBack(failing), { kind: "choose", ref }];
    return isHopeless || outcome.kind === "rolledBackByEcs" ? [{ kind: "choose", ref }] : [];
  }
  return isHopeless && (intent === "wait" || main?.plan.from !== undefined) ? [goBack(failing)] : [];
}

export function retry({ ref, primary }: FailingDeployment): NextStep {
  return { kind: "retry", ref, primary };
}

/** To what is live, or ran before; if neither is known, to the previous deployment on ECS's record. */
function goBack({ ref, fallback, cause }: FailingDeployment): NextStep {
  return { kind: "rollBack", ref, fallback, cause };
}

/** How to see what becomes of an order. */
export function watch(ordered: Ordered, service: ServiceState): NextStep {
  return ordered === "yes" ? follow(service) : { kind: "look", ref: service.ref };
}

function follow(service: ServiceState): NextStep {
  return { kind: "follow", ref: service.ref, bake: service.rollback === undefined ? bakeOf(service) : undefined };
}

function look({ ref }: ServiceState): NextStep[] {
  return [{ kind: "look", ref }];
}

/** Goes on with the plan file, if ECS got no order. */
export function goOnWithPlan(service: ServiceState, { planFile }: RunState): NextStep[] {
  const outcome = outcomeOf(service);
  // The run ended before it gave the order.
  const isLeftUnordered = outcome !== undefined && isCutShort(outcome) && outcome.ordered === "no";
  return planFile === undefined || !isLeftUnordered ? [] : [{ kind: "goOnWithPlan", planFile }];
}

/** What to type about a service's newest deployment, which no run watches. A hook that waits has commands of its own. */
export function stepsOfRollout({ stage, failedTasks, record }: NewestRollout, failing: FailingDeployment): NextStep[] {
  const { ref, cause } = failing;
  if (record !== undefined && record.awaitingHooks.length > 0) return [];
  const wouldFailAgain = rollbackWouldFail(failing);
  const isBad = cause === undefined ? failedTasks > 0 : !wouldFailAgain;
  const back: NextStep = record?.sourceRevisionArns.length === 0 ? { kind: "fixAndDeploy", ref } : goBack(failing);
  const steps: Readonly<Record<RolloutStage, readonly NextStep[]>> = {
    underWay: [isBad ? back : { kind: "follow", ref }],
    short: isBad ? [back] : [],
    failed: [wouldFailAgain ? retry(failing) : back],
    goingBack: [{ kind: "follow", ref }],
    wentBack: [],
  };
  return [...steps[stage]];
}
