import type { Ecs } from "../aws/ecs.ts";
import { AwsError, ConfigError, isClusterMissing, RefusedError, unlessFails } from "../errors.ts";
import { clusterName, serviceName } from "../model/arn.ts";
import { nearestNames } from "../model/nearest_names.ts";
import type { AnyRefusal } from "../rollout/events.ts";
import type { Session } from "./session.ts";

/** The names that may have been meant only help the user, so they are not waited for longer. */
const LIST_WITHIN_MS = 3_000;
/** Pages of a hundred names. */
const MAX_PAGES = 5;

/** Adds the names of services that may have been meant, if a refusal says that the service is missing. */
export async function addNearest(refusal: AnyRefusal, session: Session): Promise<AnyRefusal> {
  if (refusal.code !== "serviceMissing" && refusal.code !== "noServiceDefinition") return refusal;
  const { ref: { cluster, service } } = refusal;
  return { ...refusal, nearest: nearestNames(serviceName(service), await listServices(cluster, session)) };
}

/**
 * Turns an error about a missing cluster, or a missing service without files, into a refusal with the nearest names.
 */
export async function explainMissing(error: unknown, session: Session): Promise<unknown> {
  const isNamed = session.config.path === undefined;
  if (error instanceof ConfigError) return isNamed ? await explainMissingService(error, session) : error;
  if (!(error instanceof AwsError) || !isClusterMissing(error)) return error;
  const { cluster: pattern, region } = session.scope;
  const names = await listOnce("", session, (ecs, signal) => ecs.listClusters(signal), clusterName);
  const nearest = nearestNames(clusterName(pattern), names);
  return new RefusedError({ code: "noClusterMatches", pattern, region, nearest });
}

/** Without files, the family of the task definitions is known only from the service. */
async function explainMissingService(error: ConfigError, session: Session): Promise<Error> {
  if (error.problem.code !== "familyNotKnown" || error.problem.kind !== "missing") return error;
  const { ref: { cluster, service }, scope: { region } } = session;
  const pattern = serviceName(service);
  return new RefusedError({
    ...{ code: "noServiceMatches", pattern, tags: [], clusters: [clusterName(cluster)], region },
    nearest: nearestNames(pattern, await listServices(cluster, session)),
  });
}

/** Names by connection: a run may have many services in one cluster, all of them missing. */
const listsByConnection = new WeakMap<Ecs, Map<string, Promise<readonly string[]>>>();

function listServices(cluster: string, session: Session): Promise<readonly string[]> {
  return listOnce(cluster, session, (ecs, signal) => ecs.listServices(cluster, signal), serviceName);
}

async function listOnce(
  of: string,
  { connectEcs, signal, host: { clock } }: Session,
  pagesOf: (ecs: Ecs, signal: AbortSignal) => AsyncIterable<readonly string[]>,
  nameOf: (arn: string) => string,
): Promise<readonly string[]> {
  const ecs = await connectEcs();
  const lists = listsByConnection.get(ecs) ?? new Map<string, Promise<readonly string[]>>();
  listsByConnection.set(ecs, lists);
  const found: string[] = [];
  const read = async () => {
    let count = 0;
    for await (const page of pagesOf(ecs, AbortSignal.any([signal, clock.deadline(LIST_WITHIN_MS)]))) {
      found.push(...page.map(nameOf));
      if (++count === MAX_PAGES) break;
    }
  };
  // Names from the pages before a failure are better than none.
  const names = lists.get(of) ?? unlessFails(read()).then(() => found);
  lists.set(of, names);
  return await names;
}
