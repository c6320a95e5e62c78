import { AwsError, ConfigError, RefusedError, unlessFails } from "../errors.ts";
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

/** For an error: one that says that a service without files, or its cluster, is not there names the nearest ones. */
export async function explainMissing(error: unknown, session: Session): Promise<unknown> {
  if (error instanceof ConfigError) return await explainMissingService(error, session);
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

/** Of a service without files, the family of task definitions is known from the service alone. */
async function explainMissingService(error: ConfigError, session: Session): Promise<Error> {
  if (error.problem.code !== "familyNotKnown" || error.problem.kind !== "missing") return error;
  const { ref: { cluster, service }, scope: { region } } = session;
  const ecs = await session.connectEcs();
  const names = (await list(session, (signal) => ecs.listServices(cluster, signal))).map(serviceName);
  const pattern = serviceName(service);
  return new RefusedError({
    ...{ code: "noServiceMatches", pattern, tags: [], clusters: [clusterName(cluster)], region },
    nearest: nearestNames(pattern, names),
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
