// Why a call to AWS has failed, as data. The words are in `report/messages`.

import type { Reason } from "../problems.ts";

/**
 * What an AWS failure means for the caller. `throttled` was not applied; `lost` may have been applied, for its answer
 * never came; `unreachable` never left this machine; waiting does not help with `credentials` and `denied`.
 */
export type AwsErrorKind = "throttled" | "lost" | "unreachable" | "credentials" | "denied" | "server" | "rejected";

/** A call that has failed, as events and notices carry it. */
export interface AwsFailure {
  readonly operation: string;
  readonly kind: AwsErrorKind;
  /** AWS's own name, such as `ClientException`. Decides, not the HTTP status: ECS's AccessDenied has 400 or 403. */
  readonly code: string;
  /** In the words of AWS, of its SDK or of the system; empty where there are none. */
  readonly detail: string;
  /** What code and detail do not say. */
  readonly trouble?: CallTrouble | undefined;
  readonly requestId?: string | undefined;
  /** Given where the effect of an order was looked for, and not seen. */
  readonly unseen?: UnseenOrder | undefined;
  readonly foreign?: Foreign | undefined;
  /** The role that could not be assumed, by ARN. */
  readonly role?: string | undefined;
}

/** One attempt of a call, for the log. */
export interface AttemptedCall {
  readonly operation: string;
  /** Which attempt it was, from 1 on. */
  readonly attempt: number;
  /** `ok`, or the code of the failure. */
  readonly result: string;
  readonly tookMs: number;
}

/** What has gone wrong with a call, where neither AWS nor its SDK has words for it. */
export type CallTrouble = Readonly<
  /** A variable that the SDK reads is not UTF-8; the credentials have characters that no header may have. */
  | { code: "variableNotText" | "keysNotSendable" }
  /** The profile names a section that does not exist. */
  | { code: "noSsoSession" }
  | { code: "noProfile"; profile: string }
  | { code: "credentialsNotFromAws" }
  /** `why`: the newest request for credentials failed, perhaps in the words of the system. */
  | { code: "askedForCredentials"; why: RefusedAnswer | string }
  | { code: "byProxy"; proxy: string }
  | { code: "noAnswerInTime" | "notSent" }
  | { code: "noAnswerWithin"; withinMs: number }
  | { code: "answerTooDeep" }
  | { code: "pagesTooLarge"; mostBytes: number }
  /** S3 answers that access is forbidden where an object is missing, too, and does not say which permission that takes. */
  | { code: "mayBeMissing"; action: string }
  /** Amazon ECR may fetch the image: the repository has a pull-through cache rule. */
  | { code: "mayBePulled" }
  | RefusedAnswer
  | AnswerTrouble
>;

/** Why a `credential_process` of an AWS profile has given none. */
export type CredentialProcessProblem = Readonly<
  | { code: "notDone"; program: string; withinMs: number }
  | { code: "noShell"; program: string }
  /** `said`: the first line that it has written for people. */
  | { code: "programFailed"; program: string; exitCode: number; said: string | undefined }
  | { code: "notRun"; program: string; reason: Reason }
>;

/** An answer that is not taken, and why. `host`: where it was asked for. */
export type RefusedAnswer = Readonly<
  /** It is not AWS's. `server`: what that says of itself. `to`: where it sends the call: an origin, or what is known of it. */
  | { code: "foreignAnswer"; status: number; host: string; server?: string; to?: Origin | "sameHost" | "unreadable" }
  /** AWS's answer is an error, under a status that says that all is well. */
  | { code: "contradictoryAnswer"; error: string; status: number }
  | { code: "answerTooLarge"; host: string; mostBytes: number }
  /** It would take more memory than answers of AWS do. */
  | { code: "answerTooHeavy"; host: string; bytes: number }
  | { code: "credentialsTooLarge"; mostBytes: number }
>;

export interface Origin {
  readonly origin: string;
}

/** What is wrong with an answer of AWS's; `name`: of a member, or of a resource. */
export type AnswerTrouble = Readonly<
  | { code: "lacks" | "namesNone" | "aboutAnother" | "leavesOut" | "hasNoList"; name: string }
  | { code: "wrongMember"; name: string; expected: "text" | "number" | "flag" | "time" | "tags" }
  /** `reason`: in AWS's words. */
  | { code: "lacksFor"; name: string; reason: string | undefined }
  | { code: "aboutThis"; name: string; shown: string }
  | { code: "stillActive" }
>;

/** What answered instead of AWS, or of the source of credentials: a proxy that wants a login, or something else. */
export type Foreign = "wantsLogin" | "other";

/** What was not seen after an order, so that its fate is unknown. Task definitions are `family:revision`. */
export type UnseenOrder = Readonly<
  /** The answer was lost, and no deployment of it has appeared. */
  | { code: "noNewDeployment"; taskDefinition: string | undefined }
  /** The answer was lost, and the service does not have these members as ordered. */
  | { code: "notAsOrdered"; names: readonly string[] }
  /** The answer was lost, and the deployment goes on. */
  | { code: "notStopped" }
  /** ECS has accepted the order; the service is still at the deployment with this id, or shows none. */
  | { code: "startedNone"; taskDefinition: string; stillAt: string | undefined }
>;
