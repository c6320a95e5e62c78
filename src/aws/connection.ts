import type { ECSClientConfig } from "@aws-sdk/client-ecs";
import { FetchHttpHandler } from "@smithy/fetch-http-handler";
import {
  ANSWER_TOO_LARGE,
  AwsError,
  type AwsErrorKind,
  isPassing,
  mayHaveBeenApplied,
  NOT_FROM_AWS,
  UNREADABLE,
  UsageError,
} from "../errors.ts";
import type { Clock } from "../host.ts";
import { boundFetch } from "./bound_fetch.ts";
import { boundNodeHttp } from "./bound_node_http.ts";
import { explainHandler, NO_CREDENTIALS, whyNoCredentials } from "./explain_handler.ts";
import { explainRegion } from "./explain_region.ts";
import { guardHandler, type RequestHandler } from "./guard_handler.ts";
import { isThrottling, lacksCredentials, toAwsError } from "./to_aws_error.ts";

/** How AWS is reached. What is left out resolves as in the AWS CLI: environment, profile, SSO, container, metadata. */
export interface ConnectionOptions {
  readonly region: string | undefined;
  /** Told of every attempt: operation, number, milliseconds, result; never of a body. */
  readonly onAttempt: (line: string) => void;
  /** Called for each failure that may pass, with the milliseconds that the operation has been failing. */
  readonly onTrouble: (error: AwsError, failingForMs: number) => void;
  readonly clock: Clock;
  /** A number in [0, 1), for jitter. */
  readonly random: () => number;
  /** What `fetch` takes besides the request, for ordinary calls and for those that must be sent once. */
  readonly fetchOptions: { readonly ordinary: object; readonly once: object };
  /** Stands in for the network in tests; the SDK's own when left out. */
  readonly requestHandler?: RequestHandler;
  /** The AWS profile that the environment names, where it is not to be found. */
  readonly missingProfile?: string;
  /** Whether no call is made that changes something. */
  readonly changesNothing?: boolean;
  /** The proxy that a URL is fetched through, without its login. */
  readonly proxyOf?: (url: string) => string | undefined;
  /** Hides in AWS's words what nobody is to be shown. */
  readonly mask?: (text: string) => string;
  /** Keys of the environment; the SDK looks for credentials elsewhere when left out. */
  readonly keys?: Keys;
  /** Whether a program of the user's is at work for credentials; it has a limit of its own. */
  readonly isGettingCredentials?: () => boolean;
  /** The role that all calls are made in; the credentials are used as they are when left out. */
  readonly role?: Role;
}

/** What calls are signed with. Secrets, all but the first. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** An IAM role that calls are made in. */
export interface Role {
  /** What the SDK's clients sign with, once there has been a `renew`. */
  readonly credentials: ECSClientConfig["credentials"];
  /** Sees to it that they last for a call. Throws an `AwsError` where there is no getting at them. */
  renew(signal: AbortSignal): Promise<void>;
}

/** An answer from ECS takes a second at worst. */
const ATTEMPT_TIMEOUT_MS = 10_000;
/** Until AWS has answered once, silence more likely means a wrong endpoint: that is to be known in seconds. */
const FIRST_ATTEMPT_TIMEOUT_MS = 5_000;
const FIRST_ATTEMPTS = 2;

/**
 * How often a call is sent that fails in a way that waiting may never mend: an answer of the wrong shape, a wrong clock, and
 * whatever a server says that has never answered properly.
 */
