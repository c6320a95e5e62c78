import { ANSWER_TOO_LARGE, asAwsError, AwsError, isRefusal, REFUSALS_BELIEVED, UNREADABLE } from "../errors.ts";
import type { Clock } from "../host.ts";
import type { Pace } from "../model/ports.ts";
import type { CallRates } from "./call_rates.ts";

/** How things are read: one alone, and several with one call. */
export interface Reads<Value> {
  /** How many things one call takes. */
  readonly most: number;
  /** Returns the things by key; those that the answer does not show, or not properly, are left out. */
  readonly readSeveral: (
    keys: readonly string[],
    signal: AbortSignal,
    pace?: Pace,
  ) => Promise<ReadonlyMap<string, Value>>;
  readonly readOne: (key: string, signal: AbortSignal, pace?: Pace) => Promise<Value>;
}

/** What decides how long reads wait for each other. */
export interface Joining {
  readonly clock: Pick<Clock, "sleep">;
  readonly rates: Pick<CallRates, "isHoldingBack">;
}

/** How long a read waits for others to join it. */
const JOINED_WITHIN_MS = 20;
/** The same while calls wait for AWS's rates: reads come one after the other then, and haste gains nothing. */
const JOINED_WHILE_HELD_WITHIN_MS = 1_000;

/** The reason for an abort: without one, each abort creates an error with its stack. */
const NO_REASON = null;

interface Batch<Value> {
  readonly keys: Set<string>;
  readonly signal: AbortSignal;
  /** The call waits behind all others only if each of its reads may. */
  pace: Pace | undefined;
  /** Aborted once a poll has joined: then the batch does not wait any longer because calls are held back. */
  readonly isHurried: AbortController;
  readonly isFull: AbortController;
  readonly answer: Promise<ReadonlyMap<string, Promise<Value>>>;
}

/**
 * Joins reads that are made at about the same time into calls that read several things. Each read returns, or throws,
 * what a call for it alone would: what a joined call does not answer is asked for alone.
 *
 * IAM judges each resource of a call, and refuses the whole call where one of them is not allowed
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html): a read that was refused
 * alone, too, is not joined with others again.
 */
export class BatchedReads<Value> {
  /** By the reads' signal: only reads that end together are joined. */
  readonly #open = new Map<AbortSignal, Batch<Value>>();
  readonly #refused = new Set<string>();
  /** How often a joined call was refused although none of its reads was refused alone. */
  #refusedTogether = 0;

  constructor(private readonly reads: Reads<Value>, private readonly joining: Joining) {}

  async read(key: string, signal: AbortSignal, pace?: Pace): Promise<Value> {
    if (this.#refused.has(key) || this.#refusedTogether >= REFUSALS_BELIEVED) {
      return await this.reads.readOne(key, signal, pace);
    }
    const batch = this.#open.get(signal) ?? this.#begin(signal, pace);
    batch.pace = pace && batch.pace;
    if (pace === "poll") batch.isHurried.abort(NO_REASON);
    batch.keys.add(key);
    if (batch.keys.size === this.reads.most) this.#close(batch);
    return await (await batch.answer).get(key)!;
  }

  #begin(signal: AbortSignal, pace: Pace | undefined): Batch<Value> {
    const { promise: answer, resolve, reject } = Promise.withResolvers<ReadonlyMap<string, Promise<Value>>>();
    const [isHurried, isFull] = [new AbortController(), new AbortController()];
    const batch = { keys: new Set<string>(), signal, pace, isHurried, isFull, answer };
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
    const answer = await this.reads.readSeveral(keys, signal, batch.pace).catch(asAwsError);
    if (!(answer instanceof AwsError)) {
      const unanswered = this.#readAlone(keys.filter((key) => !answer.has(key)), batch);
      return new Map(keys.map((key) => [key, unanswered.get(key) ?? Promise.resolve(answer.get(key)!)]));
    }
    if (signal.aborted || !isOfOne(answer)) throw answer;
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

  #readAlone(keys: readonly string[], { signal, pace }: Batch<Value>): ReadonlyMap<string, Promise<Value>> {
    const alone = new Map(keys.map((key) => [key, this.reads.readOne(key, signal, pace)]));
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

/** Whether an error of a joined call may be due to one of its things alone. */
function isOfOne(error: AwsError): boolean {
  return isRefusal(error) || error.code === UNREADABLE || error.code === ANSWER_TOO_LARGE;
}
