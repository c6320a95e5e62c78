import { asAwsError, AwsError, isPassing, REFUSALS_BELIEVED } from "../errors.ts";
import type { EcsReader } from "../model/ports.ts";
import {
  type Deployment,
  primaryDeployment,
  type ServiceEvent,
  type ServiceRef,
  type ServiceSnapshot,
} from "../model/service.ts";
import type { ServiceDeployment } from "../model/service_deployment.ts";
import {
  assess,
  assessServiceDeployment,
  type Destination,
  type FollowedDeployment,
  type Phase,
  type WaitUntil,
  wentBack,
} from "./assess.ts";
import { FASTEST_MS, SLOWEST_MS } from "./common_pace.ts";
import type { RunContext } from "./run_context.ts";

export interface Look {
  readonly service: ServiceSnapshot;
  /** Where a service deployment is followed. */
  readonly serviceDeployment: ServiceDeployment | undefined;
  readonly phase: Phase;
}

/** Looks once; `undefined` when ECS does not know the service. Throws an `AwsError`. */
export type Follow = (signal: AbortSignal) => Promise<Look | undefined>;

/** Reads may lag behind even what an earlier one has shown; so many in a row take half a minute and more. */
const READS_BELIEVED = 12;

/**
 * Follows a rolling deployment by its `ecs-svc/...` id: one call a look. A count from before the order is taken for a read
 * that lags behind until another one was seen, or for as many reads: auto scaling may have set the old one again.
 */
export function followDeployment(
  ref: ServiceRef,
  followed: FollowedDeployment,
  until: WaitUntil,
  ecs: EcsReader,
): Follow {
  let hasSeenOwn = false;
  let readsWithoutIt = 0;
  let { outdatedCount } = followed;
  let readsOfOutdatedCount = 0;
  return async (signal) => {
    const service = await ecs.lookAtService(ref, signal, "poll");
    if (service === undefined) return undefined;
    const own = service.deployments.find(({ id }) => id === followed.own.id);
    const isListed = own !== undefined;
    if (isListed && (own.desiredCount !== outdatedCount || ++readsOfOutdatedCount >= READS_BELIEVED)) {
      outdatedCount = undefined;
    }
    hasSeenOwn ||= isListed;
    // After a service was created, a read that lags behind shows the deleted one of the same name: as good as none.
    const isEarlier = service.status === "INACTIVE" && !isListed && followed.predecessors.size === 0;
    if (isEarlier) return undefined;
    readsWithoutIt = hasSeenOwn && !isListed ? readsWithoutIt + 1 : 0;
    const phase = assess(service, { ...followed, outdatedCount }, until);
    const primary = primaryDeployment(service);
    const isGone = phase.kind === "progressing" && readsWithoutIt >= READS_BELIEVED && primary !== undefined;
    return { service, serviceDeployment: undefined, phase: isGone ? wentBack(followed.own, primary) : phase };
  };
}

/** Follows a service deployment by its ARN: two calls a look, at the same time. */
export function followServiceDeployment(
  ref: ServiceRef,
  arn: string,
  destination: Destination,
  ecs: EcsReader,
): Follow {
  return async (signal) => {
    const [service, serviceDeployment] = await Promise.all([
      ecs.lookAtService(ref, signal, "poll"),
      ecs.describeServiceDeployment(arn, signal, "poll"),
    ]);
    if (service === undefined) return undefined;
    // A service deployment that is not shown says nothing about the service: reads lag behind writes.
    const phase: Phase = serviceDeployment === undefined
      ? { kind: "progressing" }
      : assessServiceDeployment(service, serviceDeployment, destination);
    return { service, serviceDeployment, phase };
  };
}

/** What a look has shown. */
type Observation =
  | { readonly kind: "seen"; readonly look: Look }
  /** ECS does not know the service any more. */
  | { readonly kind: "missing" }
  /** AWS did not answer properly; watching goes on. */
  | { readonly kind: "trouble"; readonly error: AwsError };

const GROWTH = 1.5;
/** Calls are scarce where many services are watched. */
const GROWTH_OF_MANY = 2;
const SLOWEST_IN_TROUBLE_MS = 20_000;
/** One read that says MISSING may lag behind the truth; ECS is eventually consistent. */
export const MISSING_READS_BELIEVED = 3;
/** A service that has just been created may take longer to be shown for the first time: so many reads take 40 s. */
const UNSEEN_READS_BELIEVED = 12;

