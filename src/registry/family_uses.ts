import type { EcsReader } from "../model/ports.ts";
import type { RunScope } from "../model/service.ts";
import type { Clock } from "../host.ts";
import { findUses, type Unseen, type Uses } from "./find_uses.ts";

/** How long the rest of the cluster goes unread: its other services may be thousands. */
const CLUSTER_READ_EVERY_MS = 60_000;

/**
 * What of a family is in use, asked again and again. Every time the service, the tasks of the family, and those of the
 * cluster's other services that have shown the family; all the other services once a minute.
 */
export class FamilyUses {
  #others: { readonly arns: readonly string[]; readonly readAtMs: number } | undefined;
  readonly #told = new Set<Unseen>();

  constructor(
    readonly scope: RunScope,
    readonly family: string,
    private readonly ecs: EcsReader,
    private readonly clock: Clock,
  ) {}

  /**
   * As `findUses` has it, but each notice once.
   *
   * @throws AwsError as `findUses` does
   */
  async read(signal: AbortSignal): Promise<Uses> {
    const known = this.#others;
    const nowMs = this.clock.elapsed();
    const isRecent = known !== undefined && nowMs - known.readAtMs < CLUSTER_READ_EVERY_MS;
    const uses = await findUses(this.scope, this.family, this.ecs, signal, isRecent ? known.arns : undefined);
    if (!isRecent) this.#others = { arns: uses.others, readAtMs: nowMs };
    const notices = new Map([...uses.notices].filter(([unseen]) => !this.#told.has(unseen)));
    for (const unseen of notices.keys()) this.#told.add(unseen);
    return { ...uses, notices };
  }
}
