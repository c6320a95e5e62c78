import { AwsError, TOO_SLOW } from "../../errors.ts";
import type { Clock } from "../../host.ts";
import type { ReferenceChecker } from "../../model/ports.ts";

/** How long a plan waits, unless the user says otherwise, for lookups that it can do without. */
export const LOOK_UP_WITHIN_MS = 3_000;

/** Ends the lookups of a `LimitedChecker` that share one time limit. */
class Limit extends AbortController {
  withinMs: number | undefined;
}

type Lookup = keyof ReferenceChecker;

/**
 * Looks up what task definitions name: each thing once, and for no longer than a person can wait. A lookup without an
 * answer by then fails with an `AwsError` of the code `TOO_SLOW`. Loads its part of the SDK with the first lookup.
 */
export class LimitedChecker implements ReferenceChecker {
  readonly #answers = new Map<string, Promise<unknown>>();
  #connected: Promise<ReferenceChecker> | undefined;
  #limit = new Limit();
  readonly findDigest = this.#limited("findDigest");
  readonly readTrustPolicy = this.#limited("readTrustPolicy");
  readonly readSecretStages = this.#limited("readSecretStages");
  readonly readSecretKeys = this.#limited("readSecretKeys");
  readonly readFileSystem = this.#limited("readFileSystem");
  readonly readAccessPoint = this.#limited("readAccessPoint");
  readonly readTargetGroup = this.#limited("readTargetGroup");
  readonly readTargetGroupsBehind = this.#limited("readTargetGroupsBehind");
  readonly hasLogGroup = this.#limited("hasLogGroup");
  readonly hasParameter = this.#limited("hasParameter");
  readonly hasObject = this.#limited("hasObject");

  /** @param withinMs the time for all lookups together, from `startLimit()` on */
  constructor(
    private readonly connect: () => Promise<ReferenceChecker>,
    private readonly clock: Pick<Clock, "deadline">,
    private readonly withinMs = LOOK_UP_WITHIN_MS,
  ) {}

  /**
   * Starts the time limit. Lookups made before it cost no time: they ran beside calls that had to be waited for anyway.
   * Called again, it gives the next lookups as much time again.
   */
  startLimit(): void {
    const limit = this.#limit.withinMs === undefined ? this.#limit : new Limit();
    limit.withinMs = this.withinMs;
    this.#limit = limit;
    this.clock.deadline(this.withinMs).addEventListener("abort", () => limit.abort());
  }

  /** Ends the lookups that have no answer yet: nobody needs one any more. */
  drop(): void {
    this.#limit.abort();
  }

  /** Makes a lookup once, and within the current limit. */
  #limited<Name extends Lookup>(lookup: Name): ReferenceChecker[Name] {
    const limited = (...args: unknown[]) => {
      const name = JSON.stringify([lookup, ...args.slice(0, -1)]);
      const answer = this.#answers.get(name) ?? this.#askWithin(this.#limit, lookup, args);
      this.#answers.set(name, answer);
      return answer;
    };
    return limited as ReferenceChecker[Name];
  }

  async #askWithin(limit: Limit, lookup: Lookup, args: readonly unknown[]): Promise<unknown> {
    const signal = args.at(-1) as AbortSignal;
    try {
      const checker = await (this.#connected ??= this.connect());
      const until = AbortSignal.any([signal, limit.signal]);
      return await Reflect.apply(checker[lookup], checker, [...args.slice(0, -1), until]);
    } catch (error) {
      if (!(error instanceof AwsError) || signal.aborted || !limit.signal.aborted) throw error;
      const trouble = { code: "noAnswerWithin", withinMs: limit.withinMs ?? this.withinMs } as const;
      throw new AwsError({ ...error, code: TOO_SLOW, detail: "", trouble });
    }
  }
}
