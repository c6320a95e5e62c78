import {
  ANSWER_TOO_LARGE,
  AwsError,
  isPassing,
  isRefusal,
  mayHaveBeenApplied,
  NOT_FROM_AWS,
  unlessFails,
  UNREADABLE,
} from "../errors.ts";
import { retry } from "../host/retry.ts";
import { unlessAborted } from "../host/sleep.ts";
import type { Turn } from "./call_rates.ts";
import type { ConnectionOptions } from "./connection.ts";
import { whyNoCredentials } from "./guard_handler.ts";
import { NO_CREDENTIALS } from "./refused_answer.ts";
import { UnreadableAnswer } from "./read_answer.ts";
import { explainRegion, isOfEndedSession, isThrottling, lacksCredentials, toAwsError } from "./to_aws_error.ts";

/** An answer from ECS takes a second at worst. */
const ATTEMPT_TIMEOUT_MS = 10_000;
/** Until AWS has answered once, silence more likely means a wrong endpoint, which the user should know in seconds. */
const FIRST_ATTEMPT_TIMEOUT_MS = 5_000;
const FIRST_ATTEMPTS = 2;

// How often a call is sent where waiting may never help: an answer of the wrong shape, a wrong clock, and whatever a
// server says that has never answered properly.
const ATTEMPTS = 8;

/**
 * How often a call may be sent.
 *
 * - `safe`: it changes nothing. It is sent again while AWS throttles or is in trouble.
 * - `once`: a change, sent a single time. The step that orders it decides whether, and after which read, to repeat it.
 * - `Confirmed`: a change that a read can confirm.
 */
export type CallPolicy<Result> = "safe" | "once" | Confirmed<Result>;

/** A change that is sent as often as is safe; where its last answer was lost, a read shows whether it was made. */
interface Confirmed<Result> {
  /** Whether the change works once, however often it arrives; if not, it is not sent again once it may have arrived. */
  readonly mayArriveTwice: boolean;
  /** Reads what the answer would have said; `undefined` where nothing shows that the change was made. */
  readonly confirm: () => Promise<Result | undefined>;
}

type Send<Answer> = (options: { readonly abortSignal: AbortSignal }) => Promise<Answer>;

/** One call: what is sent, how its answer is read, and how often it may be sent. */
export interface Call<Answer, Result> {
  readonly operation: string;
  readonly policy: CallPolicy<Result>;
  readonly send: Send<Answer>;
  /** Fetches new credentials first, wherever the old ones came from. */
  readonly sendRenewed: Send<Answer>;
  /** Throws when the answer has the wrong shape, or does not show the change. */
  readonly read: (answer: Answer) => Result;
  readonly signal: AbortSignal;
  readonly turn?: Turn | undefined;
}

/** Makes the calls of one client. */
export class Caller {
  #hasAnswered = false;
  /** Since when each operation has done nothing but fail, in one call or several. */
  readonly #failingSinceMs = new Map<string, number>();

  constructor(private readonly options: ConnectionOptions) {}

  /**
   * Makes a call as its policy allows, until its signal is aborted. Throws an `AwsError`, also for an answer of the
   * wrong shape, which counts as lost: what it should have said is unknown. Throws a `ConfigError` when the SDK found
   * no region.
   */
  async make<Answer, Result>(call: Call<Answer, Result>): Promise<Result> {
    const { operation, policy, signal } = call;
    if (this.options.changesNothing && policy !== "safe") {
      throw new Error(`${operation} would change something, with --untrusted`);
    }
    try {
      return await this.#send(call);
    } catch (error) {
      const mayBeMade = error instanceof AwsError && mayHaveBeenApplied(error) && !signal.aborted;
      if (typeof policy === "string" || !mayBeMade) throw error;
      const shown = await unlessFails(policy.confirm());
      if (shown === undefined) throw error;
      return shown;
    }
  }

