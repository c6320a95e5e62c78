import type { NotBegunBecause, RolloutEvent } from "../../rollout/events.ts";
import type { Policy } from "../../rollout/policy.ts";

/** What follows where a service fails. */
export const ON_FAILURE: Readonly<Record<Policy["onFailure"], string>> = {
  continue: "the others go on",
  stop: "no more are begun",
  undo: "no more are begun, and those of this run get the release that you are leaving back",
};

export const NOT_BEGUN: Readonly<Record<NotBegunBecause, string>> = {
  otherFailed: "another service failed",
  otherRefused: "another service is refused",
  stopSignal: "interrupted",
  timeLimit: "the time was up",
};

type UndoDecided = Extract<RolloutEvent, { kind: "undoDecided" }>;

/** Why a service that this run has changed does not go back with the others. */
export const LEFT: Readonly<Record<NonNullable<UndoDecided["unless"]>, string>> = {
  interrupted: "the run was interrupted",
  nothingBefore: "there was no service before this run",
  wasFailing: "it was failing before this run, and would fail again",
};
