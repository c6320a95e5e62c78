import type { OutcomeKind } from "./outcome.ts";

/** How the plans of many services are carried out. */
export interface Policy {
  /** So many services at a time. */
  readonly parallel: number;
  /**
   * What follows where a service fails. `continue`: the others go on. `stop`: no more are begun. `undo`: no more are begun,
   * and those that this run has changed go back to where they were.
   */
  readonly onFailure: "continue" | "stop" | "undo";
}

/**
 * Whether the end of one service's plan speaks against going on with the others: its deployment has failed, or AWS did not
 * let it be carried out. What somebody does to one service says nothing of a release: another deployment, the service's
 * deletion. Nor does what ends the whole run, a stop signal or the time limit, unless tasks keep failing until then.
 *
 * @param outcome `undefined`: an error of AWS's was the end
 */
export function speaksAgainstAll(outcome: OutcomeKind | undefined): boolean {
  switch (outcome?.kind) {
    case undefined:
    case "failed":
    case "rolledBackByEcs":
    case "givenUp":
    case "copyIncomplete":
    case "cannotPin":
      return true;
    case "timedOut":
      return outcome.isCrashLooping === true;
    case "stalePlan":
      // That ECS does not stop the deployment under way is no doing of somebody's.
      return outcome.refusal !== undefined;
    case "succeeded":
    case "unchanged":
    case "submitted":
    case "superseded":
    case "gone":
    case "interrupted":
      return false;
  }
}
