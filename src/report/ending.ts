import type { FailureData } from "../errors.ts";
import type { StopSignal } from "../host.ts";
import { type Revision, shortName } from "../model/arn.ts";
import { hasEnded } from "../model/service_deployment.ts";
import type { NotBegunBecause, RollbackCheck } from "../rollout/events.ts";
import type { Outcome, OutcomeKind } from "../rollout/outcome.ts";
import { type Ending, exitCodeOfEnding } from "./exit_code.ts";
import type { Plan } from "../rollout/plan/plan.ts";
import type { PlanState, RunState, ServiceState } from "./state.ts";

/** How a service's part in a run has ended, in one word. `planned`: a dry run to its end. */
export type ServiceEnding = OutcomeKind["kind"] | "planned" | "refused" | "notBegun" | "undone" | "notUndone" | "error";

/** `undefined` while the run goes on. */
export function endingOf(state: RunState, service: ServiceState | undefined): ServiceEnding | undefined {
  if (state.exitCode === undefined) return undefined;
  const outcome = service && outcomeOf(service);
  if (outcome !== undefined) {
    const isOfOther = service?.undo !== undefined && endsWell(outcome);
    return isOfOther ? isRolledBack(service) ? "undone" : "notUndone" : outcome.kind;
  }
  if (service?.refusal !== undefined) return "refused";
  if (service?.notBegun !== undefined) return "notBegun";
  const isPlanned = endOf(state) === "ok" || (state.all !== undefined && service?.main !== undefined);
  if (service?.isDryRun && isPlanned) return "planned";
  if (state.stoppedEarly !== undefined) return state.stoppedEarly.by === "signal" ? "interrupted" : "timedOut";
  const hasFailed = state.failure !== undefined || service?.failure !== undefined;
  return state.signal !== undefined && !hasFailed ? "interrupted" : "error";
}

/** What ECS did, as far as it was seen; of a deploy also where it was rolled back. */
export function outcomeOf({ main, alreadyEnded }: ServiceState): Outcome | undefined {
  return main?.outcome ?? (alreadyEnded && { ...alreadyEnded.outcome, leftovers: [] });
}

/** Whether a plan has ended as it was to end. */
export function endsWell({ kind }: OutcomeKind): boolean {
  return kind === "succeeded" || kind === "unchanged" || kind === "submitted";
}

/** Whether only the shift of its traffic was waited for, and the deployment goes on. */
export function endsBeforeDeployment({ main }: ServiceState): boolean {
  const deployment = main?.serviceDeployment;
  return main?.plan.until === "traffic-shifted" && deployment !== undefined && !hasEnded(deployment);
}

/** Whether it was tried to roll a deploy back that had failed. */
export function isRollingBack({ decision }: ServiceState): boolean {
  return decision !== undefined && decision.unless === undefined;
}

/** Whether a deploy that failed was rolled back; `undefined` where that was not tried. */
export function isRolledBack({ rollback, check }: ServiceState): boolean | undefined {
  if (rollback === undefined) return undefined;
  if (check !== undefined && !isWhole(check)) return false;
  // A rollback that does not wait has nothing to wait for.
  return rollback.outcome !== undefined && endsWell(rollback.outcome);
}

/** All that the deploy had changed is as it was before. */
export function isWhole({ unrestored, unknown }: Pick<RollbackCheck, "unrestored" | "unknown">): boolean {
  return unrestored.length === 0 && unknown.length === 0;
}

/** What the service ran before; `undefined` where there was no service, and for `wait`, which comes after the change. */
export function ranBefore({ intent, from }: Plan): Revision | undefined {
  return intent === "wait" ? undefined : from;
}

/** What the service was to get: the named task definition, or the one that was registered for it. */
export function targetOf({ plan, registered }: PlanState): Revision | undefined {
  return plan.to ?? registered;
}

/** `myservice:5`: what is being deployed, or gone back to. */
export function nameOfTarget({ main, rollback }: Pick<ServiceState, "main" | "rollback">): string | undefined {
  const planned = rollback ?? main;
  const target = planned && targetOf(planned);
  return target && shortName(target);
}

