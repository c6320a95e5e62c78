import { restoreScalingCommand } from "../model/aws_cli.ts";
import { SUSPENSION_RECORD_KEY } from "../model/scalable_target.ts";
import type { RolloutEvent } from "../rollout/events.ts";
import type { RestoreScaling, Step, SuspendScaling } from "../rollout/plan/plan.ts";
import { renderLeftGoing, type Wording } from "./event_text.ts";

/** What is to be said by a program that ends at once, of what it leaves behind; a line each. */
export interface LastWords {
  /** Of what ECS was told to do. */
  readonly order: readonly string[];
  /** Of auto scaling. */
  readonly scaling: readonly string[];
}

/** What a second Ctrl-C would leave behind after one more event. */
export function keepLastWords(words: LastWords, event: RolloutEvent, wording: Wording): LastWords {
  switch (event.kind) {
    case "stepStarted":
      return afterStep(words, event.step, wording);
    case "scalingRestored":
      return { ...words, scaling: [] };
    // It has said what ECS does.
    case "leftGoing":
    case "finished":
      return { ...words, order: [] };
    default:
      return words;
  }
}

function afterStep(words: LastWords, step: Step, wording: Wording): LastWords {
  switch (step.kind) {
    case "suspendScaling":
    case "restoreScaling":
      return { ...words, scaling: renderSuspended(step) };
    case "stopDeployment":
    case "updateService":
    case "createService":
      return { ...words, order: renderOrdered("unknown", wording) };
    case "awaitDeployment":
      return { ...words, order: renderOrdered("yes", wording) };
    // It comes when the deployment has ended.
    case "deregister":
      return { ...words, order: [] };
    default:
      return words;
  }
}

function renderOrdered(ordered: "yes" | "unknown", wording: Wording): string[] {
  const [what, ...next] = renderLeftGoing(ordered, wording);
  return [`Stopped at once: ${what}`, ...next];
}

function renderSuspended(step: SuspendScaling | RestoreScaling): string[] {
  const [state, hasRecord] = step.kind === "suspendScaling"
    ? [step.prior, step.record !== "none"]
    : [step.to, step.hasRecord];
  const command = restoreScalingCommand(step.target, state, hasRecord ? SUSPENSION_RECORD_KEY : undefined);
  return [
    `Stopped at once: auto scaling of ${step.target.resourceId} may still be suspended`,
    `to restore it: ${command}`,
  ];
}
