import type { EcsReader, EcsWriter } from "../ecs/ports.ts";
import { AwsError } from "../errors.ts";
import type { Clock } from "../host.ts";
import { isPassing, persist } from "./persist.ts";

/** The statuses of a service deployment that has taken the order to stop. */
const STOPPING = new Set(["STOP_REQUESTED", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS", "ROLLBACK_SUCCESSFUL"]);

/**
 * Tells ECS to stop a service deployment and to go back to the service revision that it came from. Stopping what is
 * stopping already changes nothing, so the order may be repeated, and what ECS made of it is asked.
 *
 * @returns `undefined` when ECS has taken it, else why it has not
 * @throws AwsError when neither could be found out
 */
export async function stopDeployment(
  arn: string,
  ecs: EcsReader & EcsWriter,
  clock: Clock,
  signal: AbortSignal,
): Promise<AwsError | undefined> {
  try {
    await persist(() => ecs.stopServiceDeployment(arn, signal), clock, signal);
    return undefined;
  } catch (error) {
    if (!(error instanceof AwsError) || signal.aborted) throw error;
    // The answer to an earlier attempt may have been lost: then a later one is refused, although ECS is at it.
    const deployment = await persist(() => ecs.describeServiceDeployment(arn, signal), clock, signal).catch(
      (unread) => {
        if (!(unread instanceof AwsError) || isPassing(unread)) throw unread;
        return undefined;
      },
    );
    if (deployment !== undefined && STOPPING.has(deployment.status)) return undefined;
    // Whether it was taken is not known, so nothing else may be ordered on top.
    if (isPassing(error) && error.kind !== "throttled" && error.kind !== "unreachable") throw error;
    return error;
  }
}
