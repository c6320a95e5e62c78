import type { Clock } from "../host.ts";
import type { Priority } from "../model/ports.ts";

/** A category of actions, which share one of AWS's token buckets. */
interface Category {
  readonly actions: readonly string[];
  readonly burst: number;
  readonly perSecond: number;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html */
const CATEGORIES: readonly Category[] = [
  { actions: ["CreateService", "DeleteService", "UpdateService"], burst: 50, perSecond: 5 },
  { actions: ["DescribeServices", "ListServices"], burst: 100, perSecond: 20 },
  { actions: ["DescribeServiceDeployments", "ListServiceDeployments"], burst: 50, perSecond: 20 },
  { actions: ["DescribeServiceRevisions"], burst: 50, perSecond: 20 },
  { actions: ["DescribeTaskDefinition", "ListTaskDefinitions"], burst: 50, perSecond: 20 },
  { actions: ["RegisterTaskDefinition", "DeregisterTaskDefinition"], burst: 20, perSecond: 1 },
  { actions: ["DeleteTaskDefinitions"], burst: 5, perSecond: 1 },
  { actions: ["DescribeTasks", "ListTasks"], burst: 100, perSecond: 20 },
  // In none of AWS's categories: counted like UpdateService, because it also changes a service.
  { actions: ["StopServiceDeployment"], burst: 50, perSecond: 5 },
];

/** All other actions: AWS publishes no rates for them, or rates that no run comes near. */
const OTHERS: Category = { actions: [], burst: 1e9, perSecond: 1e9 };

/** The share of AWS's rates that a run uses: others work in the account, too. */
const SHARE = 0.8;
/** How long the share is halved after AWS has throttled a call. */
const HALVED_FOR_MS = 30_000;

/**
 * How many calls of a category may be in flight: at 100 ms each, these are far more than AWS's rates allow. After a
 * network stall, no more than these arrive at once, and AWS's buckets have room for them. Each takes a connection and
 * memory.
 */
const MAX_CALLS_IN_FLIGHT = 10;
/** Fewer for polls, many of which come at once: an answer about ten services takes a megabyte until it is parsed. */
const MAX_POLLS_IN_FLIGHT = 4;

/** How a call takes its turn. */
export interface Turn {
  readonly priority?: Priority | undefined;
  /** Whose turn to use, if `hold` has waited for one. */
  readonly holder?: string | undefined;
}

/**
 * Holds the calls of a run with many services to AWS's rates: a token bucket for each category, in one account and
 * region. Waiting calls take turns in the order in which they came, polls behind all others.
 */
export class CallRates {
  readonly #buckets = new Map<Category, Bucket>();
  readonly #held = new Set<string>();

  constructor(private readonly clock: Clock) {}

  /** Makes a call when its turn has come, or when `signal` is aborted. */
  async run<Result>(
    action: string,
    { priority, holder = "" }: Turn,
    signal: AbortSignal,
    call: () => Result | Promise<Result>,
  ): Promise<Result> {
    const bucket = this.#bucketOf(action);
    if (this.#held.delete(keyOf(action, holder))) bucket.enter();
    else if (!await bucket.take(signal, () => bucket.enter(), priority)) return await call();
    try {
      return await call();
    } finally {
      bucket.leave();
    }
  }

  /** Waits for a turn, and keeps it for the holder's next call: what is read in between is fresh when that is sent. */
  async hold(action: string, holder: string, signal: AbortSignal): Promise<void> {
    const key = keyOf(action, holder);
    if (this.#held.has(key)) return;
    await this.#bucketOf(action).take(signal, () => {});
    if (!signal.aborted) this.#held.add(key);
  }

  /** Whether calls to ECS are waiting for their turn. */
  get isHoldingBack(): boolean {
    return [...this.#buckets].some(([category, { waiting }]) => category !== OTHERS && waiting > 0);
  }

  /** Slows down after AWS has throttled a call: somebody else uses the account's rates, too. */
  noteThrottled(action: string): void {
    this.#bucketOf(action).halve();
  }

  #bucketOf(action: string): Bucket {
    const category = CATEGORIES.find(({ actions }) => actions.includes(action)) ?? OTHERS;
    const bucket = this.#buckets.get(category) ?? new Bucket(category, this.clock);
    this.#buckets.set(category, bucket);
    return bucket;
  }
}

const keyOf = (action: string, holder: string) => `${action} ${holder}`;

/** Wakes each waiting call, in the order in which they came. */
type Waiting = Set<() => void>;

/** Waits in a queue. Resolves to `true` once woken, to `false` where `signal` is aborted first. */
function wait(queue: Waiting, signal: AbortSignal, onEnd: (isWoken: boolean) => void): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (isWoken: boolean) => {
      queue.delete(wake);
      signal.removeEventListener("abort", stop);
      onEnd(isWoken);
      resolve(isWoken);
    };
    const wake = () => end(true);
    const stop = () => end(false);
    queue.add(wake);
    signal.addEventListener("abort", stop);
  });
}

