import type {
  DescribeTargetGroupsCommandInput,
  DescribeTargetGroupsCommandOutput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError, isDenied } from "../errors.ts";
import { regionOf } from "../model/arn.ts";
import { isObject, parseJson } from "../model/json.ts";
import type { ReferenceChecker } from "../model/ports.ts";
import { LazyApi } from "./lazy_api.ts";
import type { ConnectionOptions } from "./connection.ts";
import { findDigests } from "./image_registry.ts";
import {
  checkNamed,
  count,
  list,
  optionalText,
  readPages,
  required,
  requiredList,
  text,
  undefinedWhen,
} from "./read_answer.ts";
import { describeSecrets, NO_SECRET, openSecrets, readParameters } from "./secrets.ts";

export { loadRegistry } from "./image_registry.ts";

/**
 * Asks Amazon ECR, IAM, Secrets Manager, Parameter Store and others only whether things exist and can be used. An ARN
 * says in which region a thing is, which need not be that of the service.
 */
export function connectReferences(options: ConnectionOptions): ReferenceChecker {
  const secrets = openSecrets(options);
  const describeSecret = describeSecrets(secrets);
  // Not decrypted: only its existence matters.
  const findParameter = readParameters(options, false, () => true);
  return {
    findDigest: findDigests(options),
    ...checkFileSystems(options),
    ...checkTargetGroups(options),
    readTrustPolicy: checkRoles(options),
    readSecretStages: async (arn, signal) => (await describeSecret(arn, signal))?.stages,
    readSecretKeys: readKeysOver(secrets),
    hasLogGroup: checkLogGroups(options),
    hasParameter: async (name, signal) => await findParameter(name, signal) ?? false,
    hasObject: checkObjects(options),
  };
}

function checkFileSystems(options: ConnectionOptions): Pick<ReferenceChecker, "readFileSystem" | "readAccessPoint"> {
  const efs = new LazyApi(options, () => import("./clients/efs.ts"), (sdk) => sdk.EFSClient);
  return {
    readFileSystem(id, signal) {
      const reading = efs.read((sdk) => new sdk.DescribeFileSystemsCommand({ FileSystemId: id }), signal, (answer) => {
        const { LifeCycleState, NumberOfMountTargets } = required(answer.FileSystems?.[0], "FileSystems");
        return {
          state: text(LifeCycleState, "LifeCycleState"),
          mountTargets: count(NumberOfMountTargets, "NumberOfMountTargets"),
        };
      });
      return undefinedWhen(["FileSystemNotFound"], reading);
    },

    readAccessPoint(id, signal) {
      const asked = { AccessPointId: id };
      const reading = efs.read((sdk) => new sdk.DescribeAccessPointsCommand(asked), signal, ({ AccessPoints }) => {
        const { AccessPointId, LifeCycleState, FileSystemId } = required(AccessPoints?.[0], "AccessPoints");
        checkNamed(AccessPointId, "AccessPointId");
        return { state: text(LifeCycleState, "LifeCycleState"), fileSystem: text(FileSystemId, "FileSystemId") };
      });
      return undefinedWhen(["AccessPointNotFound"], reading);
    },
  };
}

