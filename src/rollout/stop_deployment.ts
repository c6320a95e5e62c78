import type { EcsReader, EcsWriter } from "../ecs/ports.ts";
import { AwsError, mayHaveBeenApplied } from "../errors.ts";
import type { Clock } from "../host.ts";

/** The statuses of a service deployment that has taken the order to stop. */
const STOPPING = new Set(["STOP_REQUESTED", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS", "ROLLBACK_SUCCESSFUL"]);

const MOST_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 500;
const LOOK_FOR_MS = 30_000;
const LOOK_EVERY_MS = 2_000;

/**
 * Tells ECS to stop a service deployment and to go back to the service revision that it came from. Only what was not
 * applied (throttled, never sent) is sent again: after a lost answer the order would be refused as if it had not been
 * carried out, so then the deployment itself is asked.
 *
 * @returns `undefined` when ECS has taken the order, else its refusal: then nothing has been changed
 * @throws AwsError when nobody knows whether the order has arrived
 */
export async function stopDeployment(
  arn: string,
  ecs: EcsReader & EcsWriter,
  clock: Clock,
  signal: AbortSignal,
): Promise<AwsError | undefined> {
  for (let attempts = 1, pauseMs = FIRST_PAUSE_MS;; attempts++, pauseMs *= 2) {
    try {
      await ecs.stopServiceDeployment(arn, signal);
      return undefined;
    } catch (error) {
      if (!(error instanceof AwsError) || signal.aborted) throw error;
      if (error.kind === "credentials") throw error;
      if (mayHaveBeenApplied(error)) return await findStopping(arn, error, ecs, clock, signal);
      const wasNotApplied = error.kind === "throttled" || error.kind === "unreachable";
      if (!wasNotApplied || attempts === MOST_ATTEMPTS) return error;
      await clock.sleep(pauseMs, signal);
      if (signal.aborted) throw error;
    }
  }
}

async function findStopping(
  arn: string,
  lost: AwsError,
  ecs: EcsReader,
  clock: Clock,
  signal: AbortSignal,
): Promise<undefined> {
  const untilMs = clock.now() + LOOK_FOR_MS;
  while (clock.now() < untilMs && !signal.aborted) {
    const deployment = await ecs.describeServiceDeployment(arn, signal).catch((error) => {
      if (error instanceof AwsError) return undefined;
      throw error;
    });
    if (deployment !== undefined && STOPPING.has(deployment.status)) return undefined;
    await clock.sleep(LOOK_EVERY_MS, signal);
  }
  throw new AwsError({
    operation: lost.operation,
    kind: "lost",
    code: lost.code,
    detail: `${lost.detail}; unknown, may be in flight: the deployment was not seen to stop`,
    requestId: lost.requestId,
  });
}
