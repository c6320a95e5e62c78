import { AwsError, isPassing } from "../errors.ts";
import type { Clock } from "../host.ts";
import type { Follow, Look } from "./follow.ts";

/** What a look brought. */
export type Observation =
  | { readonly kind: "seen"; readonly look: Look }
  /** ECS does not know the service any more. */
  | { readonly kind: "missing" }
  /** AWS did not answer properly; watching goes on. */
  | { readonly kind: "trouble"; readonly error: AwsError };

export interface WatchOptions {
  readonly follow: Follow;
  readonly clock: Clock;
  /** A number in [0, 1), for jitter. */
  readonly random: () => number;
  /** Ends the watching; so does the first look whose phase is an end. */
  readonly signal: AbortSignal;
}

const FASTEST_MS = 1_000;
const SLOWEST_MS = 5_000;
const SLOWEST_IN_TROUBLE_MS = 20_000;
/** One read that says MISSING may lag behind the truth; ECS is eventually consistent. */
const MISSING_READS_BELIEVED = 3;
/** A service that has just been created may take longer to be shown for the first time: so many reads take 40 s. */
const UNSEEN_READS_BELIEVED = 12;

/** A refusal that comes once may be a policy that is just being replaced, or a node of AWS's that lags behind. */
const REFUSALS_BELIEVED = 2;

/**
 * Watches until what is followed has ended or `signal` is aborted, one look after the other. Trouble at AWS is survived;
 * throws an `AwsError` only where waiting does not mend it (credentials, permissions, a request that AWS rejects), and AWS
 * says so twice, with no proper answer in between.
 */
export async function* watch({ follow, clock, random, signal }: WatchOptions): AsyncGenerator<Observation, void, void> {
  let delayMs = FASTEST_MS;
  let lastState = "";
  let missingReads = 0;
  let refusals = 0;
  let hasSeenIt = false;
  while (!signal.aborted) {
    await clock.sleep(jittered(delayMs, random()), signal);
    if (signal.aborted) return;
    const look = await lookOnce(follow, signal);
    if (look instanceof AwsError) {
      if (signal.aborted) return;
      if (!isPassing(look) && ++refusals >= REFUSALS_BELIEVED) throw look;
      yield { kind: "trouble", error: look };
      delayMs = nextDelayInTroubleMs(delayMs);
    } else if (look === undefined) {
      refusals = 0;
      if (++missingReads >= (hasSeenIt ? MISSING_READS_BELIEVED : UNSEEN_READS_BELIEVED)) {
        return yield { kind: "missing" };
      }
      delayMs = hasSeenIt ? FASTEST_MS : nextDelayMs(delayMs, false);
    } else {
      hasSeenIt = true;
      missingReads = 0;
      refusals = 0;
      yield { kind: "seen", look };
      if (look.phase.kind !== "progressing") return;
      const state = stateOf(look);
      delayMs = nextDelayMs(delayMs, state !== lastState);
      lastState = state;
    }
  }
}

/** A second after something moved, then ever more slowly, up to 5 s: the pause before the next look. */
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

async function lookOnce(follow: Follow, signal: AbortSignal): Promise<Look | undefined | AwsError> {
  try {
    return await follow(signal);
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}

function stateOf({ service, serviceDeployment }: Look): string {
  return JSON.stringify([service.status, service.deployments, service.events[0]?.id, serviceDeployment]);
}
