import type { LogPlace } from "../model/log_place.ts";

/** One reason why tasks of a deployment do not run, or why it has failed, and how often it was met. */
export interface Cause {
  readonly code: CauseCode;
  /** `undefined` where the cause is of the task as a whole, or no task ever started. */
  readonly container: string | undefined;
  /** `undefined` where no container ended by itself. */
  readonly exitCode: number | undefined;
  /** How many tasks met it; where no task ever started, how many attempts ECS speaks of. */
  readonly count: number;
  /** ECS's words on one line, without filler; empty where ECS gives none. */
  readonly said: string;
  /** The things that ECS's text or the definitions name. */
  readonly about: CauseSubject;
  /** The newest task that stopped for this cause. */
  readonly taskArn: string | undefined;
  /** When ECS last said it: milliseconds since the epoch. */
  readonly atMs: number | undefined;
  /** Where the container's log is; only for a container that has run. */
  readonly log?: LogPlace;
}

/** What a cause is about, as far as it is named somewhere. Names and addresses only, never values. */
export interface CauseSubject {
  /** As the task definition or the text has it: `web:1.9`. */
  readonly image?: string;
  /** `linux/arm64`: the platform that the image is not built for, or that the task wants. */
  readonly platform?: string;
  /** The name of a server that was not reached. */
  readonly host?: string;
  /** The registry that the task wanted to log in to, where no image is named: `ECR`, or the name of a server. */
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
  /** The container's port that the load balancer checks. */
  readonly port?: number;
  /** The answer to the health check: `404`; `timeout`. */
  readonly answer?: string;
  /** Seconds until the container's health check gives up: startPeriod and all retries. */
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
  /** The region of the alarms. */
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
  // Neither the release nor AWS is to blame.
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

/**
 * Whether the platform is to blame (capacity, a quota, Spot, a lost host, throttling): another revision may not help.
 */
export function isOfPlatform({ code }: Pick<Cause, "code">): boolean {
  return OF_PLATFORM.has(code);
}

const OF_NETWORK = causeCodes(
  ...["registryUnreachable", "secretUnreachable", "envFileUnreachable", "logUnreachable", "efsUnreachable"] as const,
  "networkMissing",
);

/** Causes that any task of the service meets, whatever its task definition says. */
const OF_ANY_TASK = causeCodes("registryUnreachable", "networkMissing");

/**
 * Whether another revision in the same network would meet it too: a secret, a volume or a log may be new in this one.
 */
export function isOfAnyTask({ code }: Pick<Cause, "code">): boolean {
  return OF_ANY_TASK.has(code);
}

/** Whether the network of the tasks is to blame: it is a setting of the service, not of the task definition. */
export function isOfNetwork({ code }: Pick<Cause, "code">): boolean {
  return OF_NETWORK.has(code);
}
