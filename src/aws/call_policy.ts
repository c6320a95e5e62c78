import {
  ANSWER_TOO_LARGE,
  type AwsError,
  isRefusal,
  isTransient,
  mayHaveBeenApplied,
  NOT_FROM_AWS,
  UNREADABLE,
} from "../errors.ts";
import { isThrottling } from "./to_aws_error.ts";

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

/** How the calls of an API have gone so far. Its clients in several regions share it. */
export class CallHistory {
  hasAnswered = false;
  /** Since when each operation has only failed, in one call or several. */
  readonly failingSinceMs = new Map<string, number>();
}

/** An answer from ECS takes a second at worst. */
const ATTEMPT_TIMEOUT_MS = 10_000;
/** Until AWS has answered once, silence more likely means a wrong endpoint, which the user should know in seconds. */
const FIRST_ATTEMPT_TIMEOUT_MS = 5_000;
const FIRST_ATTEMPTS = 2;

// How often a call is sent where waiting may never help: after an answer of the wrong shape, with a wrong clock, and to
// a server that has never answered properly.
const ATTEMPTS = 8;

export function attemptTimeoutMs({ hasAnswered }: CallHistory): number {
  return hasAnswered ? ATTEMPT_TIMEOUT_MS : FIRST_ATTEMPT_TIMEOUT_MS;
}

/** Whether a call that has failed `attempts` times may be sent again, and may then succeed. */
export function mayBeSentAgain(
  error: AwsError,
  attempts: number,
  policy: CallPolicy<unknown>,
  history: CallHistory,
): boolean {
  return isRepeatable(policy, error) && mayWorkLater(error, attempts, history);
}

function isRepeatable(policy: CallPolicy<unknown>, error: AwsError): boolean {
  if (typeof policy === "string") return policy === "safe";
  return policy.mayArriveTwice || !mayHaveBeenApplied(error);
}

/** Until AWS has answered once, an endpoint that cannot be reached, or does not answer like AWS, is likely wrong. */
function mayWorkLater(error: AwsError, attempts: number, { hasAnswered }: CallHistory): boolean {
  if (isThrottling(error) && (hasAnswered || error.code !== NOT_FROM_AWS)) return true;
  if (!hasAnswered && error.kind === "unreachable") return false;
  if (!hasAnswered && error.kind === "lost" && attempts === FIRST_ATTEMPTS) return false;
  const mayNeverWork = !hasAnswered || error.kind === "throttled" || error.code === UNREADABLE ||
    error.code === ANSWER_TOO_LARGE;
  return isTransient(error) && !(mayNeverWork && attempts === ATTEMPTS);
}

/** Whether AWS itself has answered: a 5xx may come from a proxy, and bad credentials from where they are fetched. */
export function isAnswerOfAws(error: AwsError): boolean {
  if (error.code === NOT_FROM_AWS) return false;
  return error.kind === "throttled" || isRefusal(error);
}
