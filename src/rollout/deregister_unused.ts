import { type Revision, shortName } from "../ecs/arn.ts";
import { deregisterCommand, listFamilyTasksCommand } from "../ecs/aws_cli.ts";
import type { EcsReader, EcsWriter } from "../ecs/ports.ts";
import type { ServiceRef } from "../ecs/service.ts";
import { AwsError, mayHaveBeenApplied } from "../errors.ts";
import { findUses } from "../registry/find_uses.ts";
import type { Leftover } from "./events.ts";

/**
 * Deregisters a task definition unless the service, one of its deployments or a task of the family in this cluster
 * uses it: asked anew, for the plan is minutes old by now. Never throws an `AwsError`: it answers with what is left.
 */
export async function deregisterUnused(
  taskDefinition: Revision,
  ref: ServiceRef,
  ecs: EcsReader & EcsWriter,
  signal: AbortSignal,
): Promise<Leftover | undefined> {
  let isSent = false;
  try {
    const { byArn } = await findUses(ref, taskDefinition.family, ecs, signal);
    const user = byArn.get(taskDefinition.arn);
    if (user !== undefined) {
      return {
        problem:
          `${shortName(taskDefinition)} is not deregistered: ${user} still uses it (other clusters are not looked ` +
          `at). Once nothing does: ${deregisterCommand(taskDefinition)}`,
        command: listFamilyTasksCommand(ref, taskDefinition.family),
      };
    }
    isSent = true;
    await ecs.deregisterTaskDefinition(taskDefinition.arn, signal);
    return undefined;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const state = isSent && mayHaveBeenApplied(error) ? "may not be deregistered" : "is not deregistered";
    const why = signal.aborted ? "the command was stopped before that" : error.message;
    return {
      problem: `${shortName(taskDefinition)} ${state} (${why})`,
      command: `${listFamilyTasksCommand(ref, taskDefinition.family)}, and once nothing uses it ` +
        deregisterCommand(taskDefinition),
    };
  }
}
