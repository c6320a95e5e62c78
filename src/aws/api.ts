import { asAwsError, AwsError, isTransient, mayHaveBeenApplied, unlessFails, UNREADABLE } from "../errors.ts";
import { retry } from "../host/retry.ts";
import { unlessAborted } from "../host/sleep.ts";
import { attemptTimeoutMs, CallHistory, type CallPolicy, isAnswerOfAws, mayBeSentAgain } from "./call_policy.ts";
import type { Turn } from "./call_rates.ts";
import { clientConfig, type ConnectionOptions } from "./connection.ts";
import { UnreadableAnswer } from "./read_answer.ts";
import { cacheUserAgent, operationOf, renewCredentials } from "./sdk_client.ts";
import type { ClientConfig, SdkClient, SdkCommand } from "./sdk_client.ts";
import { isSessionExpired, isThrottling, lacksCredentials, toCallError } from "./to_aws_error.ts";

/** One call: what is sent, how its answer is read, and how often it may be sent. */
interface Call<Answer, Result> {
  readonly command: SdkCommand<Answer>;
  readonly operation: string;
  readonly policy: CallPolicy<Result>;
  readonly signal: AbortSignal;
  readonly read: (answer: Answer) => Result;
  readonly turn: Turn | undefined;
  /** Fetches new credentials first, wherever the old ones came from. */
  readonly isRenewing?: boolean;
}

/** One API of AWS: makes its calls, each as its policy allows. Nothing is sent before the first one. */
export class Api {
  protected readonly client: SdkClient;

  constructor(
    protected readonly options: ConnectionOptions,
    connect: (config: ClientConfig) => SdkClient,
    private readonly history = new CallHistory(),
  ) {
    this.client = connect(clientConfig(options));
    cacheUserAgent(this.client);
  }

  /**
   * Makes a call that changes nothing, until its signal is aborted.
   *
   * @param read throws when the answer has the wrong shape; that counts as lost: what it should have said is unknown
   * @throws AwsError
   * @throws ConfigError when the SDK found no region
   */
  async read<Answer, Result>(
    command: SdkCommand<Answer>,
    signal: AbortSignal,
    read: (answer: Answer) => Result,
    turn?: Turn,
  ): Promise<Result> {
    return await this.#send({ command, operation: operationOf(command), policy: "safe", signal, read, turn });
  }

  /** Makes a change. `read` throws when the answer does not show that the change was made. */
  async change<Answer, Result>(
    command: SdkCommand<Answer>,
    policy: Exclude<CallPolicy<Result>, "safe">,
    signal: AbortSignal,
    read: (answer: Answer) => Result,
    turn?: Turn,
  ): Promise<Result> {
    const operation = operationOf(command);
    if (this.options.changesNothing) throw new Error(`${operation} would change something, with --untrusted`);
    try {
      return await this.#send({ command, operation, policy, signal, read, turn });
    } catch (error) {
      const mayBeMade = error instanceof AwsError && mayHaveBeenApplied(error) && !signal.aborted;
      if (policy === "once" || !mayBeMade) throw error;
      const shown = await unlessFails(policy.confirm());
      if (shown === undefined) throw error;
      return shown;
    }
  }

  /**
   * Makes an idempotent change whose answer has no content. Where the answer is lost, `isMade` reads whether the change
   * was made.
   */
  async changeUnanswered(
    command: SdkCommand<unknown>,
    isMade: () => Promise<boolean>,
    signal: AbortSignal,
  ): Promise<void> {
    const confirm = async () => (await isMade()) || undefined;
    await this.change(command, { mayArriveTwice: true, confirm }, signal, () => true);
  }