const ATTEMPTS = 8;
/** The pause between two attempts doubles, up to 5 s. */
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/** The client configuration that all services have in common, for one kind of call. */
export function clientConfig(
  { region, requestHandler, fetchOptions, keys, role }: ConnectionOptions,
  kind: keyof ConnectionOptions["fetchOptions"] = "ordinary",
) {
  boundNodeHttp();
  // Over fetch and not over node:http, the SDK's default: there, Deno 2.6 does not report a connection that is closed
  // without an answer, and dies of one that is closed in the middle of it.
  const network = requestHandler ??
    // A redirect would take the session token elsewhere, and might carry an order out twice.
    new FetchHttpHandler({
      requestInit: () => ({ ...fetchOptions[kind], redirect: "manual" }),
      customFetch: boundFetch,
    });
  return {
    ...(region !== undefined && { region }),
    ...(keys !== undefined && { credentials: keys }),
    ...(role !== undefined && { credentials: role.credentials }),
    // Repeating is up to the caller, who knows what may be repeated, and up to its clock.
    maxAttempts: 1,
    logger: SILENT,
    requestHandler: guardHandler(network),
    // The SDK's own clients, which fetch credentials, take all of the above, but those of SSO take this alone. Over
    // node:https they would know neither the proxy nor the authorities.
    clientConfig: { requestHandler: explainHandler(network) },
  };
}

const nothing = () => {};
/** The SDK writes advice for programmers to stderr itself where it is given no logger. */
const SILENT = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

/** One call: what is sent, how its answer is read, and how often it may be sent. */
export interface Call<Answer, Result> {
  readonly operation: string;
  readonly send: (options: { readonly abortSignal: AbortSignal }) => Promise<Answer>;
  /** Throws when the answer has the wrong shape. */
  readonly read: (answer: Answer) => Result;
  readonly signal: AbortSignal;
  /** Sent once and never again: for calls whose repetition may do harm. */
  readonly once?: boolean;
  /** Not sent again once it may have been applied: for calls that would do their work a second time. */
  readonly neverTwice?: boolean;
  /** It changes something: then a refusal after an attempt whose answer was lost does not say that nothing was changed. */
  readonly isChange?: boolean;
}

/** Makes the calls of one client. */
export class Caller {
  #hasAnswered = false;
  /** When each operation began to fail that has only failed since, also where somebody else repeats it. */
  readonly #failingSinceMs = new Map<string, number>();

  constructor(private readonly options: ConnectionOptions) {}

  /**
   * Makes a call, again and again while AWS throttles or is in trouble, until its signal is aborted. Throws an `AwsError`,
   * also for an answer of the wrong shape: that is a lost one, since what it should have said is unknown. Throws a
   * `ConfigError` when the SDK found no region anywhere, and a `UsageError` for a change where there are to be none.
   */
  async make<Answer, Result>(call: Call<Answer, Result>): Promise<Result> {
    const { clock, random, role, changesNothing } = this.options;
    if (changesNothing && (call.isChange || call.once || call.neverTwice)) {
      throw new UsageError(`--untrusted changes nothing: ${call.operation} is not sent`);
    }
    await role?.renew(call.signal);
    let wasLost = false;
    for (let attempt = 1, pauseMs = FIRST_PAUSE_MS;; attempt++, pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      const startedAtMs = clock.elapsed();
      const report = (result: string) =>
        this.options.onAttempt(
          `${call.operation} attempt ${attempt}: ${result} in ${clock.elapsed() - startedAtMs} ms`,
        );
      try {
        const result = await this.#makeOnce(call);
        report("ok");
        this.#failingSinceMs.delete(call.operation);
        this.#hasAnswered = true;
        return result;
      } catch (thrown) {
        if (!(thrown instanceof AwsError)) throw thrown;
        // What has given credentials before is in trouble, as the network may be: the call has not left this machine.
        const isInTrouble = this.#hasAnswered && lacksCredentials(thrown);
        const error = isInTrouble ? withKind("unreachable", thrown) : thrown;
        report(error.code);
        this.#tellTrouble(error, call.signal, startedAtMs);
        this.#hasAnswered ||= isAnswerOfAws(error);
        const { signal, once = false, neverTwice = false, isChange = false } = call;
        wasLost ||= isChange && mayHaveBeenApplied(error);
        if (
          once || (neverTwice && mayHaveBeenApplied(error)) || signal.aborted || !this.#mayWorkLater(error, attempt)
        ) {
          throw wasLost ? withKind("lost", error) : error;
        }
        await clock.sleep(Math.round(pauseMs * (0.5 + random())), signal);
        if (signal.aborted) throw wasLost ? withKind("lost", error) : error;
      }
    }
  }