/**
 * Watches until `signal` is aborted, one look after the other; who sees an end ends the watching. Trouble at AWS is survived;
 * throws an `AwsError` only where waiting does not mend it (credentials, permissions, a request that AWS rejects), and AWS
 * says so twice, with no proper answer in between.
 */
export function watch(follow: Follow, context: WatchContext): AsyncGenerator<Observation, void, void> {
  const observations = observe(follow, context);
  return context.commonPace?.whileWatching(observations) ?? observations;
}

type WatchContext = Pick<RunContext, "clock" | "random" | "signal" | "commonPace">;

async function* observe(
  follow: Follow,
  { clock, random, signal, commonPace }: WatchContext,
): AsyncGenerator<Observation, void, void> {
  const growth = commonPace === undefined ? GROWTH : GROWTH_OF_MANY;
  let delayMs = FASTEST_MS;
  let lastState = "";
  let missingReads = 0;
  let refusals = 0;
  let hasSeenIt = false;
  while (!signal.aborted) {
    await clock.sleep(commonPace?.pauseMs(delayMs) ?? jittered(delayMs, random()), signal);
    if (signal.aborted) return;
    const look = await follow(signal).catch(asAwsError);
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
      delayMs = hasSeenIt ? FASTEST_MS : nextDelayMs(delayMs, false, growth);
    } else {
      hasSeenIt = true;
      missingReads = 0;
      refusals = 0;
      yield { kind: "seen", look };
      const state = stateOf(look);
      delayMs = nextDelayMs(delayMs, state !== lastState, growth);
      lastState = state;
    }
  }
}

/** A second after something moved, then ever more slowly, up to 5 s: the pause before the next look. */
export function nextDelayMs(previousMs: number, hasMoved: boolean, growth = GROWTH): number {
  return hasMoved ? FASTEST_MS : Math.min(SLOWEST_MS, Math.max(FASTEST_MS, previousMs * growth));
}

/** Doubles, up to 20 s: throttling gets worse when everybody asks again at once. */
export function nextDelayInTroubleMs(previousMs: number): number {
  return Math.min(SLOWEST_IN_TROUBLE_MS, Math.max(FASTEST_MS, previousMs * 2));
}

/**
 * Up to a tenth more or less, so that many runs started together do not ask in step; but no more than the slowest pace, so
 * that what happens is seen within 5 s.
 */
function jittered(ms: number, random: number): number {
  return Math.min(Math.max(ms, SLOWEST_MS), Math.round(ms * (0.9 + 0.2 * random)));
}

function stateOf({ service, serviceDeployment }: Look): string {
  return JSON.stringify([service.status, service.deployments, service.events[0]?.id, serviceDeployment]);
}

/** What two reads of a service differ by, as far as a person who waits wants to know. */
export interface Progress {
  /** Events that were not there before, oldest first. */
  readonly events: readonly ServiceEvent[];
  /** All deployments as they are now, when any count or state differs; else empty. */
  readonly deployments: readonly Deployment[];
  /** The service deployment that is followed, when its status, its stage or a waiting hook is new. */
  readonly serviceDeployment: ServiceDeployment | undefined;
}

/** Finds what is new, so that each event and each state is reported once, however stale a read may be. */
export class ProgressTracker {
  readonly #known: Set<string>;
  #deployments = "";
  #serviceDeployment = "";

  /** The events of `service` are old news. */
  constructor(service: ServiceSnapshot) {
    this.#known = new Set(service.events.map(({ id }) => id));
  }

  /** What is new in `service`; `undefined` when nothing is. */
  next(service: ServiceSnapshot, followed?: ServiceDeployment): Progress | undefined {
    const events = service.events.filter(({ id }) => !this.#known.has(id)).reverse();
    for (const { id } of events) this.#known.add(id);
    const summary = service.deployments.map(summarize).join("\n");
    const deployments = summary === this.#deployments ? [] : service.deployments;
    this.#deployments = summary;
    const stage = followed === undefined ? this.#serviceDeployment : summarizeStage(followed);
    const serviceDeployment = stage === this.#serviceDeployment ? undefined : followed;
    this.#serviceDeployment = stage;
    const isNew = events.length > 0 || deployments.length > 0 || serviceDeployment !== undefined;
    return isNew ? { events, deployments, serviceDeployment } : undefined;
  }
}

function summarize({ id, status, desiredCount, pendingCount, runningCount, rolloutState }: Deployment): string {
  return [id, status, desiredCount, pendingCount, runningCount, rolloutState].join(" ");
}

function summarizeStage({ status, lifecycleStage, awaitingHooks }: ServiceDeployment): string {
  return [status, lifecycleStage, ...awaitingHooks].join(" ");
}
