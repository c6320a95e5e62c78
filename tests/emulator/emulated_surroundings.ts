import { setLoad } from "./auto_scaling.ts";
import { type Alarm, setAlarm } from "./deployment_alarms.ts";
import { archiveImage, digestsIn, pushImage, resolveImage, takeImageAway } from "./images.ts";
import type { World } from "./model.ts";
import { type EmulatorOptions, newWorld } from "./new_world.ts";
import {
  addToLog,
  removeSecretStage,
  setAccessPoint,
  setFileSystem,
  setLogGroup,
  setObject,
  setParameter,
  setRole,
  setSecret,
  setStack,
  setSubnet,
  setTargetGroup,
} from "./set_stores.ts";
import type { FileSystem, ParameterType, Role, Subnet } from "./stores.ts";
import { setTraffic, type Traffic } from "./traffic.ts";

/** What there is besides ECS, which a test sets up: alarms, parameters, secrets, images, roles, objects. */
export abstract class EmulatedSurroundings {
  protected world: World;

  constructor(options: EmulatorOptions) {
    this.world = newWorld(options);
  }

  /** The world's time in milliseconds since 1970. */
  now(): number {
    return this.world.nowMs;
  }

  /** Brings a CloudWatch alarm into a state: at OK, it is just there. */
  setAlarm(name: string, state: Alarm["state"], type?: Alarm["type"]): void {
    setAlarm(this.world, name, state, type);
  }

  /** Says what the function of a lifecycle hook answers, and after how many milliseconds; others succeed. */
  setFunction(arn: string, status: "SUCCEEDED" | "FAILED", afterMs = 5_000): void {
    this.world.functions[arn] = { afterMs, status };
  }

  /** Says, in ECS's words, what is wrong with the listener rules of a service that shifts traffic. */
  misroute(service: string, problem: string): void {
    this.world.misrouted[service] = problem;
  }

  /** Sets a CloudWatch alarm off; deployments of services that name it in `deploymentConfiguration.alarms` end. */
  triggerAlarm(name: string): void {
    setAlarm(this.world, name, "ALARM");
  }

  /** Has a session issued, as AWS STS or SSO do: what is signed with its key needs its token, until `expireKey`. */
  issueKey(accessKeyId: string, sessionToken: string): void {
    const roleArn = `arn:aws:iam::${this.world.settings.accountId}:role/deploy`;
    const issued = { roleArn, secretAccessKey: "a-secret", sessionToken, expiresAtMs: Infinity };
    this.world.issuedCredentials[accessKeyId] = issued;
  }

  /** Ends a session that `issueKey` has had issued. */
  expireKey(accessKeyId: string): void {
    this.world.issuedCredentials[accessKeyId]!.expiresAtMs = this.now();
  }

  /** Says how many tasks the load of a service calls for; its policies act by that from now on. */
  setLoad(resourceId: string, tasks: number): void {
    setLoad(this.world, resourceId, tasks);
  }

  /** Writes a parameter of AWS Systems Manager; `null` takes it away. */
  setParameter(name: string, value: string | null, type: ParameterType = "String"): void {
    setParameter(this.world, name, value, type);
  }

  /** Makes a secret of AWS Secrets Manager with a value, or takes it away (`false`). Returns its ARN. */
  setSecret(name: string, value: string | boolean = true): string {
    return setSecret(this.world, name, value === true ? "secret" : value === false ? null : value);
  }

  /** Takes a staging label, such as `AWSPREVIOUS`, off whatever version of a secret has it. */
  removeSecretStage(name: string, stage: string): void {
    removeSecretStage(this.world, name, stage);
  }

  /** Makes a log group of Amazon CloudWatch Logs, or takes it away. */
  setLogGroup(name: string, isThere = true): void {
    setLogGroup(this.world, name, isThere);
  }

  /** Writes lines to a stream of a log group, a second apart. */
  addToLog(group: string, stream: string, lines: readonly string[]): void {
    addToLog(this.world, group, stream, lines);
  }

