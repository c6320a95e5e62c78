import { AwsError } from "../errors.ts";
import { regionOf } from "../model/arn.ts";
import { isObject, parseJson } from "../model/json.ts";
import type { ReferenceChecker } from "../model/ports.ts";
import { type ClientConfig, lazyApi } from "./api.ts";
import type { ConnectionOptions } from "./connection.ts";
import { checkFileSystems } from "./file_systems.ts";
import { findDigests } from "./image_registry.ts";

export { loadRegistry } from "./image_registry.ts";
import { readNamed, required, requiredList, undefinedWhen } from "./read_answer.ts";
import { readTargetGroups } from "./target_groups.ts";

/**
 * Asks Amazon ECR, IAM, Secrets Manager, Parameter Store and others only whether something is there, and can be used. An ARN
 * says in which region, which need not be that of the service.
 */
export function connectReferences(options: ConnectionOptions): ReferenceChecker {
  const secrets = lazyApi(options, () => import("./clients/secrets_manager.ts"), (sdk) => sdk.SecretsManagerClient);
  return {
    findDigest: findDigests(options),
    ...checkFileSystems(options),
    readTargetGroup: readTargetGroups(options),
    readTrustPolicy: checkRoles(options),
    hasLogGroup: checkLogGroups(options),
    hasParameter: checkParameters(options),
    hasObject: checkObjects(options),

    async readSecretKeys({ arn, stage, id }, signal) {
      const { sdk, api } = await secrets(regionOf(arn));
      const command = new sdk.GetSecretValueCommand({ SecretId: arn, VersionStage: stage, VersionId: id });
      const reading = api.read(command, signal, ({ ARN, SecretString }) => {
        readNamed(ARN, "ARN");
        return keysOf(SecretString ?? "");
      });
      return await undefinedWhen(["ResourceNotFoundException"], reading);
    },

    async readSecretStages(arn, signal) {
      const { sdk, api } = await secrets(regionOf(arn));
      const command = new sdk.DescribeSecretCommand({ SecretId: arn });
      const reading = api.read(command, signal, ({ ARN, DeletedDate, VersionIdsToStages = {} }) => {
        readNamed(ARN, "ARN");
        // One that is scheduled for deletion has no value to read.
        return DeletedDate === undefined ? new Map(Object.entries(VersionIdsToStages)) : undefined;
      });
      return await undefinedWhen(["ResourceNotFoundException"], reading);
    },
  };
}

function checkRoles(options: ConnectionOptions): ReferenceChecker["readTrustPolicy"] {
  const roles = lazyApi(options, () => import("./clients/iam.ts"), (sdk) => sdk.IAMClient);
  return async (name, signal) => {
    const { sdk, api } = await roles();
    // Encoded as for a URL (API reference).
    const reading = api.read(
      new sdk.GetRoleCommand({ RoleName: name }),
      signal,
      ({ Role }) => decodeURIComponent(required(Role, "Role").AssumeRolePolicyDocument ?? ""),
    );
    return await undefinedWhen(["NoSuchEntityException", "NoSuchEntity"], reading);
  };
}

function checkLogGroups(options: ConnectionOptions): ReferenceChecker["hasLogGroup"] {
  const logs = lazyApi(options, () => import("./clients/cloudwatch_logs.ts"), (sdk) => sdk.CloudWatchLogsClient);
  return async (name, region, signal) => {
    const { sdk, api } = await logs(region);
    // Sorted by name (API reference), so that of all that begin with it the name itself comes first.
    const command = new sdk.DescribeLogGroupsCommand({ logGroupNamePrefix: name, limit: 1 });
    return await api.read(
      command,
      signal,
      ({ logGroups }) => requiredList(logGroups, "logGroups").some(({ logGroupName }) => logGroupName === name),
    );
  };
}

function checkParameters(options: ConnectionOptions): ReferenceChecker["hasParameter"] {
  const parameters = lazyApi(options, () => import("./clients/ssm.ts"), (sdk) => sdk.SSMClient);
  return async (name, signal) => {
    const { sdk, api } = await parameters(regionOf(name));
    // Not decrypted: only its existence matters.
    const command = new sdk.GetParameterCommand({ Name: name, WithDecryption: false });
    const reading = api.read(command, signal, ({ Parameter }) => required(Parameter, "Parameter") !== undefined);
    return await falseWhen(["ParameterNotFound", "ParameterVersionNotFound"], reading);
  };
}

function checkObjects(options: ConnectionOptions): ReferenceChecker["hasObject"] {
  const objects = lazyApi(options, () => import("./clients/s3.ts"), (sdk) =>
    class extends sdk.S3Client {
      constructor(config: ClientConfig) {
        super({ ...config, followRegionRedirects: true });
      }
    });
  return async (bucket, key, signal) => {
    const { sdk, api } = await objects();
    const reading = api.read(new sdk.HeadObjectCommand({ Bucket: bucket, Key: key }), signal, () => true);
    return await falseWhen(["NotFound"], reading.catch(nameDenial));
  };
}

/**
 * The answer to HEAD has no body, so it does not say which permission is missing. "If you don't have the s3:ListBucket
 * permission", a missing object is forbidden, too: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
function nameDenial(error: unknown): never {
  if (!(error instanceof AwsError) || error.kind !== "denied") throw error;
  // deno-lint-ignore house/words-in-report -- AWS's own words
  const detail = "not authorized to perform: s3:GetObject";
  throw new AwsError({ ...error, code: "AccessDenied", detail, trouble: { code: "mayBeMissing" } });
}

/** Nothing of the values goes on, not into an error either. */
function keysOf(secret: string): ReadonlySet<string> | "no JSON" {
  const value = parseJson(secret);
  return isObject(value) ? new Set(Object.keys(value)) : "no JSON";
}

async function falseWhen(codes: readonly string[], answer: Promise<boolean>): Promise<boolean> {
  return await undefinedWhen(codes, answer) ?? false;
}