  async #send<Answer, Result>(call: Call<Answer, Result>): Promise<Result> {
    const { operation, policy, signal } = call;
    const { role, rates, keys } = this.options;
    await role?.renew(signal);
    let attempts = 0;
    let wasLost = false;
    let made = call;
    const attempt = async (): Promise<Result | AwsError> => {
      const result = await this.#attemptInTurn(made, ++attempts);
      if (!(result instanceof AwsError)) return result;
      // AWS may end a session early, and the SDK caches credentials that do not say when they end. A change may be sent
      // again here, too: AWS carries out nothing before it knows who asks.
      if (made === call && keys === undefined && isOfEndedSession(result) && !signal.aborted) {
        made = { ...call, send: call.sendRenewed };
        return await attempt();
      }
      wasLost ||= typeof policy === "object" && mayHaveBeenApplied(result);
      if (isThrottling(result)) rates?.noteThrottled(operation);
      return result;
    };
    const mayFollow = (result: Result | AwsError) =>
      result instanceof AwsError && isRepeatable(policy, result) && this.#mayWorkLater(result, attempts);
    const result = await retry(attempt, mayFollow, this.options, signal);
    if (!(result instanceof AwsError)) return result;
    // A refusal after an attempt whose answer was lost does not say that nothing was changed.
    throw wasLost ? new AwsError({ ...result, kind: "lost" }) : result;
  }

  #attemptInTurn<Answer, Result>(
    call: Call<Answer, Result>,
    attempt: number,
  ): Promise<Result | AwsError> {
    const { rates } = this.options;
    if (rates === undefined) return this.#attempt(call, attempt);
    const { operation, turn = {}, signal } = call;
    const make = () => signal.aborted ? notSent(operation) : this.#attempt(call, attempt);
    return rates.run<Result | AwsError>(operation, turn, signal, make);
  }

  async #attempt<Answer, Result>(call: Call<Answer, Result>, attempt: number): Promise<Result | AwsError> {
    const { clock, onAttempt } = this.options;
    const { operation, signal } = call;
    const startedAtMs = clock.elapsed();
    const report = (result: string) => onAttempt({ operation, attempt, result, tookMs: clock.elapsed() - startedAtMs });
    try {
      const result = await this.#makeOnce(call);
      report("ok");
      this.#failingSinceMs.delete(operation);
      this.#hasAnswered = true;
      return result;
    } catch (thrown) {
      if (!(thrown instanceof AwsError)) throw thrown;
      // What gives the credentials has worked before, and fails now, as a network may: the call was not sent.
      const isInTrouble = this.#hasAnswered && lacksCredentials(thrown);
      const error = isInTrouble ? new AwsError({ ...thrown, kind: "unreachable" }) : thrown;
      report(error.code);
      this.#noteTrouble(error, signal, startedAtMs);
      this.#hasAnswered ||= isAnswerOfAws(error);
      return error;
    }
  }

  async #makeOnce<Answer, Result>({ operation, send, read, signal }: Call<Answer, Result>): Promise<Result> {
    const limit = this.#limitAttempt();
    const abortSignal = AbortSignal.any([signal, limit.signal]);
    let answer: Answer;
    try {
      // The SDK heeds the signal only once it has credentials, and what gives them (a process, SSO) may hang.
      answer = await unlessAborted(send({ abortSignal }), abortSignal);
    } catch (error) {
      const problem = explainRegion(error, this.options.region);
      if (problem !== undefined) throw problem;
      throw this.#explain(toAwsError(operation, error, this.options.mask));
    } finally {
      limit.lift();
    }
    try {
      return read(answer);
    } catch (error) {
      const trouble = error instanceof UnreadableAnswer ? error.trouble : undefined;
      const detail = trouble === undefined && error instanceof Error ? error.message : "";
      throw new AwsError({ operation, kind: "lost", code: UNREADABLE, detail, trouble });
    }
  }

  /** Limits an attempt. While a program gets credentials, and may ask for a code on the terminal, it restarts. */
  #limitAttempt(): { readonly signal: AbortSignal; readonly lift: () => void } {
    const { clock, isGettingCredentials = () => false } = this.options;
    const limitMs = this.#hasAnswered ? ATTEMPT_TIMEOUT_MS : FIRST_ATTEMPT_TIMEOUT_MS;
    const end = new AbortController();
    const start = () => {
      const deadline = clock.deadline(limitMs);
      deadline.addEventListener("abort", stop);
      return deadline;
    };
    const stop = () => isGettingCredentials() ? deadline = start() : end.abort();
    let deadline = start();
    return { signal: end.signal, lift: () => deadline.removeEventListener("abort", stop) };
  }

  /** Adds a cause that only the environment shows, and that the SDK and the runtime do not name. */
  #explain(error: AwsError): AwsError {
    const { missingProfile, proxyOf } = this.options;
    const { kind, code, detail } = error;
    if (code === NO_CREDENTIALS) {
      if (missingProfile !== undefined) {
        return new AwsError({ ...error, detail: "", trouble: { code: "noProfile", profile: missingProfile } });
      }
      const failure = whyNoCredentials();
      if (failure === undefined) return error;
      const { why, foreign } = failure;
      const isSaid = typeof why === "string"
        ? detail.includes(why)
        : JSON.stringify(error.trouble) === JSON.stringify(why);
      const trouble = isSaid ? error.trouble : { code: "askedForCredentials", why } as const;
      return new AwsError({ ...error, trouble, foreign });
    }
    const url = kind === "unreachable" ? /^https?:\/\/\S+(?=: )/.exec(detail)?.[0] : undefined;
    const proxy = url && proxyOf?.(url);
    return proxy ? new AwsError({ ...error, trouble: { code: "byProxy", proxy } }) : error;
  }

  #noteTrouble(error: AwsError, { aborted }: AbortSignal, startedAtMs: number): void {
    if (aborted || !isPassing(error)) return;
    const sinceMs = this.#failingSinceMs.get(error.operation) ?? startedAtMs;
    this.#failingSinceMs.set(error.operation, sinceMs);
    this.options.onTrouble(error, this.options.clock.elapsed() - sinceMs);
  }

  /** Until AWS has answered once, an endpoint that cannot be reached, or does not answer like AWS, is likely wrong. */
  #mayWorkLater(error: AwsError, attempt: number): boolean {
    if (isThrottling(error) && (this.#hasAnswered || error.code !== NOT_FROM_AWS)) return true;
    if (!this.#hasAnswered && error.kind === "unreachable") return false;
    if (!this.#hasAnswered && error.kind === "lost" && attempt === FIRST_ATTEMPTS) return false;
    const mayNeverWork = !this.#hasAnswered || error.kind === "throttled" || error.code === UNREADABLE ||
      error.code === ANSWER_TOO_LARGE;
    return isPassing(error) && !(mayNeverWork && attempt === ATTEMPTS);
  }
}

/** The error of a call that was stopped before it was sent. */
function notSent(operation: string): AwsError {
  return new AwsError({ operation, kind: "throttled", code: "NotSent", detail: "", trouble: { code: "notSent" } });
}

function isRepeatable<Result>(policy: CallPolicy<Result>, error: AwsError): boolean {
  if (typeof policy === "string") return policy === "safe";
  return policy.mayArriveTwice || !mayHaveBeenApplied(error);
}

/** Whether AWS itself has answered: a 5xx may come from a proxy, and bad credentials from where they are fetched. */
function isAnswerOfAws(error: AwsError): boolean {
  if (error.code === NOT_FROM_AWS) return false;
  return error.kind === "throttled" || isRefusal(error);
}
