import { AwsError } from "../errors.ts";
import type { Clock } from "../host.ts";
import type { EcsReader } from "../ecs/ports.ts";
import type { ServiceRef, ServiceSnapshot } from "../ecs/service.ts";
import { assess, type FollowedDeployment, type Phase } from "./assess.ts";

/** One look at the followed deployment. */
export type Observation =
  | { readonly kind: "read"; readonly service: ServiceSnapshot; readonly phase: Phase }
  /** ECS does not know the service any more. */
  | { readonly kind: "missing" }
  /** AWS did not answer properly; watching goes on. */
  | { readonly kind: "trouble"; readonly error: AwsError };

export interface WatchOptions {
  readonly ref: ServiceRef;
  readonly followed: FollowedDeployment;
  readonly ecs: EcsReader;
  readonly clock: Clock;
  readonly random: () => number;
  /** Ends the watching; so does the first observation whose phase is an end. */
  readonly signal: AbortSignal;
}

const FASTEST_MS = 1_000;
const SLOWEST_MS = 5_000;
const SLOWEST_IN_TROUBLE_MS = 20_000;
/** One read that says MISSING may lag behind the truth; ECS is eventually consistent. */
const MISSING_READS_BELIEVED = 3;

/**
 * Watches a deployment until it has ended or `signal` is aborted, one read after the other. Trouble at AWS is survived;
 * throws an `AwsError` only where waiting does not mend it (credentials, permissions, a request that AWS rejects).
 */
export async function* watch(options: WatchOptions): AsyncGenerator<Observation, void, void> {
  const { ref, followed, ecs, clock, signal } = options;
  let delayMs = FASTEST_MS;
  let lastSeen = "";
  let missingReads = 0;
  while (!signal.aborted) {
    await clock.sleep(jittered(delayMs, options.random()), signal);
    if (signal.aborted) return;
    const seen = await look(ecs, ref, signal);
    if (seen instanceof AwsError) {
      if (signal.aborted) return;
      if (!isPassing(seen)) throw seen;
      yield { kind: "trouble", error: seen };
      delayMs = nextDelayInTroubleMs(delayMs);
    } else if (seen === undefined) {
      if (++missingReads >= MISSING_READS_BELIEVED) return yield { kind: "missing" };
      delayMs = FASTEST_MS;
    } else {
      missingReads = 0;
      const phase = assess(seen, followed);
      yield { kind: "read", service: seen, phase };
      if (phase.kind !== "progressing") return;
      const moved = stateOf(seen);
      delayMs = nextDelayMs(delayMs, moved !== lastSeen);
      lastSeen = moved;
    }
  }
}

/** A second after something moved, then ever more slowly, up to 5 s: the pause before the next read. */
export function nextDelayMs(previousMs: number, hasMoved: boolean): number {
  return hasMoved ? FASTEST_MS : Math.min(SLOWEST_MS, Math.max(FASTEST_MS, previousMs * 1.5));
}

/** Doubles, up to 20 s: throttling gets worse when everybody asks again at once. */
export function nextDelayInTroubleMs(previousMs: number): number {
  return Math.min(SLOWEST_IN_TROUBLE_MS, Math.max(FASTEST_MS, previousMs * 2));
}

/** Up to a tenth more or less, so that many runs started together do not ask in step. */
function jittered(ms: number, random: number): number {
  return Math.round(ms * (0.9 + 0.2 * random));
}

function isPassing({ kind }: AwsError): boolean {
  return kind === "throttled" || kind === "server" || kind === "lost" || kind === "unreachable";
}

async function look(
  ecs: EcsReader,
  ref: ServiceRef,
  signal: AbortSignal,
): Promise<ServiceSnapshot | undefined | AwsError> {
  try {
    return await ecs.describeService(ref, signal);
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}

function stateOf(service: ServiceSnapshot): string {
  return JSON.stringify([service.status, service.deployments, service.events[0]?.id]);
}
