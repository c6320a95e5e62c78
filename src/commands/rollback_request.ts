import type { HowToRollBack } from "../rollout/plan/options.ts";
import type { Policy } from "../rollout/outcome.ts";

/** How rollbacks are carried out, of one service or of many. */
export interface RollbackRequest extends HowToRollBack {
  readonly parallel?: number | undefined;
  readonly onFailure?: Policy["onFailure"] | undefined;
  readonly logs?: number | undefined;
  readonly preflight: number | "off";
  readonly dryRun: boolean;
  readonly skipRefused: boolean;
  readonly output: "text" | "json";
  readonly reason?: string | undefined;
  /** For how many milliseconds the service is held afterwards. */
  readonly hold?: number | undefined;
  readonly ifDeployedWithin?: number | undefined;
  /** The file in which the plan is kept. */
  readonly planOut?: string | undefined;
  readonly givenTimeoutMs: number | undefined;
}
