import type { BeforeRollback, HowToRollBack, RestorePolicy } from "../../rollout/plan/options.ts";
import type { LeftChoice, RevisionChoice } from "../../rollout/read/revision_choice.ts";
import type { PolicyOptions } from "./policy.ts";

/** How rollbacks are carried out, of one service or of many. */
export interface RollbackRequest extends HowToRollBack, PolicyOptions {
  readonly restore: RestorePolicy;
  readonly preflight: number | "off";
  readonly ifDeployedWithin?: number | undefined;
  readonly hold?: number | undefined;
  readonly reason?: string | undefined;
  readonly skipRefused: boolean;
  readonly dryRun: boolean;
  readonly output: "text" | "json";
  /** Where the plan is written. */
  readonly planOut?: string | undefined;
}

/** Where it goes, and what it leaves. */
export interface RollbackTarget {
  readonly choice: RevisionChoice;
  readonly from?: LeftChoice | undefined;
  /** It is one of many, and stays where it is if it was rolled back already. */
  readonly staysBack?: boolean | undefined;
  /** What a plan file says of it. */
  readonly before?: BeforeRollback | undefined;
}
