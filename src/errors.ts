// An error means "we could not do it"; what ECS did is an outcome (`rollout/outcome.ts`). `report` decides what an
// error says, and with which exit code the run ends.
import { MachineError } from "./host.ts";
import type { ConfigProblem, FilePosition, Reason, SetProblem, WaitedFor } from "./problems.ts";
import type { AwsErrorKind, AwsFailure, CallTrouble, Foreign, UnseenOrder } from "./problems/aws_failure.ts";

/** The command line cannot be carried out as typed. `hint` is one line that says what to type instead. */
export class UsageError extends Error {
  override readonly name = "UsageError";

  constructor(message: string, readonly hint?: string) {
    super(message);
  }
}

/** A file of the user's (config, definition, envfile) is missing, malformed or says something impossible. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";

  /** @param position where; its file and line lead the message, so that editors and CI can link to it */
  constructor(readonly problem: ConfigProblem, readonly position?: FilePosition) {
    super(problem.code);
  }
}

/** What was asked for does not exist, or is refused: nothing has been changed. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";

  constructor(readonly problem: SetProblem) {
    super(problem.code);
  }
}

/** A stop signal or the time limit has ended the wait for a program or a file. */
export class StoppedError extends Error {
  override readonly name = "StoppedError";

  constructor(readonly waitedFor: WaitedFor) {
    super(waitedFor.code);
  }
}

// Codes of our own. The answer came from a proxy, a captive portal or a redirect; it lacks a part; it is too long; it
// did not come in time.
export const NOT_FROM_AWS = "NotFromAws";
export const UNREADABLE = "UnreadableAnswer";
export const ANSWER_TOO_LARGE = "AnswerTooLarge";
export const TOO_SLOW = "TooSlow";

/** A code of our own: Amazon ECR does not have the image, but has a pull-through cache rule for it. */
export const NOT_PULLED_YET = "NotPulledYet";

/** An AWS call failed. */
export class AwsError extends Error implements AwsFailure {
  override readonly name = "AwsError";
  readonly operation: string;
  readonly kind: AwsErrorKind;
  readonly code: string;
  readonly detail: string;
  readonly trouble: CallTrouble | undefined;
  readonly requestId: string | undefined;
  readonly unseen: UnseenOrder | undefined;
  readonly foreign: Foreign | undefined;
  readonly role: string | undefined;

  constructor(failure: AwsFailure) {
    const code = cutLong(failure.code, LONGEST_NAME);
    super(`${failure.operation}: ${code}`);
    this.operation = failure.operation;
    this.kind = failure.kind;
    this.code = code;
    this.detail = cutLong(failure.detail, LONGEST_DETAIL);
    this.trouble = failure.trouble;
    this.requestId = failure.requestId && cutLong(failure.requestId, LONGEST_NAME);
    this.unseen = failure.unseen;
    this.foreign = failure.foreign;
    this.role = failure.role;
  }

  /** The same as data. */
  get failure(): AwsFailure {
    const { operation, kind, code, detail, trouble, requestId, unseen, foreign, role } = this;
    return { operation, kind, code, detail, trouble, requestId, unseen, foreign, role };
  }
}

/** Characters of AWS's words in a message: AWS needs a few hundred; what answers in its place may send millions. */
const LONGEST_DETAIL = 2_000;
const LONGEST_NAME = 200;

function cutLong(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}

/** Whether waiting may help: AWS or the network is busy or failing. */
export function isTransient({ kind }: AwsError): boolean {
  return kind === "throttled" || kind === "server" || kind === "lost" || kind === "unreachable";
}

/** How many refusals in a row are final: one may come from a policy that is just being replaced, or from AWS's lag. */
export const MAX_REFUSALS = 2;

/** Whether a permission is missing. A part that is `optional()` is left out then. */
export function isDenied({ kind }: Pick<AwsFailure, "kind">): boolean {
  return kind === "denied";
}

/** Whether ECS has no such cluster. */
export function isClusterMissing({ code }: AwsError): boolean {
  return code === "ClusterNotFoundException";
}

