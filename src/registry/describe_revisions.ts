import { objectsIn, textsIn } from "../model/json.ts";
import { parseImageName } from "../model/images.ts";
import { type Revision, shortName } from "../model/arn.ts";
import type { EcsReader } from "../model/ports.ts";
import type { PastDeployment } from "../model/service_deployment.ts";
import type { RunScope } from "../model/service.ts";
import { isClusterMissing, optional } from "../errors.ts";
import type { Clock } from "../host.ts";
import { findUses, type TaskDefinitionUser, type UsesNotice } from "./find_uses.ts";
import type { AwsFailure } from "../problems/aws_failure.ts";

/** A registered revision, with what a person wants to know before a rollback to it. */
export interface DescribedRevision {
  readonly revision: Revision;
  /** Milliseconds since the epoch; `undefined` when AWS does not say. */
  readonly registeredAtMs: number | undefined;
  /** What follows the colon in each container's image; the digest where there is no tag. */
  readonly imageTags: readonly string[];
  readonly user: TaskDefinitionUser | "unknown" | undefined;
  /** The newest deployment of the revision in the last 90 days, and its status. */
  readonly deployed: { readonly atMs: number; readonly status: string } | undefined;
}

/** Why a part of the description is missing. `denial`: in AWS's words. */
export type HistoryNotice = Readonly<
  | UsesNotice
  | { code: "usesNotShown" | "deploymentsNotShown"; denial: AwsFailure }
  | { code: "noServiceConfigured" }
>;

interface Describing {
  /** How many revisions are described: the newest ones. */
  readonly limit: number;
  readonly clock: Pick<Clock, "elapsed" | "sleep">;
  /** The deployments of the service, in any order; `undefined` where the config names none. */
  readonly past: Promise<readonly PastDeployment[]> | undefined;
}

/** Notices come first. `hasMore` comes last: the family has more revisions than were asked for. */
type Description = Readonly<
  | { kind: "notice"; notice: HistoryNotice }
  | { kind: "page"; page: readonly DescribedRevision[] }
  | { kind: "hasMore" }
>;

/**
 * DescribeTaskDefinition has no batches, and shares 20 calls per second after a burst of 50 with ListTaskDefinitions, and
 * with everybody else in the account: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
 */
const AT_ONCE = 10;
const BURST = 40;
const PAUSE_MS = 550;

/**
 * Describes the family's newest ACTIVE revisions, newest first, page by page as asked for: a family may be of any size.
 * Where uses or deployments may not be read, or the cluster does not exist, there is only a notice.
 */
export async function* describeRevisions(
  scope: RunScope,
  family: string,
  ecs: EcsReader,
  { limit, clock, past }: Describing,
  signal: AbortSignal,
): AsyncGenerator<Description, void, void> {
  const { notices, historyOf } = await readUsesAndDeployments(scope, family, ecs, past, signal);
  for (const notice of notices) yield { kind: "notice", notice };
  const describe = async (revision: Revision) => {
    const definition = await ecs.describeTaskDefinition(shortName(revision), signal);
    const images = textsIn(objectsIn(definition?.raw.containerDefinitions).map(({ image }) => image));
    const imageTags = images.map(parseImageName).map(({ digest, tag = "" }) => digest ?? tag);
    return { revision, registeredAtMs: definition?.registeredAtMs, imageTags, ...historyOf(revision) };
  };
  let described = 0;
  let begunAtMs = -Infinity;
  for await (const listed of ecs.listRevisions(family, { status: "ACTIVE", order: "DESC" }, signal)) {
    const wanted = listed.slice(0, limit - described);
    for (let start = 0; start < wanted.length; start += AT_ONCE) {
      if (described >= BURST) await clock.sleep(Math.max(0, begunAtMs + PAUSE_MS - clock.elapsed()), signal);
      begunAtMs = clock.elapsed();
      const page = await Promise.all(wanted.slice(start, start + AT_ONCE).map(describe));
      yield { kind: "page", page };
      described += page.length;
    }
    if (wanted.length < listed.length) return yield { kind: "hasMore" };
  }
}

/** What uses the revisions of a family, and how each was last deployed. */
async function readUsesAndDeployments(
  scope: RunScope,
  family: string,
  ecs: EcsReader,
  deployments: Describing["past"],
  signal: AbortSignal,
) {
  const [uses, past] = await Promise.all([
    // Revisions belong to the family, wherever the service is: the table is of use without the service.
    optional(findUses(scope, family, ecs, signal), isClusterMissing),
    deployments && optional(deployments, isClusterMissing),
  ]);
  const deployed = newestByTaskDefinition(past?.value ?? []);
  const notices: HistoryNotice[] = [...uses.value?.notices ?? []];
  if (uses.denied !== undefined) notices.push({ code: "usesNotShown", denial: uses.denied.failure });
  if (past === undefined) notices.push({ code: "noServiceConfigured" });
  if (past?.denied !== undefined) notices.push({ code: "deploymentsNotShown", denial: past.denied.failure });
  const historyOf = ({ arn }: Revision): Pick<DescribedRevision, "user" | "deployed"> => ({
    user: uses.denied === undefined ? uses.value.byArn.get(arn) : "unknown",
    deployed: deployed.get(arn),
  });
  return { notices, historyOf };
}

/** The newest deployment of a task definition comes last: the last entry of a map counts. */
function newestByTaskDefinition(past: readonly PastDeployment[]): ReadonlyMap<string, DescribedRevision["deployed"]> {
  const ascending = past.toReversed().toSorted((a, b) => a.createdAtMs - b.createdAtMs);
  return new Map(
    ascending.flatMap(({ taskDefinition, status, createdAtMs }) =>
      taskDefinition === undefined ? [] : [[taskDefinition, { atMs: createdAtMs, status }]]
    ),
  );
}
