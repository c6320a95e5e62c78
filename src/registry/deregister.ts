import { type Revision, shortName } from "../model/arn.ts";
import type { EcsWriter } from "../model/ports.ts";
import type { Clock } from "../host.ts";
import type { FamilyUses, TaskDefinitionUser, Uses, UsesNotice } from "./find_uses.ts";
import type { DeregisterPlan } from "./plan_deregister.ts";

export type DeregisterEvent = Readonly<
  | { kind: "deregistering" | "deregistered"; revision: Revision; position: { number: number; of: number } }
  | { kind: "deleting" | "deleted"; revisions: readonly Revision[] }
  /** Something has begun to use the revision since the plan was made. */
  | { kind: "notDeregistered"; revision: Revision; user: TaskDefinitionUser }
  /** `reason`: why AWS refused to delete it, in its own words, or what uses it by now. */
  | { kind: "notDeleted"; revision: Revision; reason: string | TaskDefinitionUser }
  /** Something that could be read when the plan was made can no longer be read. */
  | { kind: "notice"; notice: UsesNotice }
>;

/** AWS allows 20 at once, then 1 per second (RegisterTaskDefinition and DeregisterTaskDefinition together). */
const AT_ONCE = 10;
const PAUSE_MS = 1_000;
/** The limit of DeleteTaskDefinitions, which has a bucket of its own: of 5, refilled by 1 per second. */
const DELETED_PER_CALL = 10;

type Events<Result = void> = AsyncGenerator<DeregisterEvent, Result, void>;

/**
 * Deregisters one revision after the other, and deletes ten at a time, until `signal` is aborted. What is in use is
 * read again before each call, because a long list takes minutes. A later plan goes on where this one stopped; but
 * revisions that were deregistered and not yet deleted can be found only as long as ECS lists them.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTaskDefinitions.html
 */
export class Deregistration {
  /** Deregistered revisions that are still to be deleted. */
  readonly #waiting: Revision[];
  #hasDeleted = false;

  constructor(
    private readonly plan: DeregisterPlan,
    private readonly uses: FamilyUses,
    private readonly ecs: EcsWriter,
    private readonly clock: Clock,
    private readonly signal: AbortSignal,
  ) {
    const later = new Set(plan.deregister.map(({ arn }) => arn));
    this.#waiting = plan.delete.filter(({ arn }) => !later.has(arn));
  }

  async *run(): Events {
    const { plan, ecs, signal } = this;
    for (const [index, revision] of plan.deregister.entries()) {
      yield* this.#deleteWaiting(DELETED_PER_CALL);
      if (index >= AT_ONCE) await this.clock.sleep(PAUSE_MS, signal);
      if (signal.aborted) return;
      const user = (yield* this.#readUses()).get(revision.arn);
      if (user !== undefined) {
        yield { kind: "notDeregistered", revision, user };
        continue;
      }
      const position = { number: index + 1, of: plan.deregister.length };
      yield { kind: "deregistering", revision, position };
      await ecs.deregisterTaskDefinition(revision.arn, signal);
      yield { kind: "deregistered", revision, position };
      if (plan.delete.length > 0) this.#waiting.push(revision);
    }
    yield* this.#deleteWaiting(1);
  }

  async *#readUses(): Events<Uses["byArn"]> {
    const { byArn, notices } = await this.uses.read(this.signal);
    for (const notice of notices) yield { kind: "notice", notice };
    return byArn;
  }

  /** Deletes until fewer than `atLeast` revisions are waiting. */
  async *#deleteWaiting(atLeast: number): Events {
    while (this.#waiting.length >= atLeast) {
      if (this.#hasDeleted) await this.clock.sleep(PAUSE_MS, this.signal);
      if (this.signal.aborted) return;
      this.#hasDeleted = true;
      const users = yield* this.#readUses();
      yield* this.#deleteUnused(this.#waiting.splice(0, DELETED_PER_CALL), users);
    }
  }

  async *#deleteUnused(revisions: readonly Revision[], users: Uses["byArn"]): Events {
    const unused = revisions.filter(({ arn }) => !users.has(arn));
    for (const revision of revisions) {
      const user = users.get(revision.arn);
      if (user !== undefined) yield { kind: "notDeleted", revision, reason: user };
    }
    if (unused.length === 0) return;
    yield { kind: "deleting", revisions: unused };
    const failures = await this.ecs.deleteTaskDefinitions(unused.map(({ arn }) => arn), this.signal);
    const reasonOf = (revision: Revision) => failures.get(revision.arn) ?? failures.get(shortName(revision));
    const deleted = unused.filter((revision) => reasonOf(revision) === undefined);
    if (deleted.length > 0) yield { kind: "deleted", revisions: deleted };
    for (const revision of unused) {
      const reason = reasonOf(revision);
      if (reason !== undefined) yield { kind: "notDeleted", revision, reason };
    }
  }
}
