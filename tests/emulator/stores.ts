/**
 * What the services around ECS hold: parameters, secrets, images, roles and objects. A world begins without any; tests
 * fill it by the setters of `Emulator`, which are in set_stores.ts.
 */
import type { Repository } from "./images.ts";
import type { Policy } from "./policy.ts";
import type { Traffic } from "./traffic.ts";

export type ParameterType = "String" | "StringList" | "SecureString";

/** A parameter of AWS Systems Manager. */
export interface Parameter {
  name: string;
  arn: string;
  type: ParameterType;
  value: string;
  version: number;
  /** The key of the user's that encrypts it. */
  keyId?: string;
  modifiedAtMs: number;
}

/** A secret of AWS Secrets Manager. */
export interface Secret {
  name: string;
  arn: string;
  /** Newest first; none where it was created without a value. */
  versions: SecretVersion[];
  createdAtMs: number;
  /** The key of the user's that encrypts it. */
  kmsKeyId?: string;
}

export interface SecretVersion {
  id: string;
  value: string;
  /** `AWSCURRENT`, `AWSPREVIOUS` or of the user's. A version without any is deprecated: it can be read as long as it is there. */
  stages: string[];
}

/** A role of AWS IAM. */
export interface Role {
  name: string;
  arn: string;
  /** Who may assume it: a service, such as `ecs-tasks.amazonaws.com`, or an account's ARN, whose users and roles may. */
  trusted: string;
  createdAtMs: number;
  /** What it may do; everything where nobody spoke of it. */
  policy?: Policy;
  /** The actions that a policy of it denies. */
  denied?: readonly string[];
  /** By action, the key of a condition on it, which a simulation is not given. */
  conditionOf?: Readonly<Record<string, string>>;
}

/** Credentials that AWS STS has issued, by their access key. */
interface IssuedCredentials {
  roleArn: string;
  secretAccessKey: string;
  sessionToken: string;
  expiresAtMs: number;
}

/** An object in a bucket of Amazon S3. */
interface StoredObject {
  body: string;
  modifiedAtMs: number;
}

/** A stack of AWS CloudFormation, as far as others read it. */
export interface Stack {
  name: string;
  arn: string;
  createdAtMs: number;
  outputs: { key: string; value: string; exportName?: string }[];
}

/** Of Amazon EFS. Its states are those of the model's LifeCycleState. */
export interface FileSystem {
  id: string;
  state: string;
  mountTargets: number;
  createdAtMs: number;
}

export interface AccessPoint {
  id: string;
  fileSystemId: string;
  state: string;
}

/** Of Elastic Load Balancing. */
export interface TargetGroup {
  arn: string;
  targetType: string;
  port: number;
  /** The ARNs of what sends it requests; one of its own name where nobody spoke of it. */
  loadBalancers?: readonly string[];
}

/** Of Amazon EC2. */
export interface Subnet {
  id: string;
  freeAddresses: number;
  isIpv6Only: boolean;
}

/** A line in Amazon CloudWatch Logs. */
interface LogEvent {
  atMs: number;
  message: string;
}

export interface Stores {
  /** By name. */
  parameters: Record<string, Parameter>;
  /** By name. */
  secrets: Record<string, Secret>;
  /** Of Amazon CloudWatch Logs, by name: when they were created. */
  logGroups: Record<string, number>;
  /** What is in them, by group and stream, oldest first. */
  logStreams: Record<string, Record<string, LogEvent[]>>;
  /** By `registry/repository`. */
  repositories: Record<string, Repository>;
  /** By name. */
  roles: Record<string, Role>;
  /** By name. */
  stacks: Record<string, Stack>;
  /** By access key. */
  issuedCredentials: Record<string, IssuedCredentials>;
  /** By bucket, then by key. */
  objects: Record<string, Record<string, StoredObject>>;
  /** Of Amazon ECR, by prefix: the registry upstream. */
  pullThroughCacheRules: Record<string, string>;
  /** By ID. */
  fileSystems: Record<string, FileSystem>;
  /** By ID. */
  accessPoints: Record<string, AccessPoint>;
  /** By ARN. */
  targetGroups: Record<string, TargetGroup>;
  /** What reaches them, by ARN: oldest first. */
  traffic: Record<string, Traffic[]>;
  /** By ID. */
  subnets: Record<string, Subnet>;
  /** Of AWS KMS, by ARN: the states, which are those of the model's KeyState. */
  keys: Record<string, string>;
}
