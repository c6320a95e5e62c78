import type { Revision } from "../model/arn.ts";
import type { OutcomeKind } from "../rollout/events.ts";
import type { Intent } from "../rollout/plan/plan.ts";

/** What to do instead, where more of the same will not help. */
export interface Alternative {
  /** What it is for. */
  readonly purpose: string;
  /** The command of this program with its options. */
  readonly command: "rollback --revision previous" | "revisions --output table";
}

const GO_BACK: Alternative = {
  purpose: "to go back to what ran well before",
  command: "rollback --revision previous",
};
const CHOOSE: Alternative = { purpose: "to choose another revision", command: "revisions --output table" };

/**
 * What to do about a deployment that has failed, or whose tasks kept stopping until the time was up. After a rollback the
 * next revision is somebody's choice; a deploy that has created the service leads back to nothing.
 */
export function findAlternative(
  outcome: OutcomeKind,
  { intent, from }: { readonly intent: Intent; readonly from?: Revision | undefined },
): Alternative | undefined {
  const isHopeless = outcome.kind === "failed" ||
    (outcome.kind === "timedOut" && outcome.ordered === "yes" && outcome.tasksKeepFailing === true);
  // Where ECS has turned a deploy back, the service is where one would go back to.
  if (intent === "rollback") return isHopeless || outcome.kind === "rolledBackByEcs" ? CHOOSE : undefined;
  return isHopeless && (intent === "wait" || from !== undefined) ? GO_BACK : undefined;
}
