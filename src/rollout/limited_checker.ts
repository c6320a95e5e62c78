import { AwsError, TOO_SLOW } from "../errors.ts";
import type { Clock } from "../host.ts";
import type { ReferenceChecker } from "../model/ports.ts";

/** How long a plan waits, unless the user says otherwise, for what it can do without. */
export const LOOK_UP_WITHIN_MS = 3_000;

/** Ends the questions of a `LimitedChecker` that are limited together. */
class Limit {
  readonly #ended = new AbortController();
  readonly signal = this.#ended.signal;
  withinMs: number | undefined;

  end(): void {
    this.#ended.abort();
  }
}

/**
 * Looks up what task definitions name, each thing once, and for no longer than somebody can wait. What has no answer by then
 * is an `AwsError` with the code `TOO_SLOW`. Loads its part of the SDK with the first question.
 */
export class LimitedChecker implements ReferenceChecker {
  readonly #answers = new Map<string, Promise<unknown>>();
  #connected: Promise<ReferenceChecker> | undefined;
  #limit = new Limit();

  /** @param withinMs of all questions together, once the time is counted */
  constructor(
    private readonly connect: () => Promise<ReferenceChecker>,
    private readonly clock: Pick<Clock, "deadline">,
    readonly withinMs: number,
  ) {}

  /**
   * Counts the time from now on: what was asked before has come side by side with something that had to be waited for anyway.
   * Called again, it gives the next questions as much time again.
   */
  startLimit(): void {
    const limit = this.#limit.withinMs === undefined ? this.#limit : new Limit();
    limit.withinMs = this.withinMs;
    this.#limit = limit;
    this.clock.deadline(this.withinMs).addEventListener("abort", () => limit.end());
  }

  /** Ends the questions that have no answer yet: nobody needs it any more. */
  drop(): void {
    this.#limit.end();
  }

  findDigest: ReferenceChecker["findDigest"] = (image, signal) =>
    this.#ask("findDigest", [image], signal, (checker, until) => checker.findDigest(image, until));

  readTrustPolicy: ReferenceChecker["readTrustPolicy"] = (name, signal) =>
    this.#ask("readTrustPolicy", [name], signal, (checker, until) => checker.readTrustPolicy(name, until));

  readSecretStages: ReferenceChecker["readSecretStages"] = (arn, signal) =>
    this.#ask("readSecretStages", [arn], signal, (checker, until) => checker.readSecretStages(arn, until));

  readSecretKeys: ReferenceChecker["readSecretKeys"] = (version, signal) =>
    this.#ask("readSecretKeys", [version], signal, (checker, until) => checker.readSecretKeys(version, until));

  readFileSystem: ReferenceChecker["readFileSystem"] = (id, signal) =>
    this.#ask("readFileSystem", [id], signal, (checker, until) => checker.readFileSystem(id, until));

  readAccessPoint: ReferenceChecker["readAccessPoint"] = (id, signal) =>
    this.#ask("readAccessPoint", [id], signal, (checker, until) => checker.readAccessPoint(id, until));

  readTargetGroup: ReferenceChecker["readTargetGroup"] = (arn, signal) =>
    this.#ask("readTargetGroup", [arn], signal, (checker, until) => checker.readTargetGroup(arn, until));

  hasLogGroup: ReferenceChecker["hasLogGroup"] = (name, region, signal) =>
    this.#ask("hasLogGroup", [name, region], signal, (checker, until) => checker.hasLogGroup(name, region, until));

  hasParameter: ReferenceChecker["hasParameter"] = (name, signal) =>
    this.#ask("hasParameter", [name], signal, (checker, until) => checker.hasParameter(name, until));

  hasObject: ReferenceChecker["hasObject"] = (bucket, key, signal) =>
    this.#ask("hasObject", [bucket, key], signal, (checker, until) => checker.hasObject(bucket, key, until));

  #ask<Answer>(
    what: string,
    about: readonly unknown[],
    signal: AbortSignal,
    ask: (checker: ReferenceChecker, until: AbortSignal) => Promise<Answer>,
  ): Promise<Answer> {
    const name = JSON.stringify([what, ...about]);
    const answer = (this.#answers.get(name) ?? this.#askWithin(this.#limit, signal, ask)) as Promise<Answer>;
    this.#answers.set(name, answer);
    return answer;
  }

  async #askWithin<Answer>(
    limit: Limit,
    signal: AbortSignal,
    ask: (checker: ReferenceChecker, until: AbortSignal) => Promise<Answer>,
  ): Promise<Answer> {
    try {
      this.#connected ??= this.connect();
      return await ask(await this.#connected, AbortSignal.any([signal, limit.signal]));
    } catch (error) {
      if (!(error instanceof AwsError) || signal.aborted || !limit.signal.aborted) throw error;
      throw new AwsError({ ...error, code: TOO_SLOW, detail: `no answer within ${limit.withinMs} ms` });
    }
  }
}
