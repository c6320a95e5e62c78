import type { Revision } from "./arn.ts";
import type { ReadDefinition, UpdatableMembers } from "./api_members.ts";
import type { ImageLocation } from "./images.ts";
import type { JsonObject } from "./json.ts";
import type { ListedDeployment, PastDeployment, ServiceDeployment, ServiceRevision } from "./service_deployment.ts";
import type { DescribedService, LiveTask, ServiceRef, ServiceSnapshot, StoppedTask, Tags } from "./service.ts";
import type { TaskDefinition } from "./task_definition.ts";

export type { ScalingPort } from "./scalable_target.ts";

// What the program asks of AWS. Every method throws an `AwsError` when AWS refuses or cannot be reached, and ends early
// when `signal` is aborted. A call that is safe to repeat is sent again while AWS throttles or is in trouble; the
// methods that send theirs once say so.

/** `poll`: the read is repeated soon anyway, so where calls wait for AWS's rates, it waits behind all others. */
export type Priority = "poll";

export interface EcsReader {
  /** AWS's time, as far as it is known to differ from this machine's: milliseconds since the epoch. */
  now(): number;
  /**
   * Where many services are changed: waits until AWS's rates allow an update of this one, and keeps that place for it,
   * so that what is read next is still new when the update is sent. Sends nothing.
   */
  awaitTurn(ref: ServiceRef, signal: AbortSignal): Promise<void>;
  /** `undefined` when ECS says that it knows no such service. */
  describeService(ref: ServiceRef, signal: AbortSignal): Promise<DescribedService | undefined>;
  /** The same, without keeping AWS's whole description. */
  readSnapshot(ref: ServiceRef, signal: AbortSignal, priority?: Priority): Promise<ServiceSnapshot | undefined>;
  /** The ARNs of the cluster's services that are not deleted, page by page. */
  listServices(cluster: string, signal: AbortSignal): AsyncIterable<readonly string[]>;
  /** The ARNs of the clusters of the account and region, page by page. */
  listClusters(signal: AbortSignal): AsyncIterable<readonly string[]>;
  /** The tags of a cluster's services, by ARN, ten a call; those that ECS does not know are left out. */
  readServiceTags(cluster: string, arns: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Tags>>;
  /** Any number of a cluster's services, by ARN, ten a call; those that ECS does not know are left out. */
  describeServices(cluster: string, arns: readonly string[], signal: AbortSignal): Promise<readonly ServiceSnapshot[]>;
  /** By `family:revision`, ARN, or family (its newest ACTIVE revision); `undefined`: never registered, or deleted. */
  describeTaskDefinition(name: string, signal: AbortSignal): Promise<TaskDefinition | undefined>;
  /** The numbers of the newest ACTIVE revisions, newest first; one page, at most 100. */
  listNewestRevisions(family: string, limit: number, signal: AbortSignal): Promise<readonly number[]>;
  /** The revisions of a family, page by page as AWS returns them, by ascending or descending number. */
  listRevisions(
    family: string,
    which: { readonly status: "ACTIVE" | "INACTIVE"; readonly order: "ASC" | "DESC" },
    signal: AbortSignal,
  ): AsyncIterable<readonly Revision[]>;
  /** The task definition ARNs of the family's tasks in this cluster that run or are to run. */
  listTaskDefinitionsInUse(cluster: string, family: string, signal: AbortSignal): Promise<ReadonlySet<string>>;
  /** The service's tasks that run, or are to run: a thousand of them at most. */
  listLiveTasks(ref: ServiceRef, signal: AbortSignal): Promise<readonly LiveTask[]>;
  /** The service's tasks that have stopped in about the last hour: at most ten pages of 100. */
  listStoppedTasks(ref: ServiceRef, signal: AbortSignal): Promise<readonly StoppedTask[]>;
  /** `undefined` when ECS does not know it (any more). */
  describeServiceDeployment(
    arn: string,
    signal: AbortSignal,
    priority?: Priority,
  ): Promise<ServiceDeployment | undefined>;
  /** The service's newest service deployment; `undefined` when there was none in the last 90 days. */
  findNewestServiceDeployment(ref: ServiceRef, signal: AbortSignal): Promise<ServiceDeployment | undefined>;
  /** The ARN of the task definition of the last completed deployment: ECS goes back to it when a deployment fails. */
  findLastCompleted(ref: ServiceRef, signal: AbortSignal): Promise<string | undefined>;
  /**
   * The service's deployments of the last 90 days, newest first, with what each shipped; at most `limit`. `onListed`
   * gets their ARNs a round trip earlier, before it is known what they shipped.
   */
  listPastDeployments(
    ref: ServiceRef,
    limit: number,
    signal: AbortSignal,
    onListed?: (arns: readonly string[]) => void,
  ): Promise<readonly PastDeployment[]>;
  /** All of the service's deployments of the last 90 days, page by page as AWS returns them: in no order. */
  listDeployments(ref: ServiceRef, signal: AbortSignal): AsyncIterable<readonly ListedDeployment[]>;
  /** Twenty a call; those that ECS does not know (any more) are left out. */
  describeServiceDeployments(arns: readonly string[], signal: AbortSignal): Promise<readonly ServiceDeployment[]>;
  /** Twenty a call; those that ECS does not know (any more) are left out. */
  describeServiceRevisions(arns: readonly string[], signal: AbortSignal): Promise<readonly ServiceRevision[]>;
  /** A definition as the user wrote it, in the names of the API; sends nothing. */
  readDefinition(kind: "taskDefinition" | "service", written: JsonObject): ReadDefinition;
  /** What UpdateService changes of a service, by the API's model; sends nothing. */
  updatableMembers(): UpdatableMembers;
}

/** AWS's answer to RegisterTaskDefinition; `tags` are among the definition's members. */
export interface Registered {
  readonly revision: Revision;
  readonly definition: JsonObject;
}

export interface EcsWriter {
  /**
   * Sends `cluster`, `service` and what is to change, nothing else, once. Returns the service as updated.
   *
   * @param change the full ARN of a task definition, and attributes in the names of the API
   */
  updateService(
    ref: ServiceRef,
    change: Readonly<{ taskDefinition?: string; attributes?: JsonObject }>,
    signal: AbortSignal,
  ): Promise<ServiceSnapshot>;
  /** Adds `cluster` and `serviceName` to the input. May be sent again: the client token makes ECS act once. */
  createService(ref: ServiceRef, input: JsonObject, clientToken: string, signal: AbortSignal): Promise<ServiceSnapshot>;
  /** Stops a service deployment with stopType ROLLBACK, sent once: ECS goes back to its source service revision. */
  stopServiceDeployment(arn: string, signal: AbortSignal): Promise<void>;
  /**
   * Sends members that the program does not know, too. Never sent again when it may have arrived: that would make a
   * second revision.
   *
   * @param isSame compares a revision's description with the input: after a lost answer, the newest one may be ours
   */
  registerTaskDefinition(
    input: JsonObject,
    isSame: (raw: JsonObject) => boolean,
    signal: AbortSignal,
  ): Promise<Registered>;
  deregisterTaskDefinition(arn: string, signal: AbortSignal): Promise<void>;
  /** Puts tags on a service, by its ARN in the long format. */
  tagService(arn: string, tags: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void>;
  untagService(arn: string, keys: readonly string[], signal: AbortSignal): Promise<void>;
  /** Deletes INACTIVE task definitions, ten at most. Returns the refusals, by ARN, in AWS's words. */
  deleteTaskDefinitions(arns: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
}

/** Where template functions find values. */
export interface ValueSources {
  /** From the Parameter Store, decrypted; `undefined` when there is none of that name. */
  readParameter(name: string, signal: AbortSignal): Promise<Readonly<{ type: string; value: string }> | undefined>;
  findSecretArn(name: string, signal: AbortSignal): Promise<string | undefined>;
  /** The outputs of a CloudFormation stack, by key; `undefined` when there is no stack of that name. */
  readStackOutputs(stack: string, signal: AbortSignal): Promise<ReadonlyMap<string, string> | undefined>;
  readStackExports(signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
  readObject(bucket: string, key: string, signal: AbortSignal): Promise<string | undefined>;
}

/** A version of a secret; without stage and ID the current one. */
export interface SecretVersion {
  readonly arn: string;
  readonly stage: string | undefined;
  readonly id: string | undefined;
}

/** The staging labels (`AWSCURRENT`, ...) of a secret's versions, by version ID; only versions that have some. */
export type SecretStages = ReadonlyMap<string, readonly string[]>;

/** `loadBalancers`: the ARNs of those that send requests to it. */
type TargetGroup = Readonly<{ targetType: string; loadBalancers: readonly string[] }>;

/** Checks whether the things that a task definition names exist. */
export interface ReferenceChecker {
  /**
   * The digest of an image that can be pulled; `undefined`: there is none, or it is archived.
   *
   * @throws AwsError with the code `NOT_PULLED_YET` where Amazon ECR lacks it, but has a pull-through cache rule for it
   */
  findDigest(image: ImageLocation, signal: AbortSignal): Promise<string | undefined>;
  /** A file system of Amazon EFS in the service's region, by ID; `undefined`: the account has none of this ID there. */
  readFileSystem(
    id: string,
    signal: AbortSignal,
  ): Promise<Readonly<{ state: string; mountTargets: number }> | undefined>;
  /** An access point of Amazon EFS in the service's region, by ID. */
  readAccessPoint(
    id: string,
    signal: AbortSignal,
  ): Promise<Readonly<{ state: string; fileSystem: string }> | undefined>;
  /** A target group, by ARN; asks the region of the ARN. */
  readTargetGroup(arn: string, signal: AbortSignal): Promise<TargetGroup | undefined>;
  /** The ARNs of all target groups that a load balancer may send requests to. */
  readTargetGroupsBehind(loadBalancer: string, signal: AbortSignal): Promise<readonly string[]>;
  /** A role's trust policy, as JSON, by the role's name without its path; `undefined`: there is no such role. */
  readTrustPolicy(name: string, signal: AbortSignal): Promise<string | undefined>;
  /** `undefined`: there is no such secret, or it is being deleted. Asks the region of the ARN; reads no value. */
  readSecretStages(arn: string, signal: AbortSignal): Promise<SecretStages | undefined>;
  /**
   * The keys of a secret's version that is a JSON object, without their values; `undefined` when there is no such
   * secret or version, `unread` where no secret may be read. Asks the region of the ARN.
   */
  readSecretKeys(
    version: SecretVersion,
    signal: AbortSignal,
  ): Promise<ReadonlySet<string> | "noJson" | "unread" | undefined>;
  /** @param region the log group's; `undefined`: the service's */
  hasLogGroup(name: string, region: string | undefined, signal: AbortSignal): Promise<boolean>;
  /** @param name a name, or an ARN: then asks the region of the ARN */
  hasParameter(name: string, signal: AbortSignal): Promise<boolean>;
  /** Whether a bucket of Amazon S3 has an object; the bucket may be in any region. Reads nothing of the object. */
  hasObject(bucket: string, key: string, signal: AbortSignal): Promise<boolean>;
}

/** What the policies of a role decide, for one action on one resource. */
export interface Decision {
  readonly action: string;
  readonly resource: string;
  readonly decision: "allowed" | "explicitDeny" | "implicitDeny";
  /** Condition keys that the decision depends on, and whose values the simulation does not know. */
  readonly missingContext: readonly string[];
}

export interface Key {
  readonly arn: string;
  readonly state: string;
  /** Whether AWS manages it: then AWS's services may use it without a further permission. */
  readonly isAwsManaged: boolean;
}

/** Checks more than whether something exists: what a role may do, and what state things are in. */
export interface DeepChecker {
  /** The region of things whose name does not say one. */
  readRegion(): Promise<string>;
  /** Simulates each action on each resource by the role's policies alone. AWS may leave some results out. */
  simulate(
    roleArn: string,
    actions: readonly string[],
    resources: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly Decision[]>;
  /** By ID; those that do not exist are left out. `undefined` for a subnet with IPv6 alone. */
  readFreeAddresses(subnets: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, number | undefined>>;
  /** By the ARN of a key or of an alias; asks the region of the ARN. */
  readKey(arn: string, signal: AbortSignal): Promise<Key | undefined>;
  /** The ARN of a secret, and the user's own key that encrypts it; `undefined`: there is no such secret. */
  readSecret(arn: string, signal: AbortSignal): Promise<Readonly<{ arn: string; key: string | undefined }> | undefined>;
  /** The same of a parameter, by its name or ARN without a version. */
  readParameter(
    name: string,
    signal: AbortSignal,
  ): Promise<Readonly<{ arn: string; key: string | undefined }> | undefined>;
}

/** Where images are looked up. */
export type ImageRegistry = Pick<ReferenceChecker, "findDigest">;

/** Reads what containers have written. */
export interface LogsPort {
  /**
   * The last events of a stream of Amazon CloudWatch Logs, oldest first; an event can have several lines. `undefined`:
   * there is no such group or stream, or it is not shown yet.
   *
   * @param region where the group is
   * @param limit of events, 10,000 at most
   */
  readLastEvents(
    place: Readonly<{ group: string; stream: string; region: string | undefined }>,
    limit: number,
    signal: AbortSignal,
  ): Promise<readonly string[] | undefined>;
}
