import { asAwsError, AwsError } from "../../errors.ts";
import { countFailures, type FailureEvidence, haveOutlived } from "../assess_failures.ts";
import type { PlanRun } from "../plan_run.ts";
import type { Follow } from "../watch.ts";

/**
 * ECS calls a deployment COMPLETED between two crashes of its tasks, too. Where failures are counted, such a success counts
 * once its tasks have run longer than those that crashed on the way.
 */
export class SuccessProof {
  #heldFor: number | undefined;

  constructor(private readonly run: PlanRun, private readonly evidence: () => FailureEvidence | undefined) {}

  /** How many tasks have crashed of the deployment that ECS calls completed; `undefined`: it does not, or it has proved itself. */
  get heldFor(): number | undefined {
    return this.#heldFor;
  }

  /** Follows as `follow` does, and takes a success that is still to be proved for progress. */
  follow(follow: Follow): Follow {
    if ((this.run.plan.failAfter ?? 0) === 0) return follow;
    return async (signal) => {
      const look = await follow(signal);
      this.#heldFor = look?.phase.kind === "succeeded" ? await this.#findCrashed(signal) : undefined;
      return look === undefined || this.#heldFor === undefined ? look : { ...look, phase: { kind: "progressing" } };
    };
  }

  async #findCrashed(signal: AbortSignal): Promise<number | undefined> {
    const evidence = this.evidence();
    const failures = evidence && countFailures(evidence);
    if (failures === undefined || failures.crashed === 0) return undefined;
    const { plan: { subject }, context: { ecs } } = this.run;
    const live = await ecs.listLiveTasks(subject, signal).catch(asAwsError);
    if (live instanceof AwsError) return undefined;
    return haveOutlived(live, evidence!.deployment, failures, ecs.now()) ? undefined : failures.crashed;
  }
}
