import type { Clock } from "../host.ts";
import { unlessAborted } from "../host/sleep.ts";
import type { ReferenceChecker } from "../model/ports.ts";

/** How long an answer is shared: the services of one run are planned within about half a minute. */
const ANSWERS_FOR_MS = 30_000;

interface Asked {
  readonly atMs: number;
  readonly answer: Promise<unknown>;
  readonly unneeded: AbortController;
  askers: number;
}

/**
 * Asks only once what several services of a run ask: those of one release often have a role or an image in common. Each
 * asker may stop waiting by itself. A question that failed is asked again; one that nobody waits for any more is
 * aborted.
 */
export function shareQuestions(checker: ReferenceChecker, clock: Pick<Clock, "elapsed">): ReferenceChecker {
  const questions = new Map<string, Asked>();
  const share = (name: keyof ReferenceChecker) => async (...args: unknown[]) => {
    const about = args.slice(0, -1);
    const signal = args.at(-1) as AbortSignal;
    const ask = (until: AbortSignal): Promise<unknown> => Reflect.apply(checker[name], checker, [...about, until]);
    // The call itself throws the right error for an aborted signal.
    if (signal.aborted) return await ask(signal);
    const key = JSON.stringify([name, ...about]);
    const before = questions.get(key);
    const isFresh = before !== undefined && clock.elapsed() - before.atMs < ANSWERS_FOR_MS;
    const asked = isFresh ? before : begin(ask, clock.elapsed());
    questions.set(key, asked);
    const forget = () => questions.get(key) === asked && questions.delete(key);
    asked.answer.catch(forget);
    asked.askers++;
    try {
      return await unlessAborted(asked.answer, signal);
    } catch (error) {
      if (asked.askers === 1) forget();
      return await (signal.aborted ? ask(signal) : Promise.reject(error));
    } finally {
      if (--asked.askers === 0) asked.unneeded.abort();
    }
  };
  const names = Object.keys(checker) as (keyof ReferenceChecker)[];
  return Object.fromEntries(names.map((name) => [name, share(name)])) as unknown as ReferenceChecker;
}

function begin(ask: (until: AbortSignal) => Promise<unknown>, atMs: number): Asked {
  const unneeded = new AbortController();
  return { atMs, answer: ask(unneeded.signal), unneeded, askers: 0 };
}
