import type { FailureData } from "../errors.ts";
import type { StopSignal } from "../host.ts";
import { type Revision, shortName } from "../model/arn.ts";
import { hasEnded } from "../model/service_deployment.ts";
import type { NotBegunBecause, RollbackCheck } from "../rollout/events.ts";
import { endsWell } from "../model/outcome_kinds.ts";
import type { Outcome, OutcomeKind } from "../rollout/outcome.ts";
import { type Ending, exitCodeOfEnding } from "./exit_code.ts";
import type { Plan } from "../rollout/plan/plan.ts";
import type { PlanState, RunState, ServiceState } from "./state.ts";

/** How a run ended, or how it ended for one service, in one word for programs. `planned`: at the end of a dry run. */
export type OutcomeName = OutcomeKind["kind"] | "planned" | "refused" | "notBegun" | "undone" | "notUndone" | "error";

/** Worst first, as `WORST_FIRST`. A service that is undone is the effect of another one's end, which comes first. */
const WORST_NAMES_FIRST: readonly OutcomeName[] = [
  ...["interrupted", "failed", "givenUp", "rolledBackByEcs", "superseded", "gone", "timedOut", "error"] as const,
  ...["copyIncomplete", "refused", "stalePlan", "cannotPin", "notBegun", "notUndone", "undone"] as const,
  ...["succeeded", "submitted", "unchanged", "planned"] as const,
];

/**
 * How the run ended, for all printers; `undefined` while it goes on. What ended the run as a whole says so: a stop
 * signal, the time limit, an error. Otherwise, it is how the service that ended worst did.
 */
export function nameOutcomeOfRun(state: RunState): OutcomeName | undefined {
  if (state.exitCode === undefined) return undefined;
  const names = new Set(state.services.map((service) => nameOutcome(state, service)));
  return nameEndOfAll(state) ?? WORST_NAMES_FIRST.find((name) => names.has(name)) ?? "error";
}

/** How the run ended for a service. */
export function nameOutcome(state: RunState, service: ServiceState): OutcomeName {
  const end = endOfService(service, state.signal);
  if (end !== undefined) return end.name;
  const isPlanned = endOf(state) === "ok" || (state.all !== undefined && service.main !== undefined);
  if (service.isDryRun && isPlanned) return "planned";
  return nameEndOfAll(state) ?? (state.signal === undefined ? "error" : "interrupted");
}

/** What ended the run as a whole; `undefined` if nothing did. */
function nameEndOfAll(state: RunState): OutcomeName | undefined {
  const ending = endOf(state);
  if (ending === "stopped") return "interrupted";
  if (ending === "timedOut") return "timedOut";
  return state.failure && nameFailure(state.failure);
}

function nameFailure({ kind }: FailureData): OutcomeName {
  return kind === "refused" ? "refused" : "error";
}

/** The outcome of the command's own plan, even if a deploy was rolled back afterwards. */
export function outcomeOf({ main, alreadyEnded }: ServiceState): Outcome | undefined {
  return main?.outcome ?? (alreadyEnded && { ...alreadyEnded.outcome, leftovers: [] });
}

/** Whether the run waited only until traffic was shifted, and the deployment is still under way. */
export function endsBeforeDeployment({ main }: ServiceState): boolean {
  const deployment = main?.serviceDeployment;
  return main?.plan.until === "traffic-shifted" && deployment !== undefined && !hasEnded(deployment);
}

/** Whether the run decided to roll back a deploy that failed. */
export function isRollingBack({ decision }: ServiceState): boolean {
  return decision !== undefined && decision.unless === undefined;
}

/** Whether an automatic rollback or undo succeeded; `undefined` if there was none. */
export function isRolledBack({ rollback, check }: ServiceState): boolean | undefined {
  if (rollback === undefined) return undefined;
  if (check !== undefined && !isWhole(check)) return false;
  // With --no-wait, an order that ECS has accepted is enough.
  return rollback.outcome !== undefined && endsWell(rollback.outcome);
}

/** Whether all that the deploy had changed is as it was before. */
export function isWhole({ unrestored, unknown }: Pick<RollbackCheck, "unrestored" | "unknown">): boolean {
  return unrestored.length === 0 && unknown.length === 0;
}

/** The revision that the service ran before; `undefined` if there was no service, and for `wait`. */
export function ranBefore({ intent, from }: Plan): Revision | undefined {
  return intent === "wait" ? undefined : from;
}

/** The revision that the service is to get: the plan's, or the one that was registered for it. */
export function targetOf({ plan, registered }: PlanState): Revision | undefined {
  return plan.to ?? registered;
}