  async #send<Answer, Result>(call: Call<Answer, Result>): Promise<Result> {
    const { policy, signal } = call;
    const { role, rates, keys } = this.options;
    await role?.renew(signal);
    let attempts = 0;
    let isRenewing = false;
    let wasLost = false;
    const attempt = async (): Promise<Result | AwsError> => {
      const result = await this.#attemptInTurn({ ...call, isRenewing }, ++attempts).catch(asAwsError);
      if (!(result instanceof AwsError)) return result;
      // AWS may end a session early, and the SDK caches credentials that do not say when they end. A change may be sent
      // again here, too: AWS carries out nothing before it knows who asks.
      if (!isRenewing && keys === undefined && isSessionExpired(result) && !signal.aborted) {
        isRenewing = true;
        return await attempt();
      }
      wasLost ||= typeof policy === "object" && mayHaveBeenApplied(result);
      if (isThrottling(result)) rates?.noteThrottled(call.operation);
      return result;
    };
    const mayRetry = (result: Result | AwsError) =>
      result instanceof AwsError && mayBeSentAgain(result, attempts, policy, this.history);
    const result = await retry(attempt, mayRetry, this.options, signal);
    if (!(result instanceof AwsError)) return result;
    // A refusal after an attempt whose answer was lost does not say that nothing was changed.
    throw wasLost ? new AwsError({ ...result, kind: "lost" }) : result;
  }

  async #attemptInTurn<Answer, Result>(call: Call<Answer, Result>, attempt: number): Promise<Result> {
    const { rates } = this.options;
    if (rates === undefined) return await this.#attempt(call, attempt);
    const { operation, turn = {}, signal } = call;
    return await rates.run(operation, turn, signal, () => {
      if (!signal.aborted) return this.#attempt(call, attempt);
      // The run was stopped before the call was sent.
      throw new AwsError({ operation, kind: "throttled", code: "NotSent", detail: "", trouble: { code: "notSent" } });
    });
  }

  async #attempt<Answer, Result>(call: Call<Answer, Result>, attempt: number): Promise<Result> {
    const { options: { clock, onAttempt, onTrouble }, history } = this;
    const { operation, signal } = call;
    const startedAtMs = clock.elapsed();
    const report = (result: string) => onAttempt({ operation, attempt, result, tookMs: clock.elapsed() - startedAtMs });
    try {
      const result = readAs(call, await this.#sendOnce(call));
      report("ok");
      history.failingSinceMs.delete(operation);
      history.hasAnswered = true;
      return result;
    } catch (thrown) {
      if (!(thrown instanceof AwsError)) throw thrown;
      // The source of the credentials has worked before, and fails now, as a network may: the call was not sent.
      const isInTrouble = history.hasAnswered && lacksCredentials(thrown);
      const error = isInTrouble ? new AwsError({ ...thrown, kind: "unreachable" }) : thrown;
      report(error.code);
      if (isTransient(error) && !signal.aborted) {
        const sinceMs = history.failingSinceMs.get(operation) ?? startedAtMs;
        history.failingSinceMs.set(operation, sinceMs);
        onTrouble(error, clock.elapsed() - sinceMs);
      }
      history.hasAnswered ||= isAnswerOfAws(error);
      throw error;
    }
  }

  async #sendOnce<Answer, Result>({ command, operation, policy, signal, isRenewing }: Call<Answer, Result>) {
    const limit = this.#limitAttempt();
    const abortSignal = AbortSignal.any([signal, limit.signal]);
    const send = async () => {
      if (isRenewing) await renewCredentials(this.client);
      const kind = policy === "safe" ? "ordinary" : "once";
      return await this.client.send(command as never, { abortSignal, kind }) as Answer;
    };
    try {
      // The SDK heeds the signal only once it has credentials, and what gives them (a process, SSO) may hang.
      return await unlessAborted(send(), abortSignal);
    } catch (error) {
      throw toCallError(operation, error, this.options);
    } finally {
      limit.lift();
    }
  }

  /** Limits an attempt. While a program gets credentials, and may readUserAgent for a code on the terminal, it restarts. */
  #limitAttempt(): { readonly signal: AbortSignal; readonly lift: () => void } {
    const { clock, isGettingCredentials = () => false } = this.options;
    const limitMs = attemptTimeoutMs(this.history);
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
}

function readAs<Answer, Result>({ operation, read }: Call<Answer, Result>, answer: Answer): Result {
  try {
    return read(answer);
  } catch (error) {
    const trouble = error instanceof UnreadableAnswer ? error.trouble : undefined;
    const detail = trouble === undefined && error instanceof Error ? error.message : "";
    throw new AwsError({ operation, kind: "lost", code: UNREADABLE, detail, trouble });
  }
}
