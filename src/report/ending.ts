import type { StopSignal } from "../host.ts";
import { type Revision, shortName } from "../model/arn.ts";
import { hasEnded } from "../model/service_deployment.ts";
import type { NotBegunBecause, RollbackCheck } from "../rollout/events.ts";
import type { Leftover, Outcome, OutcomeKind } from "../rollout/outcome.ts";
import { EXIT, exitCodeOfSignal } from "./exit_code.ts";
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
  const isPlanned = state.exitCode === 0 || (state.all !== undefined && service?.main !== undefined);
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

/** The exit code for what ECS did. `signal` is the one that interrupted, where one did. */
export function exitCodeOfOutcome(
  { kind, leftovers }: { readonly kind: OutcomeKind["kind"]; readonly leftovers: readonly Leftover[] },
  signal: StopSignal | undefined,
): number {
  if (kind === "interrupted") return exitCodeOfSignal(signal ?? "SIGINT");
  const code = OUTCOMES[kind];
  return code === EXIT.ok && leftovers.length > 0 ? EXIT.incomplete : code;
}

const OUTCOMES: Readonly<Record<Exclude<OutcomeKind["kind"], "interrupted">, number>> = {
  ...{ succeeded: EXIT.ok, unchanged: EXIT.ok, submitted: EXIT.ok },
  stalePlan: EXIT.refused,
  copyIncomplete: EXIT.aws,
  cannotPin: EXIT.refused,
  failed: EXIT.deploymentFailed,
  rolledBackByEcs: EXIT.deploymentFailed,
  givenUp: EXIT.deploymentFailed,
  superseded: EXIT.deploymentFailed,
  gone: EXIT.deploymentFailed,
  timedOut: EXIT.timedOut,
};

/** What a service's end may be besides a stop signal, gravest first. */
const GRAVEST_FIRST = [
  ...[EXIT.deploymentFailed, EXIT.timedOut, EXIT.aws, EXIT.didNotHelp, EXIT.incomplete, EXIT.refused],
];

/** The exit code of a run so far, the gravest of its services': for none that has failed, `EXIT.ok`. */
export function exitCodeOfRun(state: RunState): number {
  const { services, all, signal } = state;
  const skips = all?.skipsRefused === true && services.some(({ main }) => main !== undefined);
  const codes = services.map((service) =>
    skips && isUnread(service) ? EXIT.refused : exitCodeOfService(service, signal)
  );
  const gravest = gravestOf(codes);
  // That one is refused does not say that nothing was changed of another.
  return gravest === EXIT.refused && codes.some((code) => code !== gravest) ? EXIT.incomplete : gravest;
}

/** Whether AWS has said nothing, or nothing sound, of a service that was to be changed: nothing was planned for it. */
export function isUnread({ failure, main, command }: ServiceState): boolean {
  return failure !== undefined && main === undefined && command !== "wait";
}

/** The exit code of several together. */
export function gravestOf(codes: readonly number[]): number {
  return codes.find((code) => code > 128) ?? GRAVEST_FIRST.find((code) => codes.includes(code)) ??
    codes.find((code) => code !== EXIT.ok) ?? EXIT.ok;
}

function exitCodeOfService(service: ServiceState, signal: StopSignal | undefined): number {
  const { failure, refusal, isConfirmed, unfinished, rollback, notBegun } = service;
  const outcome = outcomeOf(service);
  if (failure !== undefined) return failure.exitCode;
  if (!isConfirmed) return signal === undefined ? EXIT.refused : exitCodeOfSignal(signal);
  if (unfinished?.isInterrupted && signal !== undefined) return exitCodeOfSignal(signal);
  // Also of a deploy that timed out: nothing of it is under way any more.
  if (unfinished !== undefined || rollback !== undefined) return EXIT.deploymentFailed;
  if (signal !== undefined && isBakingStopped(service)) return exitCodeOfSignal(signal);
  if (service.bake?.verdict?.kind === "didNotHelp") return EXIT.didNotHelp;
  if (outcome !== undefined) return exitCodeOfOutcome(outcome, signal);
  if (notBegun !== undefined) return exitCodeOfNotBegun(notBegun, signal);
  return refusal === undefined ? EXIT.ok : EXIT.refused;
}

/** Whether a stop signal has ended it before anybody could say whether the rollback has helped. */
function isBakingStopped({ bake }: ServiceState): boolean {
  return bake?.verdict?.findings.some((finding) => finding.code === "unseen" && finding.unseen.of === "rest") === true;
}

function exitCodeOfNotBegun(because: NotBegunBecause, signal: StopSignal | undefined): number {
  if (because === "stopSignal") return exitCodeOfSignal(signal ?? "SIGINT");
  if (because === "timeLimit") return EXIT.timedOut;
  // What was refused, or has failed, has its own.
  return EXIT.refused;
}
