/** Whether ECS has taken an order and goes on with it, where the program ends first. */
export type Ordered = "no" | "yes" | "unknown";

/**
 * What a kind of outcome means for its plan. `well`: it ended as intended. `failed`: its own deployment failed, or was
 * given up. `cutShort`: the run ended first. `prevented`: no deployment of its own was possible, or no longer is.
 */
const OUTCOME_KINDS = {
  succeeded: "well",
  unchanged: "well",
  submitted: "well",
  failed: "failed",
  rolledBackByEcs: "failed",
  givenUp: "failed",
  timedOut: "cutShort",
  interrupted: "cutShort",
  stalePlan: "prevented",
  copyIncomplete: "prevented",
  cannotPin: "prevented",
  superseded: "prevented",
  gone: "prevented",
} as const satisfies Readonly<Record<string, "well" | "failed" | "cutShort" | "prevented">>;

/** An outcome with a kind that is not here does not compile. */
interface AnyOutcome {
  readonly kind: keyof typeof OUTCOME_KINDS;
  readonly ordered?: Ordered;
}

/** Whether a plan ended as intended. */
export function endsWell({ kind }: AnyOutcome): boolean {
  return OUTCOME_KINDS[kind] === "well";
}

/** Whether the plan's own deployment failed, or was given up. */
export function hasFailed({ kind }: AnyOutcome): boolean {
  return OUTCOME_KINDS[kind] === "failed";
}

/** Whether the run ended before the plan did. */
export function isCutShort<Outcome extends AnyOutcome>(
  outcome: Outcome,
): outcome is Extract<Outcome, { kind: "timedOut" | "interrupted" }> {
  return OUTCOME_KINDS[outcome.kind] === "cutShort";
}

/** Whether ECS goes on after this outcome. */
export function orderedOf(outcome: AnyOutcome): Ordered {
  if (outcome.kind === "givenUp") return "yes";
  return outcome.ordered ?? "no";
}

/** Whether the plan changed what its service runs, or may have. */
export function mayHaveChanged(outcome: AnyOutcome): boolean {
  if (endsWell(outcome)) return outcome.kind !== "unchanged";
  return hasFailed(outcome) || orderedOf(outcome) !== "no";
}
