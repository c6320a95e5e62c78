import { type Revision, shortName } from "../model/arn.ts";
import {
  deregisterCommand,
  listFamilyTasksCommand,
  restoreScalingCommand,
  untagCommand,
} from "../model/typed_commands.ts";
import { SUSPENSION_RECORD_KEY } from "../model/scalable_target.ts";
import type { ServiceRef } from "../model/service.ts";
import type { Leftover } from "../rollout/events.ts";

/** What is left to do by hand. */
export interface LeftoverText {
  readonly problem: string;
  /** The command that does it. */
  readonly command: string;
}

/** Puts a leftover into words. */
export function describeLeftover(leftover: Leftover, ref: ServiceRef): LeftoverText {
  switch (leftover.code) {
    case "scalingMayBeSuspended": {
      const { target, to, hasRecord, error } = leftover;
      return {
        problem: `auto scaling of ${target.resourceId} may still be suspended (${error})`,
        command: restoreScalingCommand(target, to, hasRecord ? SUSPENSION_RECORD_KEY : undefined),
      };
    }
    case "suspensionRecordRemains":
      return {
        problem: `auto scaling is given back, but its record, the tag ${SUSPENSION_RECORD_KEY}, is still there ` +
          `(${leftover.error})`,
        command: untagCommand(leftover.arn, SUSPENSION_RECORD_KEY),
      };
    case "stillInUse":
    case "notDeregistered":
      return describeRegistered(leftover, leftover.taskDefinition, ref);
  }
}

function describeRegistered(
  leftover: Extract<Leftover, { code: "stillInUse" | "notDeregistered" }>,
  taskDefinition: Revision,
  ref: ServiceRef,
): LeftoverText {
  const name = shortName(taskDefinition);
  const list = listFamilyTasksCommand(ref, taskDefinition.family);
  if (leftover.code === "stillInUse") {
    return {
      problem: `${name} is not deregistered: ${leftover.user} still uses it (other clusters are not looked at). Once ` +
        `nothing does: ${deregisterCommand(taskDefinition)}`,
      command: list,
    };
  }
  const state = leftover.mayBe ? "may not be deregistered" : "is not deregistered";
  return {
    problem: `${name} ${state} (${leftover.error ?? "the command was stopped before that"})`,
    command: `${list}, and once nothing uses it ${deregisterCommand(taskDefinition)}`,
  };
}
