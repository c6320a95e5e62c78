import { ANSWER_TOO_LARGE, asAwsError, AwsError, isRefusal, MAX_REFUSALS, UNREADABLE } from "../errors.ts";
import type { Clock } from "../host.ts";
import type { Priority } from "../model/ports.ts";
import type { CallRates } from "./call_rates.ts";

/** How items are read: one alone, and several with one call. */
export interface Reads<Value> {
  /** How many items one call takes. */
  readonly most: number;
  /** Returns the items by key; those that the answer does not show, or not properly, are left out. */
  readonly readSeveral: (
    keys: readonly string[],
    signal: AbortSignal,
    priority?: Priority,
  ) => Promise<ReadonlyMap<string, Value>>;
  readonly readOne: (key: string, signal: AbortSignal, priority?: Priority) => Promise<Value>;
}

/** What decides how long reads wait for each other. */
export interface Joining {
  readonly clock: Pick<Clock, "sleep">;
  readonly rates: Pick<CallRates, "isHoldingBack">;
}

/** How long a read waits for others to join it. */
const JOINED_WITHIN_MS = 20;
/** The same while calls wait for AWS's rates: sending a read sooner would not answer it sooner. */
const JOINED_WHILE_HELD_WITHIN_MS = 1_000;

/** The reason for an abort: without one, each abort creates an error with its stack. */
const NO_REASON = null;

interface Batch<Value> {
  readonly keys: Set<string>;
  readonly signal: AbortSignal;
  /** The call waits behind all others only if each of its reads may. */
  priority: Priority | undefined;
  /** Aborted once a poll has joined: then the batch no longer waits because calls are held back. */
  readonly isHurried: AbortController;
  readonly isFull: AbortController;
  readonly answer: Promise<ReadonlyMap<string, Promise<Value>>>;
}

/**
 * Joins reads that are made at about the same time into calls that read several items. Each read returns, or throws,
 * what a call for it alone would: what a joined call does not answer is read alone.
 *
 * IAM judges each resource of a call, and refuses the whole call where one of them is not allowed
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html): a read that is refused
 * alone, too, is not joined with others again.
 */
export class BatchedReads<Value> {
  /** By the reads' signal: only reads that end together are joined. */
  readonly #open = new Map<AbortSignal, Batch<Value>>();
  readonly #refused = new Set<string>();
  /** How often a joined call was refused although none of its reads was refused alone. */
  #refusedTogether = 0;

  constructor(private readonly reads: Reads<Value>, private readonly joining: Joining) {}

  async read(key: string, signal: AbortSignal, priority?: Priority): Promise<Value> {
    if (this.#refused.has(key) || this.#refusedTogether >= MAX_REFUSALS) {
      return await this.reads.readOne(key, signal, priority);
    }
    const batch = this.#open.get(signal) ?? this.#begin(signal, priority);
    batch.priority = priority && batch.priority;
    if (priority === "poll") batch.isHurried.abort(NO_REASON);
    batch.keys.add(key);
    if (batch.keys.size === this.reads.most) this.#close(batch);
    return await (await batch.answer).get(key)!;
  }

  #begin(signal: AbortSignal, priority: Priority | undefined): Batch<Value> {
    const { promise: answer, resolve, reject } = Promise.withResolvers<ReadonlyMap<string, Promise<Value>>>();
    const [isHurried, isFull] = [new AbortController(), new AbortController()];
    const batch = { keys: new Set<string>(), signal, priority, isHurried, isFull, answer };
    this.#open.set(signal, batch);
    this.#send(batch).then(resolve, reject);
    return batch;
  }

  #close(batch: Batch<Value>): void {
    if (this.#open.get(batch.signal) === batch) this.#open.delete(batch.signal);
    batch.isFull.abort(NO_REASON);
  }

  async #send(batch: Batch<Value>): Promise<ReadonlyMap<string, Promise<Value>>> {
    const { signal } = batch;
    await this.#awaitOthers(batch);
    this.#close(batch);
    const keys = [...batch.keys];
    if (keys.length === 1) return this.#readAlone(keys, batch);
    const answer = await this.reads.readSeveral(keys, signal, batch.priority).catch(asAwsError);
    if (!(answer instanceof AwsError)) {
      const unanswered = this.#readAlone(keys.filter((key) => !answer.has(key)), batch);
      return new Map(keys.map((key) => [key, unanswered.get(key) ?? Promise.resolve(answer.get(key)!)]));
    }
    if (signal.aborted || !mayConcernOne(answer)) throw answer;
    const alone = this.#readAlone(keys, batch);
    if (isRefusal(answer)) this.#noteRefused(alone);
    return alone;
  }

  async #awaitOthers({ signal, isFull, isHurried }: Batch<Value>): Promise<void> {
    const end = AbortSignal.any([signal, isFull.signal]);
    const whileHeld = AbortSignal.any([end, isHurried.signal]);
    const { clock, rates } = this.joining;
    if (rates.isHoldingBack) await clock.sleep(JOINED_WHILE_HELD_WITHIN_MS - JOINED_WITHIN_MS, whileHeld);
    await clock.sleep(JOINED_WITHIN_MS, end);
  }

  #readAlone(keys: readonly string[], { signal, priority }: Batch<Value>): ReadonlyMap<string, Promise<Value>> {
    const alone = new Map(keys.map((key) => [key, this.reads.readOne(key, signal, priority)]));
    // The callers get the error; this keeps it from counting as unhandled until they do.
    for (const one of alone.values()) one.catch(() => {});
    return alone;
  }

  async #noteRefused(alone: ReadonlyMap<string, Promise<Value>>): Promise<void> {
    const ends = await Promise.all([...alone].map(async ([key, one]) => {
      const error = await one.then(() => undefined, (thrown) => thrown);
      return error instanceof AwsError && isRefusal(error) ? [key] : [];
    }));
    const refused = ends.flat();
    for (const key of refused) this.#refused.add(key);
    if (refused.length === 0) this.#refusedTogether++;
  }
}

/** Whether an error of a joined call may be due to one of its items alone. */
function mayConcernOne(error: AwsError): boolean {
  return isRefusal(error) || error.code === UNREADABLE || error.code === ANSWER_TOO_LARGE;
}
