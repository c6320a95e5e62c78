import type { BeforeRollback, CarriedOptions } from "../../rollout/plan/options.ts";
import type { Policy } from "../../rollout/outcome.ts";
import type { PlanFileProblem } from "../../problems.ts";
import type { NamesInFile } from "../pick_services.ts";
import type { ServiceWish } from "../service_wish.ts";

/** What tells a plan file from other JSON; docs/plan.schema.json describes the rest. */
export const PLAN_FORMAT = "ecspresso rollback plan";
export const PLAN_VERSION = 1;

/** How the rollbacks of a plan are carried out. */
export interface PlannedHow {
  readonly carried: CarriedOptions;
  readonly policy: Partial<Policy>;
}

/** A plan file, read and checked. */
export interface PlanFile extends PlannedHow {
  readonly path: string;
  readonly madeAtMs: number;
  readonly services: readonly FiledService[];
}

/** One service of a plan file. */
export interface FiledService extends BeforeRollback {
  readonly wish: ServiceWish;
  /** The names that the plan was made for, and the account. */
  readonly names: FiledNames;
  /** The ARN of the deployment to go back to, where the number would mean another one of the revision. */
  readonly serviceDeployment: string | undefined;
  /** Throws a ConfigError with the place of a key's value. */
  readonly fail: (key: string, problem: PlanFileProblem) => never;
}

export type FiledNames = Readonly<Record<keyof NamesInFile, string>>;