  /**
   * Pushes an image, named as a task definition names it, to its registry, or takes it away. A tag that is pushed again names
   * another image from then on. Returns the digest, which is empty where there was none to take away.
   */
  setImage(image: string, isThere = true): string {
    if (isThere) return pushImage(this.world, image);
    const digest = resolveImage(this.world, image) ?? "";
    takeImageAway(this.world, image);
    return digest;
  }

  /** The digests in the repository of an image, oldest push first. */
  imageDigests(image: string): string[] {
    return digestsIn(this.world, image);
  }

  /** Moves an image of Amazon ECR to the archive, from where nothing is pulled. */
  archiveImage(image: string): void {
    archiveImage(this.world, image);
  }

  /** Makes a role of AWS IAM, by name or ARN, that a service or an account may assume; `null` takes it away. */
  setRole(nameOrArn: string, trusted: string | null = "ecs-tasks.amazonaws.com"): void {
    setRole(this.world, nameOrArn, trusted);
  }

  /** Has Amazon ECR fetch what it does not have yet from a registry upstream, where the repository begins with the prefix. */
  setPullThroughCacheRule(prefix: string): void {
    this.world.pullThroughCacheRules[prefix] = "public.ecr.aws";
  }

  /** Makes a file system of Amazon EFS, or changes one; `null` takes it away. */
  setFileSystem(id: string, changes: Partial<Pick<FileSystem, "state" | "mountTargets">> | null = {}): void {
    setFileSystem(this.world, id, changes);
  }

  /** Makes an access point of a file system of Amazon EFS; `null` takes it away. */
  setAccessPoint(id: string, fileSystemId: string | null, state = "available"): void {
    setAccessPoint(this.world, id, fileSystemId, state);
  }

  /** Makes a target group of Elastic Load Balancing, by its ARN; `null` takes it away. */
  setTargetGroup(arn: string, targetType: string | null = "ip", loadBalancers?: readonly string[]): void {
    setTargetGroup(this.world, arn, targetType, loadBalancers);
  }

  /** Changes what reaches a target group each minute from now on: CloudWatch knows of it some minutes later. */
  setTraffic(targetGroupArn: string, change: Partial<Omit<Traffic, "fromMs">>): void {
    setTraffic(this.world, targetGroupArn, change);
  }

  /** Makes a subnet of Amazon EC2, or changes one; `null` takes it away. */
  setSubnet(id: string, changes: Partial<Pick<Subnet, "freeAddresses" | "isIpv6Only">> | null): void {
    setSubnet(this.world, id, changes);
  }

  /** Makes a key of AWS KMS, by ARN, and encrypts secrets and parameters with it, given by name. */
  setKey(arn: string, state: string | null, uses: { secrets?: string[]; parameters?: string[] } = {}): void {
    if (state === null) delete this.world.keys[arn];
    else this.world.keys[arn] = state;
    for (const name of uses.secrets ?? []) this.world.secrets[name]!.kmsKeyId = arn;
    for (const name of uses.parameters ?? []) this.world.parameters[name]!.keyId = arn;
  }

  /** Says what a role may do: a role that nobody spoke of may do everything. */
  setRolePolicy(name: string, policy: Pick<Role, "policy" | "denied" | "conditionOf">): void {
    Object.assign(this.world.roles[name]!, policy);
  }

  /** Makes a stack of AWS CloudFormation with outputs by key, some exported by a name; `null` takes it away. */
  setStack(
    name: string,
    outputs: Readonly<Record<string, string>> | null,
    exportNames: Readonly<Record<string, string>> = {},
  ): void {
    setStack(this.world, name, outputs, exportNames);
  }

  /** Writes an object of Amazon S3; `null` takes it away. */
  setObject(bucket: string, key: string, body: string | null): void {
    setObject(this.world, bucket, key, body);
  }
}
