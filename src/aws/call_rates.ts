import type { Clock } from "../host.ts";
import type { Pace } from "../model/ports.ts";

/** The actions of a category, which share one of AWS's buckets. */
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
  // In none of AWS's categories: what it does to a service is what an update does.
  { actions: ["StopServiceDeployment"], burst: 50, perSecond: 5 },
];

/** Everything else: AWS publishes no rates of it, or none that a run comes near. */
const OTHERS: Category = { actions: [], burst: 1e9, perSecond: 1e9 };

/** How much of AWS's rates is used: others work in the account, too. */
const SHARE = 0.8;
/** After AWS has throttled a call, half of that for so long. */
const HALVED_FOR_MS = 30_000;

/**
 * So many calls of a category are under way at most: at 100 ms each that is far more than AWS allows. Where the network
 * stalls, no more than these arrive at once, which AWS's buckets have room for; and each takes a connection, and memory.
 */
const MOST_UNDER_WAY = 10;
/** Those who watch look in the same moments. An answer about ten services takes a megabyte until it is read. */
const MOST_POLLS_UNDER_WAY = 4;

/** How a call takes its turn. */
export interface Turn {
  readonly pace?: Pace | undefined;
  /** Whose turn it is that was waited for before. */
  readonly holder?: string | undefined;
}

/**
 * Holds the calls of a run with many services to AWS's rates: a bucket of tokens for each category, in one account and
 * region. Calls that wait take turns in the order in which they came, polls behind all others.
 */
export class CallRates {
  readonly #buckets = new Map<Category, Bucket>();
  readonly #held = new Set<string>();

  constructor(private readonly clock: Clock) {}

  /** Makes a call when its turn has come, or when `signal` is aborted. */
  async run<Result>(
    action: string,
    { pace, holder = "" }: Turn,
    signal: AbortSignal,
    call: () => Result | Promise<Result>,
  ): Promise<Result> {
    const bucket = this.#bucketOf(action);
    if (this.#held.delete(keyOf(action, holder))) bucket.enter();
    else if (!await bucket.take(signal, () => bucket.enter(), pace)) return await call();
    try {
      return await call();
    } finally {
      bucket.leave();
    }
  }

  /** Waits for a turn that is kept for the holder's next call: what is read meanwhile is new when that is sent. */
  async hold(action: string, holder: string, signal: AbortSignal): Promise<void> {
    const key = keyOf(action, holder);
    if (this.#held.has(key)) return;
    await this.#bucketOf(action).take(signal, () => {});
    if (!signal.aborted) this.#held.add(key);
  }

  /** Whether calls of ECS wait for their turn. */
  get isHoldingBack(): boolean {
    return [...this.#buckets].some(([category, { waiting }]) => category !== OTHERS && waiting > 0);
  }

  /** AWS has throttled a call: somebody else uses the account's rates, too. */
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

/** Those who wait are woken in the order of this set. */
type Waiting = Set<() => void>;

/** Resolves to whether it was woken; it was not where `signal` is aborted first. */
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

const mostOf = (pace: Pace | undefined) => pace === "poll" ? MOST_POLLS_UNDER_WAY : MOST_UNDER_WAY;

class Bucket {
  #tokens: number;
  #filledAtMs: number;
  #halvedUntilMs = -Infinity;
  #underWay = 0;
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
   * Returns whether the turn has come; it has not where `signal` is aborted first.
   *
   * @param onTurn called in that moment
   */
  async take(signal: AbortSignal, onTurn: () => void, pace?: Pace): Promise<boolean> {
    if (signal.aborted) return false;
    if (this.waiting === 0 && this.#takeToken(mostOf(pace))) {
      onTurn();
      return true;
    }
    // What waits may be polls, which this one goes before.
    this.#wake();
    const taking = wait(pace === "poll" ? this.#polls : this.#calls, signal, (isWoken) => {
      if (isWoken) onTurn();
      if (this.waiting === 0) this.#wake();
    });
    if (!this.#isServing) this.#serve();
    return await taking;
  }

  enter(): void {
    this.#underWay++;
  }

  leave(): void {
    this.#underWay--;
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

  #takeToken(most: number): boolean {
    this.#fill();
    if (this.#tokens < 1 || this.#underWay >= most) return false;
    this.#tokens--;
    return true;
  }

  async #serve(): Promise<void> {
    this.#isServing = true;
    while (this.waiting > 0) {
      const arePolls = this.#calls.size === 0;
      const most = mostOf(arePolls ? "poll" : undefined);
      const [wake] = arePolls ? this.#polls : this.#calls;
      if (this.#takeToken(most)) wake!();
      else await this.#pause(most);
    }
    this.#isServing = false;
  }

  /** Until there is a token again, a call has ended, or nobody waits any more. */
  async #pause(most: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const end = new AbortController();
    this.#wake = () => {
      end.abort(null);
      resolve();
    };
    if (this.#underWay >= most) return await promise;
    const missingMs = (1 - this.#tokens) / (this.category.perSecond * this.#share) * 1_000;
    await this.clock.sleep(Math.ceil(missingMs), end.signal);
  }
}
