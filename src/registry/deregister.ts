import { type Revision, shortName } from "../ecs/arn.ts";
import type { EcsWriter, RegistryWriter } from "../ecs/ports.ts";
import type { Clock } from "../host.ts";
import type { DeregisterPlan } from "./plan_deregister.ts";

/** What happens while revisions are deregistered. */
export type DeregisterEvent =
  | { readonly kind: "deregistering" | "deregistered"; readonly revision: Revision; readonly position: Position }
  | { readonly kind: "deleting"; readonly revisions: readonly Revision[] }
  | { readonly kind: "deleted"; readonly revisions: readonly Revision[] }
  /** AWS has refused to delete it, in its own words. */
  | { readonly kind: "notDeleted"; readonly revision: Revision; readonly reason: string };

/** `3 of 120` */
export interface Position {
  readonly number: number;
  readonly of: number;
}

/** AWS allows 20 at once, then 1 per second (RegisterTaskDefinition and DeregisterTaskDefinition together). */
const AT_ONCE = 10;
const PAUSE_MS = 1_000;
/** What DeleteTaskDefinitions takes; it has a bucket of its own, of 5, refilled by 1 per second. */
const MOST_DELETED = 10;

/**
 * Carries a plan out: deregisters one after the other, then deletes in tens, until `signal` is aborted. What has been done
 * stays done: planned again, it goes on where it stopped.
 *
 * @throws AwsError when AWS refuses
 */
export async function* deregister(
  plan: DeregisterPlan,
  ecs: EcsWriter & RegistryWriter,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<DeregisterEvent, void, void> {
  const of = plan.deregister.length;
  for (const [index, revision] of plan.deregister.entries()) {
    if (index >= AT_ONCE) await clock.sleep(PAUSE_MS, signal);
    if (signal.aborted) return;
    const position = { number: index + 1, of };
    yield { kind: "deregistering", revision, position };
    await ecs.deregisterTaskDefinition(revision.arn, signal);
    yield { kind: "deregistered", revision, position };
  }
  for (let start = 0; start < plan.delete.length; start += MOST_DELETED) {
    if (start > 0) await clock.sleep(PAUSE_MS, signal);
    if (signal.aborted) return;
    yield* deleteSome(plan.delete.slice(start, start + MOST_DELETED), ecs, signal);
  }
}

async function* deleteSome(
  revisions: readonly Revision[],
  ecs: RegistryWriter,
  signal: AbortSignal,
): AsyncGenerator<DeregisterEvent, void, void> {
  yield { kind: "deleting", revisions };
  const failures = await ecs.deleteTaskDefinitions(revisions.map(({ arn }) => arn), signal);
  const reasonOf = (revision: Revision) => failures.get(revision.arn) ?? failures.get(shortName(revision));
  const deleted = revisions.filter((revision) => reasonOf(revision) === undefined);
  if (deleted.length > 0) yield { kind: "deleted", revisions: deleted };
  for (const revision of revisions) {
    const reason = reasonOf(revision);
    if (reason !== undefined) yield { kind: "notDeleted", revision, reason };
  }
}