/** Whether AWS itself has said no, for the lack of a permission or for another reason. */
export function isRefusal({ kind }: Pick<AwsFailure, "kind">): boolean {
  return kind === "denied" || kind === "rejected";
}

/** For `catch()`: returns an `AwsError` as a value; throws every other error. */
export function asAwsError(thrown: unknown): AwsError {
  if (thrown instanceof AwsError) return thrown;
  throw thrown;
}

/** For a part that nothing depends on: `undefined` where AWS fails. */
export async function unlessFails<Part>(part: Promise<Part>): Promise<Part | undefined> {
  return (await optional(part, () => true)).value;
}

/** A part that the program can do without: its value, or AWS's denial. */
export type Optional<Part> =
  | { readonly value: Part; readonly denied?: undefined }
  | { readonly value?: undefined; readonly denied: AwsError };

/**
 * Awaits a part that the program can do without. A denial becomes a value, which callers turn into a notice.
 *
 * @param isTolerated which other errors count as a denial
 * @throws every other error
 */
export async function optional<Part>(
  part: Promise<Part>,
  isTolerated: (error: AwsError) => boolean = () => false,
): Promise<Optional<Part>> {
  try {
    return { value: await part };
  } catch (error) {
    if (error instanceof AwsError && (isDenied(error) || isTolerated(error))) return { denied: error };
    throw error;
  }
}

/** Awaits a part that the program can do without; where it is denied, `note` gets the denial. */
export async function unlessDenied<Part>(
  part: Promise<Part>,
  note: (denial: AwsError) => void,
  isTolerated?: (error: AwsError) => boolean,
): Promise<Part | undefined> {
  const { value, denied } = await optional(part, isTolerated);
  if (denied !== undefined) note(denied);
  return value;
}

/** The same for a part that is read repeatedly: after the first denial, which `note` gets, it is not read again. */
export function untilDenied<Part>(
  note: (denial: AwsError) => void,
  isTolerated: (error: AwsError) => boolean,
): (read: () => Promise<Part>) => Promise<Part | undefined> {
  let isOver = false;
  const noteOnce = (denial: AwsError) => {
    isOver = true;
    note(denial);
  };
  return async (read) => isOver ? undefined : await unlessDenied(read(), noteOnce, isTolerated);
}

/** Whether AWS may have done what it was asked, although the call failed. */
export function mayHaveBeenApplied({ kind }: AwsError): boolean {
  return kind === "lost" || kind === "server";
}

/** Why something failed: the machine's problem, or the first line of the system's words. */
export function reasonOf(thrown: unknown): Reason {
  return thrown instanceof MachineError ? thrown.problem : messageOf(thrown).split(/\r?\n/, 1)[0]!;
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** An error that has ended a run, as data: events carry it, and the report makes advice from it. */
export type FailureData =
  /** `isShown`: the parser of the command line has printed the message. */
  | { readonly kind: "usage"; readonly message: string; readonly hint?: string | undefined; readonly isShown?: boolean }
  /** `isOfMachine`: no file or variable of the user's is wrong. */
  | {
    readonly kind: "config";
    readonly problem: ConfigProblem;
    readonly position?: FilePosition | undefined;
    readonly isOfMachine?: boolean;
  }
  | { readonly kind: "refused"; readonly problem: SetProblem }
  | { readonly kind: "aws"; readonly aws: AwsFailure }
  | { readonly kind: "unforeseen"; readonly message: string };

export function failureOf(thrown: unknown): FailureData {
  if (thrown instanceof UsageError) return { kind: "usage", message: thrown.message, hint: thrown.hint };
  if (thrown instanceof ConfigError) return { kind: "config", problem: thrown.problem, position: thrown.position };
  if (thrown instanceof RefusedError) return { kind: "refused", problem: thrown.problem };
  if (thrown instanceof MachineError) {
    const { problem } = thrown;
    return { kind: "config", problem, isOfMachine: problem.code !== "notText" };
  }
  if (thrown instanceof AwsError) return { kind: "aws", aws: thrown.failure };
  return { kind: "unforeseen", message: messageOf(thrown) };
}