  async #makeOnce<Answer, Result>({ operation, send, read, signal }: Call<Answer, Result>): Promise<Result> {
    const abortSignal = AbortSignal.any([signal, this.#endOfAttempt()]);
    let answer: Answer;
    try {
      // The SDK heeds the signal only once it has credentials, and what gives them (a process, SSO) may hang.
      answer = await Promise.race([send({ abortSignal }), rejectionOf(abortSignal)]);
    } catch (error) {
      const problem = explainRegion(error, this.options.region);
      if (problem !== undefined) throw problem;
      throw this.#explain(toAwsError(operation, error, this.options.mask));
    }
    try {
      return read(answer);
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      throw new AwsError({ operation, kind: "lost", code: UNREADABLE, detail });
    }
  }

  /** While a program gets credentials, which may have to ask somebody, AWS is not what is waited for. */
  #endOfAttempt(): AbortSignal {
    const { clock, isGettingCredentials = () => false } = this.options;
    const limitMs = this.#hasAnswered ? ATTEMPT_TIMEOUT_MS : FIRST_ATTEMPT_TIMEOUT_MS;
    const end = new AbortController();
    const count = () =>
      clock.deadline(limitMs).addEventListener("abort", () => isGettingCredentials() ? count() : end.abort());
    count();
    return end.signal;
  }

  /** What only the environment explains, and the SDK and the runtime do not say. */
  #explain(error: AwsError): AwsError {
    const { missingProfile, proxyOf } = this.options;
    const { operation, kind, code, detail } = error;
    const say = (detail: string) => new AwsError({ operation, kind, code, detail });
    if (code === NO_CREDENTIALS) {
      if (missingProfile !== undefined) {
        return say(`the AWS profile ${missingProfile} is in none of the AWS CLI's files (AWS_PROFILE names it)`);
      }
      const failure = whyNoCredentials();
      return failure === undefined || detail.includes(failure) ? error : say(`${detail} (asked for them: ${failure})`);
    }
    const url = kind === "unreachable" ? /^https?:\/\/\S+(?=: )/.exec(detail)?.[0] : undefined;
    const proxy = url && proxyOf?.(url);
    return proxy ? say(`${detail} (by way of the proxy ${proxy})`) : error;
  }

  #tellTrouble(error: AwsError, { aborted }: AbortSignal, startedAtMs: number): void {
    if (aborted || !isPassing(error)) return;
    const sinceMs = this.#failingSinceMs.get(error.operation) ?? startedAtMs;
    this.#failingSinceMs.set(error.operation, sinceMs);
    this.options.onTrouble(error, this.options.clock.elapsed() - sinceMs);
  }

  /** Until AWS has answered once, an endpoint that cannot be reached, or says nothing of AWS's, is likely a wrong one. */
  #mayWorkLater(error: AwsError, attempt: number): boolean {
    if (isThrottling(error) && (this.#hasAnswered || error.code !== NOT_FROM_AWS)) return true;
    if (!this.#hasAnswered && error.kind === "unreachable") return false;
    if (!this.#hasAnswered && error.kind === "lost" && attempt === FIRST_ATTEMPTS) return false;
    const mayNeverWork = !this.#hasAnswered || error.kind === "throttled" || error.code === UNREADABLE ||
      error.code === ANSWER_TOO_LARGE;
    return isPassing(error) && !(mayNeverWork && attempt === ATTEMPTS);
  }
}

/** Whether AWS itself has said it: a 5xx may be of something on the way, and credentials may have gone elsewhere. */
function isAnswerOfAws({ kind, code }: AwsError): boolean {
  if (code === NOT_FROM_AWS) return false;
  return kind === "throttled" || kind === "denied" || kind === "rejected";
}

/** Never resolves; rejects, as the SDK does, when `signal` is aborted. */
function rejectionOf(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = () => reject(Object.assign(new Error("Request aborted"), { name: "AbortError" }));
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  });
}

function withKind(kind: AwsErrorKind, { operation, code, detail, requestId }: AwsError): AwsError {
  return new AwsError({ operation, kind, code, detail, requestId });
}