/** `myservice:5`: the target of the plan that is carried out. */
export function nameOfTarget({ main, rollback }: Pick<ServiceState, "main" | "rollback">): string | undefined {
  const planned = rollback ?? main;
  const target = planned && targetOf(planned);
  return target && shortName(target);
}

/** Worst first. `stopped` leads, so that a script which sent a stop signal sees that it had an effect. */
const WORST_FIRST: readonly Ending[] = [
  ...["stopped", "deploymentFailed", "timedOut", "aws", "didNotHelp", "incomplete", "refused"] as const,
  ...["usage", "config", "unforeseen", "differences"] as const,
];

/** The worst of several endings. */
export function worstOf(endings: readonly Ending[]): Ending {
  return WORST_FIRST.find((ending) => endings.includes(ending)) ?? "ok";
}

/** How a run has ended so far: its exit code, the level of its last lines and its summary follow from this. */
export function endOf(state: RunState): Ending {
  const { services, all, signal, failure, stoppedEarly, stoppedAtOnceBy } = state;
  if (stoppedAtOnceBy !== undefined) return "stopped";
  if (failure !== undefined) return endOfFailure(failure);
  if (stoppedEarly !== undefined) return stoppedEarly.by === "signal" ? "stopped" : "timedOut";
  const skips = all?.skipsRefused === true && services.some(({ main }) => main !== undefined);
  const endings = services.map((service) =>
    skips && isUnread(service) ? "refused" : endOfService(service, signal)?.ending ?? "ok"
  );
  const worst = worstOf(endings);
  // If one service is refused, another may have been changed all the same.
  return worst === "refused" && endings.some((ending) => ending !== worst) ? "incomplete" : worst;
}

/** The exit code of a run that has ended this way. */
export function exitCodeOfRun(state: RunState, ending = endOf(state)): number {
  return exitCodeOfEnding(ending, state.stoppedAtOnceBy ?? state.signal);
}

/** Whether a service that was to be changed has no plan, because AWS gave no usable answer about it. */
export function isUnread({ failure, main, command }: ServiceState): boolean {
  return failure !== undefined && main === undefined && command !== "wait";
}

/** How a run ends because of an error. */
export function endOfFailure(failure: FailureData): Ending {
  return failure.kind === "config" && failure.isOfMachine ? "unforeseen" : failure.kind;
}

/** How a service ended by itself, in one word and for the exit code. */
interface End {
  readonly name: OutcomeName;
  readonly ending: Ending;
}

const REFUSED: End = { name: "refused", ending: "refused" };
const INTERRUPTED: End = { name: "interrupted", ending: "stopped" };

/** `undefined`: nothing has ended it but the end of the run. */
function endOfService(service: ServiceState, signal: StopSignal | undefined): End | undefined {
  const { failure, refusal, isConfirmed, notBegun } = service;
  const outcome = outcomeOf(service);
  if (failure !== undefined) return { name: nameFailure(failure), ending: endOfFailure(failure) };
  if (!isConfirmed) return signal === undefined ? REFUSED : INTERRUPTED;
  if (outcome !== undefined) {
    return { name: nameOfPlans(outcome, service), ending: endOfPlans(outcome, service, signal) };
  }
  if (notBegun !== undefined) return { name: "notBegun", ending: NOT_BEGUN[notBegun] };
  return refusal && REFUSED;
}

function nameOfPlans(outcome: Outcome, service: ServiceState): OutcomeName {
  if (service.undo === undefined || !endsWell(outcome)) return outcome.kind;
  return isRolledBack(service) ? "undone" : "notUndone";
}

function endOfPlans(outcome: Outcome, service: ServiceState, signal: StopSignal | undefined): Ending {
  const { unfinished, rollback, bake } = service;
  if (unfinished?.isInterrupted && signal !== undefined) return "stopped";
  // This includes deploys that timed out: after the rollback, nothing of them is under way.
  if (unfinished !== undefined || rollback !== undefined) return "deploymentFailed";
  if (signal !== undefined && isBakingStopped(service)) return "stopped";
  if (bake?.verdict?.kind === "didNotHelp") return "didNotHelp";
  return endOfOutcome(outcome);
}

/** How a run ends because of a plan's outcome. */
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

/** The service that was refused, or has failed, has its own ending. */
const NOT_BEGUN: Readonly<Record<NotBegunBecause, Ending>> = {
  otherFailed: "refused",
  otherRefused: "refused",
  stopSignal: "stopped",
  timeLimit: "timedOut",
};

/** Whether a stop signal ended the bake before there was a verdict. */
function isBakingStopped({ bake }: ServiceState): boolean {
  return bake?.verdict?.findings.some((finding) => finding.code === "unseen" && finding.unseen.of === "rest") === true;
}
