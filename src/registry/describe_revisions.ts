import { objectsIn } from "../model/json.ts";
import { type Revision, shortName } from "../model/arn.ts";
import type { EcsReader } from "../model/ports.ts";
import { MOST_PAST_DEPLOYMENTS, type PastDeployment } from "../model/service_deployment.ts";
import type { RunScope } from "../model/service.ts";
import { type AwsError, optional } from "../errors.ts";
import type { Clock } from "../host.ts";
import { findUses } from "./find_uses.ts";

/** A registered revision, with what a person wants to know before going back to it. */
export interface DescribedRevision {
  readonly revision: Revision;
  /** Milliseconds since the epoch; `undefined` when AWS does not say. */
  readonly registeredAtMs: number | undefined;
  /** What comes behind the colon of each container's image; a digest where there is no tag. */
  readonly imageTags: readonly string[];
  /** What uses it, in words that follow "in use by"; `?` where that may not be looked at. */
  readonly user: string | undefined;
  /** The newest deployment of it in the last 90 days, and how that ended. */
  readonly deployed: { readonly atMs: number; readonly status: string } | undefined;
}

/** Which of a family's revisions are described, and at whose pace. */
interface Wanted {
  /** The newest so many; `Infinity`: all of them. */
  readonly limit: number;
  readonly clock: Pick<Clock, "elapsed" | "sleep">;
}

/** Describes the family's ACTIVE revisions, newest first, a page at a time. */
interface RevisionTable {
  readonly pages: AsyncIterable<readonly DescribedRevision[]>;
  /** Whether there are more than were asked for; known when the pages have come to their end. */
  readonly hasMore: () => boolean;
  /** What could not be looked at, a line each. */
  readonly notices: readonly string[];
}

/**
 * DescribeTaskDefinition has no batches, and shares 20 calls per second after a burst of 50 with ListTaskDefinitions, and
 * with everybody else in the account: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
 */
const AT_ONCE = 10;
const BURST = 40;
const PAUSE_MS = 550;

/**
 * Reads what a table of revisions shows, page by page as asked for, so that a family of any size takes no memory. That
 * uses or deployments may not be read, or that there is no such cluster, is a notice only.
 */
export async function describeRevisions(
  scope: RunScope,
  family: string,
  ecs: EcsReader,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<RevisionTable> {
  const { service } = scope;
  const [uses, past] = await Promise.all([
    withNotice(findUses(scope, family, ecs, signal), "what is in use"),
    service === undefined
      ? { part: [], notices: ["what was deployed is not shown: the config names no service"] }
      : withNotice(ecs.listPastDeployments({ ...scope, service }, MOST_PAST_DEPLOYMENTS, signal), "what was deployed"),
  ]);
  const deployed = newestByTaskDefinition(past.part ?? []);
  let hasMore = false;
  const revisions = takeNewest(family, ecs, wanted.limit, () => hasMore = true, signal);
  return {
    hasMore: () => hasMore,
    notices: [...(uses.part?.notices.values() ?? []), ...uses.notices, ...past.notices],
    pages: describePages(revisions, ecs, wanted.clock, signal, (revision) => ({
      user: uses.part === undefined ? "?" : uses.part.byArn.get(revision.arn),
      deployed: deployed.get(revision.arn),
    })),
  };
}

/** A part of the table, or the notice that goes for it. */
async function withNotice<Part>(
  reading: Promise<Part>,
  name: string,
): Promise<{ readonly part: Part | undefined; readonly notices: readonly string[] }> {
  const { value, denied } = await optional(reading, isClusterMissing);
  return { part: value, notices: denied === undefined ? [] : [`${denied.message}; ${name} is not shown`] };
}

/** The revisions are the family's, wherever the service is: they are worth a table without it. */
function isClusterMissing({ code }: AwsError): boolean {
  return code === "ClusterNotFoundException";
}

/** Pages of ACTIVE revisions, newest first, of which there are no more than `limit` in all. */
async function* takeNewest(
  family: string,
  ecs: EcsReader,
  limit: number,
  onMore: () => void,
  signal: AbortSignal,
): AsyncGenerator<readonly Revision[], void, void> {
  let left = limit;
  for await (const page of ecs.listRevisions(family, { status: "ACTIVE", order: "DESC" }, signal)) {
    if (page.length > left) onMore();
    if (left > 0) yield page.slice(0, left);
    if (page.length > left) return;
    left -= page.length;
  }
}

async function* describePages(
  revisions: AsyncIterable<readonly Revision[]>,
  ecs: EcsReader,
  clock: Wanted["clock"],
  signal: AbortSignal,
  historyOf: (revision: Revision) => Pick<DescribedRevision, "user" | "deployed">,
): AsyncGenerator<readonly DescribedRevision[], void, void> {
  const describe = async (revision: Revision) => {
    const definition = await ecs.describeTaskDefinition(shortName(revision), signal);
    return {
      revision,
      registeredAtMs: definition?.registeredAtMs,
      imageTags: objectsIn(definition?.raw.containerDefinitions).flatMap(({ image }) => {
        return typeof image === "string" ? [tagOf(image)] : [];
      }),
      ...historyOf(revision),
    };
  };
  let described = 0;
  let begunAtMs = -Infinity;
  for await (const page of revisions) {
    for (let start = 0; start < page.length; start += AT_ONCE) {
      if (described >= BURST) await clock.sleep(Math.max(0, begunAtMs + PAUSE_MS - clock.elapsed()), signal);
      begunAtMs = clock.elapsed();
      const group = page.slice(start, start + AT_ONCE);
      yield await Promise.all(group.map(describe));
      described += group.length;
    }
  }
}

/** Of those of one task definition the last in a map counts, so the newest one comes last. */
function newestByTaskDefinition(past: readonly PastDeployment[]): ReadonlyMap<string, DescribedRevision["deployed"]> {
  const ascending = past.toReversed().toSorted((a, b) => a.createdAtMs - b.createdAtMs);
  return new Map(
    ascending.flatMap(({ taskDefinition, status, createdAtMs }) =>
      taskDefinition === undefined ? [] : [[taskDefinition, { atMs: createdAtMs, status }]]
    ),
  );
}

/** `latest` when there is neither a tag nor a digest, as Docker has it. A colon before a slash is a registry's port. */
function tagOf(image: string): string {
  const digest = image.indexOf("@");
  if (digest >= 0) return image.slice(digest + 1);
  const colon = image.lastIndexOf(":");
  return colon > image.lastIndexOf("/") ? image.slice(colon + 1) : "latest";
}
