import { type Revision, shortName } from "../../model/arn.ts";
import { deregisterCommand, listFamilyTasksCommand } from "../../model/aws_cli.ts";
import type { EcsReader, EcsWriter } from "../../model/ports.ts";
import type { ServiceRef } from "../../model/service.ts";
import { AwsError, mayHaveBeenApplied } from "../../errors.ts";
import { findUses } from "../../registry/find_uses.ts";
import type { Leftover } from "../events.ts";

/** How deregistering ended. */
export interface Deregistered {
  /** What is left to do; `undefined` when it is deregistered. */
  readonly leftover: Leftover | undefined;
  /** What of its uses could not be looked at, a line each. */
  readonly notices: readonly string[];
}

/**
 * Deregisters a task definition unless a service, a deployment or a task of the family in this cluster uses it: asked anew,
 * for the plan is minutes old by now. Never throws an `AwsError`: it answers with what is left.
 */
export async function deregisterUnused(
  taskDefinition: Revision,
  ref: ServiceRef,
  ecs: EcsReader & EcsWriter,
  signal: AbortSignal,
): Promise<Deregistered> {
  let notices: readonly string[] = [];
  let isSent = false;
  try {
    const uses = await findUses(ref, taskDefinition.family, ecs, signal);
    notices = [...uses.notices.values()];
    const user = uses.byArn.get(taskDefinition.arn);
    if (user !== undefined) return { leftover: tellUse(taskDefinition, user, ref), notices };
    isSent = true;
    await ecs.deregisterTaskDefinition(taskDefinition.arn, signal);
    return { leftover: undefined, notices };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const state = isSent && mayHaveBeenApplied(error) ? "may not be deregistered" : "is not deregistered";
    const why = signal.aborted ? "the command was stopped before that" : error.message;
    const leftover = {
      problem: `${shortName(taskDefinition)} ${state} (${why})`,
      command: `${listFamilyTasksCommand(ref, taskDefinition.family)}, and once nothing uses it ` +
        deregisterCommand(taskDefinition),
    };
    return { leftover, notices };
  }
}

function tellUse(taskDefinition: Revision, user: string, ref: ServiceRef): Leftover {
  return {
    problem: `${shortName(taskDefinition)} is not deregistered: ${user} still uses it (other clusters are not looked ` +
      `at). Once nothing does: ${deregisterCommand(taskDefinition)}`,
    command: listFamilyTasksCommand(ref, taskDefinition.family),
  };
}
