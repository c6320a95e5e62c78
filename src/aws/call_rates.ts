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

/** How much of AWS's rates is used: others work in the account, too. */
const SHARE = 0.8;
/** After AWS has throttled a call, half of that for so long. */
const HALVED_FOR_MS = 30_000;

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

  /** Resolves when the call may be sent, or when `signal` is aborted. */
  async next(action: string, { pace, holder = "" }: Turn = {}, signal: AbortSignal): Promise<void> {
    if (this.#held.delete(keyOf(action, holder))) return;
    await this.#bucketOf(action)?.take(signal, pace);
  }

  /** Waits for a turn that is kept for the holder's next call: what is read meanwhile is new when that is sent. */
  async hold(action: string, holder: string, signal: AbortSignal): Promise<void> {
    const key = keyOf(action, holder);
    if (this.#held.has(key)) return;
    await this.#bucketOf(action)?.take(signal);
    if (!signal.aborted) this.#held.add(key);
  }

  /** Whether calls wait for their turn. */
  get isHoldingBack(): boolean {
    return [...this.#buckets.values()].some((bucket) => bucket.waiting > 0);
  }

  /** AWS has throttled a call: somebody else uses the account's rates, too. */
  noteThrottled(action: string): void {
    this.#bucketOf(action)?.halve();
  }

  #bucketOf(action: string): Bucket | undefined {
    const category = CATEGORIES.find(({ actions }) => actions.includes(action));
    if (category === undefined) return undefined;
    const bucket = this.#buckets.get(category) ?? new Bucket(category, this.clock);
    this.#buckets.set(category, bucket);
    return bucket;
  }
}

const keyOf = (action: string, holder: string) => `${action} ${holder}`;

/** Those who wait are woken in the order of this set. */
type Waiting = Set<() => void>;

class Bucket {
  #tokens: number;
  #filledAtMs: number;
  #halvedUntilMs = -Infinity;
  readonly #calls: Waiting = new Set();
  readonly #polls: Waiting = new Set();
  /** Ends the pause in which nobody waits any more. */
  #pause: AbortController | undefined;

  constructor(private readonly category: Category, private readonly clock: Clock) {
    this.#tokens = category.burst * SHARE;
    this.#filledAtMs = clock.elapsed();
  }

  take(signal: AbortSignal, pace?: Pace): Promise<void> | undefined {
    if (signal.aborted || (this.waiting === 0 && this.#takeToken())) return undefined;
    const queue = pace === "poll" ? this.#polls : this.#calls;
    return new Promise((resolve) => {
      const go = () => {
        queue.delete(go);
        signal.removeEventListener("abort", go);
        if (this.waiting === 0) this.#pause?.abort(null);
        resolve();
      };
      queue.add(go);
      signal.addEventListener("abort", go);
      if (this.#pause === undefined) this.#serve();
    });
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

  #takeToken(): boolean {
    this.#fill();
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }

  async #serve(): Promise<void> {
    while (this.waiting > 0) {
      const pause = this.#pause = new AbortController();
      if (this.#takeToken()) {
        const [go] = this.#calls.size > 0 ? this.#calls : this.#polls;
        go!();
        continue;
      }
      const missing = 1 - this.#tokens;
      await this.clock.sleep(Math.ceil(missing / (this.category.perSecond * this.#share) * 1_000), pause.signal);
    }
    this.#pause = undefined;
  }
}
