import type { HowToRollBack, PlanFileRollback, RestorePolicy } from "../rollout/plan/options.ts";
import type { LeftChoice, RevisionChoice } from "../rollout/read/revision_choice.ts";
import type { PolicyOptions } from "./policy.ts";

/** How to roll back one service or many. */
export interface RollbackRequest extends HowToRollBack, PolicyOptions {
  readonly restore: RestorePolicy;
  readonly preflight: number | "off";
  readonly ifDeployedWithin?: number | undefined;
  readonly hold?: number | undefined;
  readonly reason?: string | undefined;
  readonly skipRefused: boolean;
  readonly dryRun: boolean;
  readonly output: "text" | "json";
  /** The path to write the plan to. */
  readonly planOut?: string | undefined;
}

/** Where a rollback goes, and what it leaves. */
export interface RollbackTarget {
  readonly choice: RevisionChoice;
  readonly from?: LeftChoice | undefined;
  /** The service is one of many, and stays if it was rolled back already. */
  readonly staysBack?: boolean | undefined;
  /** What a plan file says about the service. */
  readonly before?: PlanFileRollback | undefined;
}