function checkTargetGroups(
  options: ConnectionOptions,
): Pick<ReferenceChecker, "readTargetGroup" | "readTargetGroupsBehind"> {
  const load = () => import("./clients/elastic_load_balancing.ts");
  const balancing = new LazyApi(options, load, (sdk) => sdk.ElasticLoadBalancingV2Client);
  const describe = <Result>(
    which: DescribeTargetGroupsCommandInput,
    arn: string,
    signal: AbortSignal,
    read: (answer: DescribeTargetGroupsCommandOutput) => Result,
  ) => balancing.read((sdk) => new sdk.DescribeTargetGroupsCommand(which), signal, read, regionOf(arn));
  return {
    readTargetGroup(arn, signal) {
      // Each on its own: one that does not exist fails the call for all.
      const reading = describe({ TargetGroupArns: [arn] }, arn, signal, ({ TargetGroups }) => {
        const { TargetType, LoadBalancerArns } = required(TargetGroups?.[0], "TargetGroups");
        const loadBalancers = list(LoadBalancerArns, "LoadBalancerArns").map((arn) => text(arn, "LoadBalancerArn"));
        return { targetType: text(TargetType, "TargetType"), loadBalancers };
      });
      return undefinedWhen(["TargetGroupNotFoundException"], reading);
    },

    async readTargetGroupsBehind(LoadBalancerArn, signal) {
      const pages = readPages(
        "DescribeTargetGroups",
        (Marker) =>
          describe({ LoadBalancerArn, Marker }, LoadBalancerArn, signal, ({ TargetGroups, NextMarker }) => ({
            items: requiredList(TargetGroups, "TargetGroups").map((one) => text(one.TargetGroupArn, "TargetGroupArn")),
            nextToken: optionalText(NextMarker, "NextMarker"),
          })),
      );
      return (await Array.fromAsync(pages)).flat();
    },
  };
}

function checkRoles(options: ConnectionOptions): ReferenceChecker["readTrustPolicy"] {
  const iam = new LazyApi(options, () => import("./clients/iam.ts"), (sdk) => sdk.IAMClient);
  return (name, signal) => {
    const reading = iam.read(
      (sdk) => new sdk.GetRoleCommand({ RoleName: name }),
      signal,
      // The document is URL-encoded (API reference).
      ({ Role }) => decodeURIComponent(required(Role, "Role").AssumeRolePolicyDocument ?? ""),
    );
    return undefinedWhen(["NoSuchEntityException", "NoSuchEntity"], reading);
  };
}

function readKeysOver(secrets: ReturnType<typeof openSecrets>): ReferenceChecker["readSecretKeys"] {
  return ({ arn, stage, id }, signal) => {
    const reading = secrets.read(
      (sdk) => new sdk.GetSecretValueCommand({ SecretId: arn, VersionStage: stage, VersionId: id }),
      signal,
      ({ ARN, SecretString }) => {
        checkNamed(ARN, "ARN");
        return keysOf(SecretString ?? "");
      },
      regionOf(arn),
    );
    return undefinedWhen(NO_SECRET, reading);
  };
}

function checkLogGroups(options: ConnectionOptions): ReferenceChecker["hasLogGroup"] {
  const logs = new LazyApi(options, () => import("./clients/cloudwatch_logs.ts"), (sdk) => sdk.CloudWatchLogsClient);
  return (name, region, signal) =>
    logs.read(
      // Sorted by name (API reference): of all groups that begin with it, the one with just this name comes first.
      (sdk) => new sdk.DescribeLogGroupsCommand({ logGroupNamePrefix: name, limit: 1 }),
      signal,
      ({ logGroups }) => requiredList(logGroups, "logGroups").some(({ logGroupName }) => logGroupName === name),
      region,
    );
}

function checkObjects(options: ConnectionOptions): ReferenceChecker["hasObject"] {
  const objects = new LazyApi(options, () => import("./clients/s3.ts"), (sdk) => sdk.S3Client);
  return async (bucket, key, signal) => {
    const command = { Bucket: bucket, Key: key };
    const reading = objects.read((sdk) => new sdk.HeadObjectCommand(command), signal, () => true);
    return await undefinedWhen(["NotFound"], reading.catch(nameDenial)) ?? false;
  };
}

/**
 * The answer to HEAD has no body, so it does not say which permission is missing. "If you don't have the s3:ListBucket
 * permission", a missing object is forbidden, too: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
function nameDenial(error: unknown): never {
  if (!(error instanceof AwsError) || !isDenied(error)) throw error;
  const trouble = { code: "mayBeMissing", action: "s3:GetObject" } as const;
  throw new AwsError({ ...error, code: "AccessDenied", detail: "", trouble });
}

/** Takes only the keys of a secret: nothing of its values goes further, not even into an error. */
function keysOf(secret: string): ReadonlySet<string> | "noJson" {
  const value = parseJson(secret);
  return isObject(value) ? new Set(Object.keys(value)) : "noJson";
}
