/** What a kind of step of a plan means to those who carry a plan out, follow or report it. */
interface Meaning {
  /** Whether ECS has an order once the step begins; `undefined`: that stays as it was. */
  readonly ordered: "no" | "yes" | "unknown" | undefined;
  /** Whether it changes something. Others only look, or restore what another step of the plan changes. */
  readonly changes: boolean;
  /** Whether it comes after the end of the deployment, however that ends. */
  readonly comesLast: boolean;
  /** Whether it is also done where another run has given the order already. */
  readonly follows: boolean;
}

/** The kinds of steps: a plan with one that is not here does not compile. */
export const STEP_KINDS = {
  register: { ordered: undefined, changes: true, comesLast: false, follows: false },
  registerCopy: { ordered: undefined, changes: true, comesLast: false, follows: false },
  suspendScaling: { ordered: undefined, changes: true, comesLast: false, follows: true },
  setCapacity: { ordered: undefined, changes: true, comesLast: false, follows: false },
  recordWaits: { ordered: undefined, changes: true, comesLast: false, follows: false },
  createService: { ordered: "unknown", changes: true, comesLast: false, follows: false },
  updateService: { ordered: "unknown", changes: true, comesLast: false, follows: false },
  stopDeployment: { ordered: "unknown", changes: true, comesLast: false, follows: false },
  tagService: { ordered: undefined, changes: true, comesLast: false, follows: true },
  awaitDeployment: { ordered: "yes", changes: false, comesLast: false, follows: true },
  restoreWaits: { ordered: undefined, changes: false, comesLast: true, follows: true },
  restoreScaling: { ordered: undefined, changes: false, comesLast: true, follows: true },
  // The deployment has ended by then.
  deregister: { ordered: "no", changes: true, comesLast: true, follows: true },
  bake: { ordered: undefined, changes: false, comesLast: true, follows: true },
} as const satisfies Readonly<Record<string, Meaning>>;

type StepKind = keyof typeof STEP_KINDS;

/** The kinds of steps after the end of the deployment. */
export type LastStepKind = {
  [Kind in StepKind]: (typeof STEP_KINDS)[Kind]["comesLast"] extends true ? Kind : never;
}[StepKind];

/** Whether the step orders ECS to deploy, or to stop a deployment. */
export function givesOrder({ kind }: { readonly kind: StepKind }): boolean {
  return STEP_KINDS[kind].ordered === "unknown";
}
