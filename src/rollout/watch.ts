import { asAwsError, AwsError, isTransient, MAX_REFUSALS } from "../errors.ts";
import type { EcsReader } from "../model/ports.ts";
import { type Deployment, primaryDeployment, type ServiceRef, type ServiceSnapshot } from "../model/service.ts";
import type { ServiceDeployment } from "../model/service_deployment.ts";
import {
  asRolledBack,
  assess,
  assessServiceDeployment,
  type Destination,
  type FollowedDeployment,
  type Phase,
  type WaitUntil,
} from "./judge/assess.ts";
import { MAX_PAUSE_MS, MIN_PAUSE_MS } from "./poll_schedule.ts";
import type { Progress } from "./events.ts";
import type { RunContext } from "./run_context.ts";

/** What one poll has shown of a service. */
export interface Observation {
  readonly service: ServiceSnapshot;
  /** Where a service deployment is followed. */
  readonly serviceDeployment: ServiceDeployment | undefined;
  readonly phase: Phase;
}

/** Polls ECS once; `undefined` where it does not know the service. Throws an `AwsError`. */
export type Poll = (signal: AbortSignal) => Promise<Observation | undefined>;

/** How many reads in a row (half a minute or more) may contradict earlier ones: a read may lag behind. */
const MAX_LAGGING_READS = 12;

/**
 * Follows a rolling deployment by its `ecs-svc/...` id: one call a poll. A read with the desired count from before the
 * order is taken to lag behind, until another count was seen, or for `MAX_LAGGING_READS`: auto scaling may have set
 * that count again.
 */
export function followDeployment(
  ref: ServiceRef,
  followed: FollowedDeployment,
  until: WaitUntil,
  ecs: EcsReader,
): Poll {
  let hasSeenOwn = false;
  let readsWithoutIt = 0;
  let { outdatedCount } = followed;
  let readsOfOutdatedCount = 0;
  return async (signal) => {
    const service = await ecs.readSnapshot(ref, signal, "poll");
    if (service === undefined) return undefined;
    const own = service.deployments.find(({ id }) => id === followed.own.id);
    const isListed = own !== undefined;
    if (isListed && (own.desiredCount !== outdatedCount || ++readsOfOutdatedCount >= MAX_LAGGING_READS)) {
      outdatedCount = undefined;
    }
    hasSeenOwn ||= isListed;
    // After a service was created, a read that lags behind shows the deleted one of that name: it does not count.
    const isEarlier = service.status === "INACTIVE" && !isListed && followed.predecessors.size === 0;
    if (isEarlier) return undefined;
    readsWithoutIt = hasSeenOwn && !isListed ? readsWithoutIt + 1 : 0;
    const phase = assess(service, { ...followed, outdatedCount }, until);
    const primary = primaryDeployment(service);
    const isGone = phase.kind === "progressing" && readsWithoutIt >= MAX_LAGGING_READS && primary !== undefined;
    return { service, serviceDeployment: undefined, phase: isGone ? asRolledBack(followed.own, primary) : phase };
  };
}

/** Follows a service deployment by its ARN: two calls a poll, at the same time. */
export function followServiceDeployment(
  ref: ServiceRef,
  arn: string,
  destination: Destination,
  ecs: EcsReader,
): Poll {
  return async (signal) => {
    const [service, serviceDeployment] = await Promise.all([
      ecs.readSnapshot(ref, signal, "poll"),
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

/** The factor by which each pause is longer than the one before, where nothing moves. */
const GROWTH = 1.5;
/** Calls are scarce where many services are watched. */
const GROWTH_OF_MANY = 2;
/** Pauses double up to this: throttling gets worse when everybody asks again at once. */
const MAX_PAUSE_AFTER_ERROR_MS = 20_000;
/** How many reads in a row without the service show that it is gone: one may lag behind. */
export const MAX_MISSING_READS = 3;
/** The same for a service that was never seen: a new one may take longer to be shown. So many reads take 40 s. */
const MAX_UNSEEN_READS = 12;

/**
 * Polls until `signal` is aborted; the caller stops at the end of the deployment. Goes on after transient errors;
 * throws an `AwsError` only where waiting does not help (credentials, permissions, a request that AWS rejects), and AWS
 * says so twice, with no proper answer in between.
 *
 * @returns what each poll has shown, or why it failed; `missing`: ECS no longer knows the service, which is the end
 */
export async function* watch(
  poll: Poll,
  { clock, random, signal, pollSchedule }: Pick<RunContext, "clock" | "random" | "signal" | "pollSchedule">,
): AsyncGenerator<Observation | AwsError | "missing", void, void> {
  const growth = pollSchedule === undefined ? GROWTH : GROWTH_OF_MANY;
  let delayMs = MIN_PAUSE_MS;
  const slower = () => Math.min(MAX_PAUSE_MS, delayMs * growth);
  let lastState = "";
  let missingReads = 0;
  let refusals = 0;
  let hasSeenService = false;
  pollSchedule?.join();
  try {
    while (!signal.aborted) {
      await clock.sleep(pollSchedule?.pauseMs(delayMs) ?? jittered(delayMs, random()), signal);
      if (signal.aborted) return;
      const observation = await poll(signal).catch(asAwsError);
      if (observation instanceof AwsError) {
        if (signal.aborted) return;
        if (!isTransient(observation) && ++refusals >= MAX_REFUSALS) throw observation;
        yield observation;
        delayMs = Math.min(MAX_PAUSE_AFTER_ERROR_MS, delayMs * 2);
      } else if (observation === undefined) {
        refusals = 0;
        if (++missingReads >= (hasSeenService ? MAX_MISSING_READS : MAX_UNSEEN_READS)) return yield "missing";
        delayMs = hasSeenService ? MIN_PAUSE_MS : slower();
      } else {
        hasSeenService = true;
        missingReads = 0;
        refusals = 0;
        yield observation;
        const state = stateOf(observation);
        delayMs = state === lastState ? slower() : MIN_PAUSE_MS;
        lastState = state;
      }
    }
  } finally {
    pollSchedule?.leave();
  }
}

/**
 * Up to a tenth more or less, so that runs that start together do not poll in step; but no more than the longest pause,
 * so that what happens is seen within 5 s.
 */
function jittered(ms: number, random: number): number {
  return Math.min(Math.max(ms, MAX_PAUSE_MS), Math.round(ms * (0.9 + 0.2 * random)));
}

function stateOf({ service, serviceDeployment }: Observation): string {
  return JSON.stringify([service.status, service.deployments, service.events[0]?.id, serviceDeployment]);
}

/** Finds what is new, so that each event and each state is reported once, however stale a read may be. */
export class ProgressTracker {
  readonly #known: Set<string>;
  #deployments = "";
  #serviceDeployment = "";

  /** The events of `service` are known already. */
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