const maxInFlight = (priority: Priority | undefined) => priority === "poll" ? MAX_POLLS_IN_FLIGHT : MAX_CALLS_IN_FLIGHT;

class Bucket {
  #tokens: number;
  #filledAtMs: number;
  #halvedUntilMs = -Infinity;
  #inFlight = 0;
  readonly #calls: Waiting = new Set();
  readonly #polls: Waiting = new Set();
  #isServing = false;
  /** Ends the pause before the next turn. */
  #wake = () => {};

  constructor(private readonly category: Category, private readonly clock: Clock) {
    this.#tokens = category.burst * SHARE;
    this.#filledAtMs = clock.elapsed();
  }

  /**
   * Waits for a turn. Resolves to `true` when it has come, to `false` where `signal` is aborted first.
   *
   * @param onTurn called at the moment the turn comes
   */
  async take(signal: AbortSignal, onTurn: () => void, priority?: Priority): Promise<boolean> {
    if (signal.aborted) return false;
    if (this.waiting === 0 && this.#takeToken(maxInFlight(priority))) {
      onTurn();
      return true;
    }
    // Polls may be waiting, and this call may go before them.
    this.#wake();
    const taking = wait(priority === "poll" ? this.#polls : this.#calls, signal, (isWoken) => {
      if (isWoken) onTurn();
      if (this.waiting === 0) this.#wake();
    });
    if (!this.#isServing) this.#serve();
    return await taking;
  }

  enter(): void {
    this.#inFlight++;
  }

  leave(): void {
    this.#inFlight--;
    this.#wake();
  }

  halve(): void {
    this.#fill();
    this.#tokens = 0;
    this.#halvedUntilMs = this.clock.elapsed() + HALVED_FOR_MS;
  }

  get waiting(): number {
    return this.#calls.size + this.#polls.size;
  }

  get #share(): number {
    return this.clock.elapsed() < this.#halvedUntilMs ? SHARE / 2 : SHARE;
  }

  #fill(): void {
    const nowMs = this.clock.elapsed();
    const { burst, perSecond } = this.category;
    const filled = this.#tokens + (nowMs - this.#filledAtMs) / 1_000 * perSecond * this.#share;
    this.#tokens = Math.min(burst * this.#share, filled);
    this.#filledAtMs = nowMs;
  }

  #takeToken(max: number): boolean {
    this.#fill();
    if (this.#tokens < 1 || this.#inFlight >= max) return false;
    this.#tokens--;
    return true;
  }

  async #serve(): Promise<void> {
    this.#isServing = true;
    while (this.waiting > 0) {
      const arePolls = this.#calls.size === 0;
      const max = maxInFlight(arePolls ? "poll" : undefined);
      const [wake] = arePolls ? this.#polls : this.#calls;
      if (this.#takeToken(max)) wake!();
      else await this.#pause(max);
    }
    this.#isServing = false;
  }

  /** Waits for the next token; ends early when a call has ended or arrived, or when nobody waits any more. */
  async #pause(max: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const end = new AbortController();
    this.#wake = () => {
      end.abort(null);
      resolve();
    };
    if (this.#inFlight >= max) return await promise;
    const missingMs = (1 - this.#tokens) / (this.category.perSecond * this.#share) * 1_000;
    await this.clock.sleep(Math.ceil(missingMs), end.signal);
  }
}
