// Why a call of AWS has failed, as data. The words are in `report/messages`.

/**
 * What an AWS failure means for the caller. `throttled` was not applied; `lost` may have been applied, for its answer
 * never came; `unreachable` never left this machine; `credentials` and `denied` do not mend by waiting.
 */
export type AwsErrorKind = "throttled" | "lost" | "unreachable" | "credentials" | "denied" | "server" | "rejected";

/** A call that has failed, as events and notices carry it. */
export interface AwsFailure {
  readonly operation: string;
  readonly kind: AwsErrorKind;
  /** AWS's own name for it, such as `ClientException`: matched on, never the HTTP status (ecs: AccessDenied is 400 or 403). */
  readonly code: string;
  /** In AWS's words, or the system's; empty where there are none. */
  readonly detail: string;
  readonly requestId?: string | undefined;
  /** Given where what became of an order was looked for, and not seen. */
  readonly unseen?: UnseenOrder | undefined;
  readonly foreign?: Foreign | undefined;
}

/** What has answered in the place of AWS, or of what gives credentials: a proxy that wants a login, or something else. */
export type Foreign = "wantsLogin" | "other";

/** What was not seen of an order: whether AWS carries it out is unknown. Task definitions are `family:revision`. */
export type UnseenOrder = Readonly<
  /** The answer was lost, and no deployment of it has appeared. */
  | { code: "noNewDeployment"; taskDefinition: string | undefined }
  /** The answer was lost, and the service has not these members as ordered. */
  | { code: "notAsOrdered"; names: readonly string[] }
  /** The answer was lost, and the deployment goes on. */
  | { code: "notStopped" }
  /** ECS has accepted the order; the service is still at the deployment with this id, or shows none. */
  | { code: "startedNone"; taskDefinition: string; stillAt: string | undefined }
>;
