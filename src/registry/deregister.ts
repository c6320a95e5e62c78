import { type Revision, shortName } from "../model/arn.ts";
import type { EcsWriter } from "../model/ports.ts";
import type { Clock } from "../host.ts";
import type { FamilyUses, Uses } from "./find_uses.ts";
import type { DeregisterPlan } from "./plan_deregister.ts";

/** What happens while revisions are deregistered. */
export type DeregisterEvent =
  | { readonly kind: "deregistering" | "deregistered"; readonly revision: Revision; readonly position: Position }
  | { readonly kind: "deleting"; readonly revisions: readonly Revision[] }
  | { readonly kind: "deleted"; readonly revisions: readonly Revision[] }
  /** It has come into use since the plan was made; `user` follows "in use by". */
  | { readonly kind: "notDeregistered"; readonly revision: Revision; readonly user: string }
  /** AWS has refused to delete it, in its own words, or something uses it by now. */
  | { readonly kind: "notDeleted"; readonly revision: Revision; readonly reason: string }
  /** Something that could be looked at when the plan was made cannot be looked at any more. */
  | { readonly kind: "notice"; readonly message: string };

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
 * Deregisters one revision after the other, and deletes ten at a time, until `signal` is aborted. What is in use is
 * read before each call, for a long list takes minutes. A later plan goes on where this one stopped; but what is
 * deregistered and not yet deleted can be found only as long as ECS lists it.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTaskDefinitions.html
 */
export async function* deregister(
  plan: DeregisterPlan,
  uses: FamilyUses,
  ecs: EcsWriter,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<DeregisterEvent, void, void> {
  const later = new Set(plan.deregister.map(({ arn }) => arn));
  const deletion = new Deletion(plan.delete.filter(({ arn }) => !later.has(arn)), uses, ecs, clock);
  for (const [index, revision] of plan.deregister.entries()) {
    yield* deletion.run(MOST_DELETED, signal);
    if (index >= AT_ONCE) await clock.sleep(PAUSE_MS, signal);
    if (signal.aborted) return;
    const { byArn, notices } = await uses.read(signal);
    for (const message of notices.values()) yield { kind: "notice", message };
    const user = byArn.get(revision.arn);
    if (user !== undefined) {
      yield { kind: "notDeregistered", revision, user };
      continue;
    }
    const position = { number: index + 1, of: plan.deregister.length };
    yield { kind: "deregistering", revision, position };
    await ecs.deregisterTaskDefinition(revision.arn, signal);
    yield { kind: "deregistered", revision, position };
    if (plan.delete.length > 0) deletion.waiting.push(revision);
  }
  yield* deletion.run(1, signal);
}

class Deletion {
  #hasBegun = false;

  constructor(
    readonly waiting: Revision[],
    private readonly uses: FamilyUses,
    private readonly ecs: EcsWriter,
    private readonly clock: Clock,
  ) {}

  /** Deletes as long as so many wait. */
  async *run(atLeast: number, signal: AbortSignal): AsyncGenerator<DeregisterEvent, void, void> {
    while (this.waiting.length >= atLeast) {
      if (this.#hasBegun) await this.clock.sleep(PAUSE_MS, signal);
      if (signal.aborted) return;
      this.#hasBegun = true;
      const uses = await this.uses.read(signal);
      for (const message of uses.notices.values()) yield { kind: "notice", message };
      yield* this.#deleteSome(this.waiting.splice(0, MOST_DELETED), uses, signal);
    }
  }

  async *#deleteSome(
    revisions: readonly Revision[],
    { byArn }: Uses,
    signal: AbortSignal,
  ): AsyncGenerator<DeregisterEvent, void, void> {
    const unused = revisions.filter(({ arn }) => !byArn.has(arn));
    for (const revision of revisions) {
      const user = byArn.get(revision.arn);
      if (user !== undefined) yield { kind: "notDeleted", revision, reason: `it is in use by ${user} by now` };
    }
    if (unused.length === 0) return;
    yield { kind: "deleting", revisions: unused };
    const failures = await this.ecs.deleteTaskDefinitions(unused.map(({ arn }) => arn), signal);
    const reasonOf = (revision: Revision) => failures.get(revision.arn) ?? failures.get(shortName(revision));
    const deleted = unused.filter((revision) => reasonOf(revision) === undefined);
    if (deleted.length > 0) yield { kind: "deleted", revisions: deleted };
    for (const revision of unused) {
      const reason = reasonOf(revision);
      if (reason !== undefined) yield { kind: "notDeleted", revision, reason };
    }
  }
}
