import { AwsError, RefusedError, unlessFails } from "../errors.ts";
import { clusterName, serviceName } from "../model/arn.ts";
import { nearestNames } from "../model/nearest_names.ts";
import type { AnyRefusal } from "../rollout/events.ts";
import type { Session } from "./session.ts";

/** Names are a help that nothing depends on. */
const LIST_WITHIN_MS = 3_000;
/** Pages of a hundred names. */
const MOST_PAGES = 5;

/** Adds to a refusal for want of a service which names there are that may have been meant. */
export async function addNearest(refusal: AnyRefusal, session: Session): Promise<AnyRefusal> {
  if (refusal.code !== "serviceMissing") return refusal;
  const { ref: { cluster, service } } = refusal;
  const ecs = await session.connectEcs();
  const names = await list(session, (signal) => ecs.listServices(cluster, signal));
  return { ...refusal, nearest: nearestNames(serviceName(service), names.map(serviceName)) };
}

/** For an error: one that says that the cluster of a service without files is not there names the nearest ones. */
export async function explainMissingCluster(error: unknown, session: Session): Promise<unknown> {
  if (!(error instanceof AwsError) || error.code !== "ClusterNotFoundException") return error;
  const { cluster: pattern, region } = session.scope;
  const ecs = await session.connectEcs();
  const names = (await list(session, (signal) => ecs.listClusters(signal))).map(clusterName);
  return new RefusedError({
    code: "noClusterMatches",
    pattern,
    region,
    nearest: nearestNames(clusterName(pattern), names),
  });
}

async function list(
  { signal, host: { clock } }: Session,
  pagesOf: (signal: AbortSignal) => AsyncIterable<readonly string[]>,
): Promise<readonly string[]> {
  const found: string[] = [];
  const read = async () => {
    let pages = 0;
    for await (const page of pagesOf(AbortSignal.any([signal, clock.deadline(LIST_WITHIN_MS)]))) {
      found.push(...page);
      if (++pages === MOST_PAGES) break;
    }
  };
  // Those of the pages before are better than none.
  await unlessFails(read());
  return found;
}