/** Gravest first; a script that sends a stop signal has to see that it was the end. */
const GRAVEST_FIRST: readonly Ending[] = [
  ...["stopped", "deploymentFailed", "timedOut", "aws", "didNotHelp", "incomplete", "refused"] as const,
  ...["usage", "config", "unforeseen", "differences"] as const,
];

/** The gravest of several endings. */
export function gravestOf(endings: readonly Ending[]): Ending {
  return GRAVEST_FIRST.find((ending) => endings.includes(ending)) ?? "ok";
}

/** How a run ends, as it stands: what its last lines are like, what a summary says, and its exit code follow from it. */
export function endOf(state: RunState): Ending {
  const { services, all, signal, failure, stoppedEarly, stoppedAtOnceBy } = state;
  if (stoppedAtOnceBy !== undefined) return "stopped";
  if (failure !== undefined) return endOfFailure(failure);
  if (stoppedEarly !== undefined) return stoppedEarly.by === "signal" ? "stopped" : "timedOut";
  const skips = all?.skipsRefused === true && services.some(({ main }) => main !== undefined);
  const endings = services.map((service) => skips && isUnread(service) ? "refused" : endOfService(service, signal));
  const gravest = gravestOf(endings);
  // That one is refused does not say that nothing was changed of another.
  return gravest === "refused" && endings.some((ending) => ending !== gravest) ? "incomplete" : gravest;
}

/** The exit code of a run, as it stands. */
export function exitCodeOfRun(state: RunState): number {
  return exitCodeOfEnding(endOf(state), state.stoppedAtOnceBy ?? state.signal);
}

/** Whether AWS has said nothing, or nothing sound, of a service that was to be changed: nothing was planned for it. */
export function isUnread({ failure, main, command }: ServiceState): boolean {
  return failure !== undefined && main === undefined && command !== "wait";
}

/** How what an error is the end of has ended. */
export function endOfFailure(failure: FailureData): Ending {
  return failure.kind === "config" && failure.isOfMachine ? "unforeseen" : failure.kind;
}

function endOfService(service: ServiceState, signal: StopSignal | undefined): Ending {
  const { failure, refusal, isConfirmed, unfinished, rollback, notBegun, bake } = service;
  const outcome = outcomeOf(service);
  if (failure !== undefined) return endOfFailure(failure);
  if (!isConfirmed) return signal === undefined ? "refused" : "stopped";
  if (unfinished?.isInterrupted && signal !== undefined) return "stopped";
  // Also of a deploy that timed out: nothing of it is under way any more.
  if (unfinished !== undefined || rollback !== undefined) return "deploymentFailed";
  if (signal !== undefined && isBakingStopped(service)) return "stopped";
  if (bake?.verdict?.kind === "didNotHelp") return "didNotHelp";
  if (outcome !== undefined) return endOfOutcome(outcome);
  if (notBegun !== undefined) return NOT_BEGUN[notBegun];
  return refusal === undefined ? "ok" : "refused";
}

/** How a plan has ended, by what ECS did. */
export function endOfOutcome({ kind, leftovers }: Pick<Outcome, "kind" | "leftovers">): Ending {
  const ending = OUTCOMES[kind];
  return ending === "ok" && leftovers.length > 0 ? "incomplete" : ending;
}

const OUTCOMES: Readonly<Record<OutcomeKind["kind"], Ending>> = {
  ...{ succeeded: "ok", unchanged: "ok", submitted: "ok" },
  stalePlan: "refused",
  copyIncomplete: "aws",
  cannotPin: "refused",
  failed: "deploymentFailed",
  rolledBackByEcs: "deploymentFailed",
  givenUp: "deploymentFailed",
  superseded: "deploymentFailed",
  gone: "deploymentFailed",
  timedOut: "timedOut",
  interrupted: "stopped",
};

/** What was refused, or has failed, has its own. */
const NOT_BEGUN: Readonly<Record<NotBegunBecause, Ending>> = {
  otherFailed: "refused",
  otherRefused: "refused",
  stopSignal: "stopped",
  timeLimit: "timedOut",
};

/** Whether a stop signal has ended it before anybody could say whether the rollback has helped. */
function isBakingStopped({ bake }: ServiceState): boolean {
  return bake?.verdict?.findings.some((finding) => finding.code === "unseen" && finding.unseen.of === "rest") === true;
}
