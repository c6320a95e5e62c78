import { regionOf } from "../model/arn.ts";
import { isObject, parseJson } from "../model/json.ts";
import type { ReferenceChecker } from "../model/ports.ts";
import { lazyApi } from "./api.ts";
import type { ConnectionOptions } from "./connection.ts";
import { readNamed, required, requiredList, undefinedWhen } from "./read_answer.ts";

/**
 * Amazon ECR, IAM, Secrets Manager, Parameter Store and CloudWatch Logs, asked only whether something is there, and can be
 * used. An ARN says in which region, which need not be that of the service.
 */
export function connectReferences(options: ConnectionOptions): ReferenceChecker {
  const secrets = lazyApi(
    options,
    () => import("@aws-sdk/client-secrets-manager"),
    (sdk, config) => new sdk.SecretsManagerClient(config),
  );
  return {
    hasImage: checkImages(options),
    readTrustPolicy: checkRoles(options),
    hasLogGroup: checkLogGroups(options),
    hasParameter: checkParameters(options),

    async readSecretKeys({ arn, stage, id }, signal) {
      const { sdk, api } = await secrets(regionOf(arn));
      const command = new sdk.GetSecretValueCommand({ SecretId: arn, VersionStage: stage, VersionId: id });
      const reading = api.read(command, signal, ({ ARN, SecretString }) => {
        readNamed(ARN, "ARN");
        return keysOf(SecretString ?? "");
      });
      return await undefinedWhen(["ResourceNotFoundException"], reading);
    },

    async hasSecret(arn, signal) {
      const { sdk, api } = await secrets(regionOf(arn));
      const reading = api.read(new sdk.DescribeSecretCommand({ SecretId: arn }), signal, ({ ARN, DeletedDate }) => {
        readNamed(ARN, "ARN");
        // One that is scheduled for deletion has no value to read.
        return DeletedDate === undefined;
      });
      return await falseWhen(["ResourceNotFoundException"], reading);
    },
  };
}

function checkImages(options: ConnectionOptions): ReferenceChecker["hasImage"] {
  const images = lazyApi(options, () => import("@aws-sdk/client-ecr"), (sdk, config) => new sdk.ECRClient(config));
  return async ({ registryId, region, repository, version }, signal) => {
    const { sdk, api } = await images(region);
    const imageId = "tag" in version ? { imageTag: version.tag } : { imageDigest: version.digest };
    const command = new sdk.DescribeImagesCommand({ registryId, repositoryName: repository, imageIds: [imageId] });
    // What is in the archive cannot be pulled.
    const reading = api.read(
      command,
      signal,
      ({ imageDetails }) =>
        required(imageDetails, "imageDetails").some(({ imageStatus = "ACTIVE" }) => imageStatus === "ACTIVE"),
    );
    return await falseWhen(["ImageNotFoundException", "RepositoryNotFoundException"], reading);
  };
}

function checkRoles(options: ConnectionOptions): ReferenceChecker["readTrustPolicy"] {
  const roles = lazyApi(options, () => import("@aws-sdk/client-iam"), (sdk, config) => new sdk.IAMClient(config));
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
  const logs = lazyApi(
    options,
    () => import("@aws-sdk/client-cloudwatch-logs"),
    (sdk, config) => new sdk.CloudWatchLogsClient(config),
  );
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
  const parameters = lazyApi(options, () => import("@aws-sdk/client-ssm"), (sdk, config) => new sdk.SSMClient(config));
  return async (name, signal) => {
    const { sdk, api } = await parameters(regionOf(name));
    // Not decrypted: only its existence matters.
    const command = new sdk.GetParameterCommand({ Name: name, WithDecryption: false });
    const reading = api.read(command, signal, ({ Parameter }) => required(Parameter, "Parameter") !== undefined);
    return await falseWhen(["ParameterNotFound"], reading);
  };
}

/** Nothing of the values goes on, not into an error either. */
function keysOf(secret: string): ReadonlySet<string> | "no JSON" {
  const value = parseJson(secret);
  return isObject(value) ? new Set(Object.keys(value)) : "no JSON";
}

async function falseWhen(codes: readonly string[], answer: Promise<boolean>): Promise<boolean> {
  return await undefinedWhen(codes, answer) ?? false;
}
