import type { Revision } from "./arn.ts";
import type { ReadDefinition, UpdatableMembers } from "./api_members.ts";
import type { ImageLocation } from "./images.ts";
import type { JsonObject } from "./json.ts";
import type { ListedDeployment, PastDeployment, ServiceDeployment, ServiceRevision } from "./service_deployment.ts";
import type { DescribedService, LiveTask, ServiceRef, ServiceSnapshot, StoppedTask, Tags } from "./service.ts";
import type { TaskDefinition } from "./task_definition.ts";

export type { ScalingPort } from "./scalable_target.ts";

// What the program asks of AWS. Every method throws an `AwsError` when AWS refuses or cannot be reached, and ends early when
// `signal` is aborted. Until then, what may be sent twice without harm is sent again while AWS throttles or is in trouble;
// the methods that are sent once say so.

/** A look that another one follows soon: where calls wait for AWS's rates, it waits behind all others. */
export type Pace = "poll";

export interface EcsReader {
  /** AWS's time, as far as it is known to differ from this machine's: milliseconds since the epoch. */
  now(): number;
  /**
   * Where many services are changed: waits until AWS's rates allow an update of this one, and keeps that place for it. What
   * is read after that is new when the update is sent. Sends nothing.
   */
  awaitTurn(ref: ServiceRef, signal: AbortSignal): Promise<void>;
  /** `undefined` when ECS says that it knows no such service. */
  describeService(ref: ServiceRef, signal: AbortSignal): Promise<DescribedService | undefined>;
  /** The same without AWS's whole description. */
  lookAtService(ref: ServiceRef, signal: AbortSignal, pace?: Pace): Promise<ServiceSnapshot | undefined>;
  /** The ARNs of the cluster's services that are not deleted, page by page. */
  listServices(cluster: string, signal: AbortSignal): AsyncIterable<readonly string[]>;
  /** The ARNs of the clusters of the account and region, page by page. */
  listClusters(signal: AbortSignal): AsyncIterable<readonly string[]>;
  /** The tags of a cluster's services, by ARN, ten a call; those that ECS does not know are left out. */
  readServiceTags(cluster: string, arns: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Tags>>;
  /** Any number of a cluster's services, by ARN, in tens; those that ECS does not know are left out. */
  describeServices(cluster: string, arns: readonly string[], signal: AbortSignal): Promise<readonly ServiceSnapshot[]>;
  /** By `family:revision`, full ARN, or family (its newest ACTIVE revision); `undefined`: never registered, or deleted. */
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
  /** The service's tasks that have stopped lately: one page of 100 at most, which two calls read. */
  listStoppedTasks(ref: ServiceRef, signal: AbortSignal): Promise<readonly StoppedTask[]>;
  /** `undefined` when ECS does not know it (any more). */
  describeServiceDeployment(arn: string, signal: AbortSignal, pace?: Pace): Promise<ServiceDeployment | undefined>;
  /** The service's newest service deployment; `undefined` when there is none (older than 90 days). */
  findNewestServiceDeployment(ref: ServiceRef, signal: AbortSignal): Promise<ServiceDeployment | undefined>;
  /** The ARN of the task definition that was completed last: ECS goes back to it when a deployment fails. */
  findLastCompleted(ref: ServiceRef, signal: AbortSignal): Promise<string | undefined>;
  /**
   * The service's deployments of the last 90 days, newest first, with what each was to bring; at most `limit`. `onListed`
   * gets their ARNs a round trip earlier, before it is known what they were to bring.
   */
  listPastDeployments(
    ref: ServiceRef,
    limit: number,
    signal: AbortSignal,
    onListed?: (arns: readonly string[]) => void,
  ): Promise<readonly PastDeployment[]>;
  /** All of the service's deployments of the last 90 days, page by page as AWS returns them: in no order. */
  listDeployments(ref: ServiceRef, signal: AbortSignal): AsyncIterable<readonly ListedDeployment[]>;
  /** In twenties; those that ECS does not know (any more) are left out. */
  describeServiceDeployments(arns: readonly string[], signal: AbortSignal): Promise<readonly ServiceDeployment[]>;
  /** In twenties; those that ECS does not know (any more) are left out. */
  describeServiceRevisions(arns: readonly string[], signal: AbortSignal): Promise<readonly ServiceRevision[]>;
  /** A definition as the user wrote it, in the names of the API; sends nothing. */
  readDefinition(kind: "taskDefinition" | "service", written: JsonObject): ReadDefinition;
  /** What UpdateService changes of a service, by the API's model; sends nothing. */
  updatableMembers(): UpdatableMembers;
}

/** What UpdateService is to change, in the names of the API. */
interface ServiceChange {
  /** The full ARN; left out: the service keeps its own. */
  readonly taskDefinition?: string;
  readonly attributes?: JsonObject;
}

/** AWS's answer to RegisterTaskDefinition; the definition has its `tags`, too. */
export interface Registered {
  readonly revision: Revision;
  readonly definition: JsonObject;
}

export interface EcsWriter {
  /** Sends `cluster`, `service` and what is to change, nothing else, once. Returns the service as updated. */
  updateService(ref: ServiceRef, change: ServiceChange, signal: AbortSignal): Promise<ServiceSnapshot>;
  /** Adds `cluster` and `serviceName` to the input. Sent again where that may help: the token makes ECS act once. */
  createService(ref: ServiceRef, input: JsonObject, clientToken: string, signal: AbortSignal): Promise<ServiceSnapshot>;
  /** Stops a service deployment with stopType ROLLBACK, sent once: ECS goes back to its source service revision. */
  stopServiceDeployment(arn: string, signal: AbortSignal): Promise<void>;
  /**
   * Members that the program has no name for are sent, too. Never sent again when it may have arrived: that would make a
   * second revision.
   *
   * @param isSame compares a revision's raw description: where the answer is lost, the newest revision may be the one
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

/** The staging labels (`AWSCURRENT`, ...) of a secret's versions, by version ID; of those that have any. */
export type SecretStages = ReadonlyMap<string, readonly string[]>;

/** `loadBalancers`: the ARNs of those that send it requests. */
type TargetGroup = Readonly<{ targetType: string; loadBalancers: readonly string[] }>;

/** Checks whether what a task definition names is there. */
export interface ReferenceChecker {
  /**
   * The digest of an image that can be pulled; `undefined` when there is none, or it is in the archive.
   *
   * @throws AwsError with the code `NOT_PULLED_YET` where Amazon ECR does not have it, and may fetch it from elsewhere
   */
  findDigest(image: ImageLocation, signal: AbortSignal): Promise<string | undefined>;
  /** Of Amazon EFS, where the service is, by ID; `undefined`: there is none in this account and region. */
  readFileSystem(
    id: string,
    signal: AbortSignal,
  ): Promise<Readonly<{ state: string; mountTargets: number }> | undefined>;
  /** Of Amazon EFS, where the service is, by ID. */
  readAccessPoint(
    id: string,
    signal: AbortSignal,
  ): Promise<Readonly<{ state: string; fileSystem: string }> | undefined>;
  /** Of Elastic Load Balancing, by ARN, whose region is asked. */
  readTargetGroup(arn: string, signal: AbortSignal): Promise<TargetGroup | undefined>;
  /** The ARNs of all that a load balancer may send requests to. */
  readTargetGroupsBehind(loadBalancer: string, signal: AbortSignal): Promise<readonly string[]>;
  /** The JSON that says who may assume a role, by the role's name without its path; `undefined`: there is no such role. */
  readTrustPolicy(name: string, signal: AbortSignal): Promise<string | undefined>;
  /** `undefined`: there is no such secret, or it is to be deleted. Asks the region of the ARN, and for no value. */
  readSecretStages(arn: string, signal: AbortSignal): Promise<SecretStages | undefined>;
  /**
   * The keys of the JSON object that a version of a secret is, and nothing of their values; `undefined` when there is no
   * such secret or version, `unread` where no secret is to be read. Asks the region of the ARN.
   */
  readSecretKeys(
    version: SecretVersion,
    signal: AbortSignal,
  ): Promise<ReadonlySet<string> | "no JSON" | "unread" | undefined>;
  /** @param region where it is; `undefined`: where the service is */
  hasLogGroup(name: string, region: string | undefined, signal: AbortSignal): Promise<boolean>;
  /** @param name a name, or an ARN, whose region is asked */
  hasParameter(name: string, signal: AbortSignal): Promise<boolean>;
  /** Whether an object is in a bucket of Amazon S3, in whatever region that is; nothing of it is read. */
  hasObject(bucket: string, key: string, signal: AbortSignal): Promise<boolean>;
}

/** What the policies of a role come to, for one action on one resource. */
export interface Decision {
  readonly action: string;
  readonly resource: string;
  readonly decision: "allowed" | "explicitDeny" | "implicitDeny";
  /** Keys of conditions that it depends on, and that no simulation knows. */
  readonly missingContext: readonly string[];
}

export interface Key {
  readonly arn: string;
  readonly state: string;
  /** Whether AWS manages it: then it lets the services use it by itself. */
  readonly isOfAws: boolean;
}

/** Looks at more than whether something is there: what a role may do, and how things are. */
export interface DeepChecker {
  /** The region that things are in whose name does not say one. */
  readRegion(): Promise<string>;
  /** Each action on each resource. AWS does not look at the policies of the resources, and reports only known ones. */
  simulate(
    roleArn: string,
    actions: readonly string[],
    resources: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly Decision[]>;
  /** By ID; those that are not there are left out. With IPv6 alone the number of free addresses is `undefined`. */
  readFreeAddresses(subnets: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, number | undefined>>;
  /** By ARN, of the key or of an alias, whose region is asked. */
  readKey(arn: string, signal: AbortSignal): Promise<Key | undefined>;
  /** The ARN of a secret, and the key of the user's that encrypts it; `undefined`: there is no such secret. */
  readSecret(arn: string, signal: AbortSignal): Promise<Readonly<{ arn: string; key: string | undefined }> | undefined>;
  /** The same of a parameter, by name or ARN, without its version. */
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
   * The last events of a stream of Amazon CloudWatch Logs, oldest first; an event can have several lines. `undefined`: there
   * is no such group or stream, or it is not shown yet.
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
