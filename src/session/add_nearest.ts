import type { Ecs } from "../aws/ecs.ts";
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
  if (refusal.code !== "serviceMissing" && refusal.code !== "noServiceDefinition") return refusal;
  const { ref: { cluster, service } } = refusal;
  return { ...refusal, nearest: nearestNames(serviceName(service), await listServices(cluster, session)) };
}

/**
 * For an error: one that says that the cluster is not there, or a service without files, is a refusal that names the nearest
 * ones.
 */
export async function explainMissing(error: unknown, session: Session): Promise<unknown> {
  const isNamed = session.config.path === undefined;
  if (error instanceof ConfigError) return isNamed ? await explainMissingService(error, session) : error;
  if (!(error instanceof AwsError) || error.code !== "ClusterNotFoundException") return error;
  const { cluster: pattern, region } = session.scope;
  const names = await listOnce("", session, (ecs, signal) => ecs.listClusters(signal), clusterName);
  const nearest = nearestNames(clusterName(pattern), names);
  return new RefusedError({ code: "noClusterMatches", pattern, region, nearest });
}

/** Of a service without files, the family of task definitions is known from the service alone. */
async function explainMissingService(error: ConfigError, session: Session): Promise<Error> {
  if (error.problem.code !== "familyNotKnown" || error.problem.kind !== "missing") return error;
  const { ref: { cluster, service }, scope: { region } } = session;
  const pattern = serviceName(service);
  return new RefusedError({
    ...{ code: "noServiceMatches", pattern, tags: [], clusters: [clusterName(cluster)], region },
    nearest: nearestNames(pattern, await listServices(cluster, session)),
  });
}

/** By the way to AWS: many services may be in one cluster, and all of them not there. */
const known = new WeakMap<Ecs, Map<string, Promise<readonly string[]>>>();

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
  const lists = known.get(ecs) ?? new Map<string, Promise<readonly string[]>>();
  known.set(ecs, lists);
  const found: string[] = [];
  const read = async () => {
    let count = 0;
    for await (const page of pagesOf(ecs, AbortSignal.any([signal, clock.deadline(LIST_WITHIN_MS)]))) {
      found.push(...page.map(nameOf));
      if (++count === MOST_PAGES) break;
    }
  };
  // Those of the pages before are better than none.
  const names = lists.get(of) ?? unlessFails(read()).then(() => found);
  lists.set(of, names);
  return await names;
}
