import type { LogPlace } from "../model/log_place.ts";

/** Why tasks of a deployment do not run, or why it has failed: one thing that went wrong, and how often. */
export interface Cause {
  readonly code: CauseCode;
  /** `undefined` where it is the task as a whole, or none ever started. */
  readonly container: string | undefined;
  /** `undefined` where no container ended by itself. */
  readonly exitCode: number | undefined;
  /** How many tasks; where no task ever started, how many attempts ECS speaks of. */
  readonly count: number;
  /** ECS's words on one line, whole but for what says nothing; empty where ECS gives none. */
  readonly said: string;
  /** What the text or the definitions name. */
  readonly about: CauseSubject;
  /** Of the newest task that stopped for it. */
  readonly taskArn: string | undefined;
  /** When ECS said it last: milliseconds since the epoch. */
  readonly atMs: number | undefined;
  /** Where the container's log is; only of one that has run. */
  readonly log?: LogPlace;
}

/** What a cause is about, as far as it is named somewhere. Names and addresses only, never values. */
export interface CauseSubject {
  /** As the task definition or the text has it: `web:1.9`. */
  readonly image?: string;
  /** `linux/arm64`: for what the image is not built, or what the task wants. */
  readonly platform?: string;
  /** The name of a server that was not reached. */
  readonly host?: string;
  /** Where the task wanted to log in to pull, where no image is named: `ECR`, or the server of the registry. */
  readonly registry?: string;
  /** An ARN or a name of a secret or a parameter. */
  readonly secret?: string;
  /** The key of the JSON in the secret. */
  readonly key?: string;
  /** An ARN or a name. */
  readonly role?: string;
  /** What the role may not do: `ecr:BatchGetImage`. */
  readonly action?: string;
  /** A file in S3, or a path in the container. */
  readonly file?: string;
  readonly logGroup?: string;
  readonly fileSystem?: string;
  readonly subnet?: string;
  readonly targetGroup?: string;
  /** The container's port that the load balancer asks. */
  readonly port?: number;
  /** What the health check got: `404`; `timeout`. */
  readonly answer?: string;
  /** After how many seconds the container's health check gives up: startPeriod and all retries. */
  readonly healthCheckSeconds?: number;
  /** The hard limit that the container or the task ran into, in MiB. */
  readonly memoryMiB?: number;
  /** Whose limit that is. */
  readonly memoryOf?: "container" | "task";
  /** What the container instances lack: `memory`, `CPU units`, an attribute, a constraint. */
  readonly missing?: string;
  readonly capacityProvider?: string;
  /** The containers that wait for this one (`dependsOn`). */
  readonly dependents?: readonly string[];
  readonly alarms?: readonly string[];
  /** Where the alarms are. */
  readonly region?: string;
  /** The stage of the deployment whose hook failed, and the hook's target. */
  readonly stage?: string;
  readonly hook?: string;
}

const RELEASE_CODES = [
  // The image.
  ...["imageNotFound", "repositoryNotFound", "imageDenied", "registryLoginNeeded", "registryUnreachable"] as const,
  ...["registryNotResolved", "imagePlatform", "imageNameInvalid", "imageBroken", "imageNotPulled"] as const,
  // Secrets, parameters, environment files, roles.
  ...["secretNotFound", "secretDeleted", "secretVersionMissing", "secretKeyMissing", "secretNotJson"] as const,
  ...["secretDenied", "keyDenied", "secretUnreachable", "secretNameInvalid", "secretNotRead"] as const,
  ...["envFileNotFound", "envFileDenied", "envFileUnreachable", "envFileNotRead", "roleNotAssumed"] as const,
  // Log, volumes, network.
  ...["logGroupMissing", "logDenied", "logUnreachable", "logConfigInvalid", "logNotReady"] as const,
  ...["efsUnreachable", "efsNotResolved", "efsDenied", "efsPathMissing", "efsNotMounted"] as const,
  ...["ebsDenied", "ebsNotAttached", "volumeNotReady", "networkDenied", "networkMissing"] as const,
  ...["credentialSpec", "serviceConnect", "resourceNotReady", "diskFull"] as const,
  // Starting.
  ...["commandNotFound", "commandNotExecutable", "workingDirectory", "mountInvalid", "userMissing"] as const,
  ...["hostPortTaken", "deviceMissing", "startTimedOut", "containerNotStarted", "dependencyFailed"] as const,
  // Running.
  ...["outOfMemory", "exited", "exitedCleanly", "killed", "terminated", "crashed", "entrypointFailed"] as const,
  ...["containerUnhealthy", "targetUnhealthy", "unhealthy", "targetNotRegistered"] as const,
  // Placing.
  ...["noRoom", "portTaken", "attributeMissing", "constraintUnmet", "platformUnfit", "notPlaced"] as const,
  ...["launchDenied", "deploymentBlocked"] as const,
  // The deployment as a whole.
  ...["alarm", "hookFailed", "hookTimedOut", "trafficConfigInvalid", "stopRequested"] as const,
  ...["startsImpaired", "tasksFailedToStart"] as const,
  // Nothing that the release did, and nothing of AWS either.
  ...["stoppedByUser", "replaced"] as const,
  "unknown",
] as const;

/** Not a bad release: capacity, quotas, Spot, a host that was lost, throttling. */
const PLATFORM_CODES = [
  ...["capacityUnavailable", "quotaReached", "registryLimit", "noInstances", "noNetworkSlot", "subnetFull"] as const,
  ...["spotInterrupted", "hostLost", "hostMaintenance", "agentDisconnected", "networkInterface"] as const,
  ...["throttled", "internalError", "accountBlocked"] as const,
] as const;

export const CAUSE_CODES = [...RELEASE_CODES, ...PLATFORM_CODES] as const;

export type CauseCode = (typeof CAUSE_CODES)[number];

/** Causes that are treated alike. */
export function causeCodes(...codes: readonly CauseCode[]): ReadonlySet<CauseCode> {
  return new Set(codes);
}

const OF_PLATFORM = causeCodes(...PLATFORM_CODES);

/** Whether it is not a bad release, but capacity, a quota, Spot, a lost host or throttling: another revision may not help. */
export function isOfPlatform({ code }: Pick<Cause, "code">): boolean {
  return OF_PLATFORM.has(code);
}

const OF_NETWORK = causeCodes(
  ...["registryUnreachable", "secretUnreachable", "envFileUnreachable", "logUnreachable", "efsUnreachable"] as const,
  "networkMissing",
);

/** What every task of the service needs, whatever its task definition says. */
const OF_ANY_TASK = causeCodes("registryUnreachable", "networkMissing");

/** Whether another revision in the same network would meet the same; a secret, a volume or a log may be the new one's alone. */
export function isOfAnyTask({ code }: Pick<Cause, "code">): boolean {
  return OF_ANY_TASK.has(code);
}

/** Whether the network of the tasks is to blame, which is a setting of the service and not of the task definition. */
export function isOfNetwork({ code }: Pick<Cause, "code">): boolean {
  return OF_NETWORK.has(code);
}
