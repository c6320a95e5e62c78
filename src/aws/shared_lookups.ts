import type { Clock } from "../host.ts";
import { unlessAborted } from "../host/sleep.ts";
import type { ReferenceChecker } from "../model/ports.ts";

/** How long an answer is shared: the services of one run are planned within about half a minute. */
const ANSWERS_FOR_MS = 30_000;

interface SharedLookup {
  readonly atMs: number;
  readonly answer: Promise<unknown>;
  readonly unneeded: AbortController;
  /** How many callers wait for the answer. */
  waiting: number;
}

/**
 * Makes each lookup once for all services of a run: those of one release often have a role or an image in common. Each
 * caller may stop waiting by itself. A lookup that failed is made again; one that nobody waits for any more is aborted.
 */
export function shareLookups(checker: ReferenceChecker, clock: Pick<Clock, "elapsed">): ReferenceChecker {
  const lookups = new Map<string, SharedLookup>();
  const share = (name: keyof ReferenceChecker) => async (...args: unknown[]) => {
    const about = args.slice(0, -1);
    const signal = args.at(-1) as AbortSignal;
    const ask = (until: AbortSignal): Promise<unknown> => Reflect.apply(checker[name], checker, [...about, until]);
    // The call itself throws the right error for an aborted signal.
    if (signal.aborted) return await ask(signal);
    const key = JSON.stringify([name, ...about]);
    const before = lookups.get(key);
    const isFresh = before !== undefined && clock.elapsed() - before.atMs < ANSWERS_FOR_MS;
    const lookup = isFresh ? before : begin(ask, clock.elapsed());
    lookups.set(key, lookup);
    const forget = () => lookups.get(key) === lookup && lookups.delete(key);
    lookup.answer.catch(forget);
    lookup.waiting++;
    try {
      return await unlessAborted(lookup.answer, signal);
    } catch (error) {
      if (lookup.waiting === 1) forget();
      return await (signal.aborted ? ask(signal) : Promise.reject(error));
    } finally {
      if (--lookup.waiting === 0) lookup.unneeded.abort();
    }
  };
  const names = Object.keys(checker) as (keyof ReferenceChecker)[];
  return Object.fromEntries(names.map((name) => [name, share(name)])) as unknown as ReferenceChecker;
}

function begin(ask: (until: AbortSignal) => Promise<unknown>, atMs: number): SharedLookup {
  const unneeded = new AbortController();
  return { atMs, answer: ask(unneeded.signal), unneeded, waiting: 0 };
}
