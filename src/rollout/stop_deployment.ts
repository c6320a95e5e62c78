import type { EcsReader, EcsWriter } from "../ecs/ports.ts";
import { hasGoneBack, isGoingBack } from "../ecs/service_deployment.ts";
import { AwsError, mayHaveBeenApplied } from "../errors.ts";
import type { Clock } from "../host.ts";

const MOST_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 500;
/** After a lost answer the order is given again for so long, every so often. */
const ASK_FOR_MS = 30_000;
const ASK_EVERY_MS = 2_000;

/**
 * Tells ECS to stop a service deployment and to go back to the service revision that it came from. The order may be given
 * twice: AWS takes it also of a deployment that goes back already. After a lost answer the deployment itself is asked
 * first, for one that has gone back meanwhile takes no order any more.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stop-service-deployment.html
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
  let lost: { readonly error: AwsError; readonly atMs: number } | undefined;
  for (let attempts = 1, pauseMs = FIRST_PAUSE_MS;; attempts++, pauseMs *= 2) {
    try {
      await ecs.stopServiceDeployment(arn, signal);
      return undefined;
    } catch (error) {
      if (!(error instanceof AwsError) || signal.aborted) throw error;
      if (error.kind === "credentials") throw lost === undefined ? error : asUnknown(lost.error);
      if (mayHaveBeenApplied(error)) lost ??= { error, atMs: clock.now() };
      if (lost !== undefined) {
        if (await hasStopped(arn, ecs, signal)) return undefined;
        if (isRefusal(error)) return error;
        if (clock.now() - lost.atMs >= ASK_FOR_MS || signal.aborted) throw asUnknown(lost.error);
        await clock.sleep(ASK_EVERY_MS, signal);
      } else {
        if (isRefusal(error) || attempts === MOST_ATTEMPTS) return error;
        await clock.sleep(pauseMs, signal);
      }
      if (signal.aborted) throw lost === undefined ? error : asUnknown(lost.error);
    }
  }
}

/** What neither may have been applied nor will be: ECS has said no. */
function isRefusal(error: AwsError): boolean {
  return !mayHaveBeenApplied(error) && error.kind !== "throttled" && error.kind !== "unreachable";
}

/** Whether the deployment is seen to go back, or to have gone. What cannot be read shows nothing. */
async function hasStopped(arn: string, ecs: EcsReader, signal: AbortSignal): Promise<boolean> {
  const deployment = await ecs.describeServiceDeployment(arn, signal).catch((error) => {
    if (error instanceof AwsError) return undefined;
    throw error;
  });
  return deployment !== undefined && (isGoingBack(deployment) || hasGoneBack(deployment));
}

function asUnknown({ operation, code, detail, requestId }: AwsError): AwsError {
  return new AwsError({
    operation,
    kind: "lost",
    code,
    detail: `${detail}; unknown, may be in flight: the deployment was not seen to stop`,
    requestId,
  });
}
