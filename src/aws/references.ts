import { regionOf } from "../model/arn.ts";
import type { ReferenceChecker } from "../model/ports.ts";
import { Caller } from "./call.ts";
import { clientConfig, type ConnectionOptions } from "./connection.ts";
import { readNamed, required, requiredList, undefinedWhen } from "./read_answer.ts";

/**
 * Amazon ECR, IAM, Secrets Manager, Parameter Store and CloudWatch Logs over the AWS SDK, asked only whether something is
 * there, and can be used. The client of each is loaded when it is needed.
 */
export function connectReferences(options: ConnectionOptions): ReferenceChecker {
  // A caller each: that one service answers does not show that another can be reached.
  return {
    hasImage: checkImages(options),
    readTrustPolicy: checkRoles(options),
    hasLogGroup: checkLogGroups(options),
    hasParameter: checkParameters(options),
    ...checkSecrets(options),
  };
}

/** Where an ARN says that a thing is, which need not be where the service is. */
function inRegionOf(arn: string, options: ConnectionOptions): ConnectionOptions {
  return { ...options, region: regionOf(arn) ?? options.region };
}

function checkImages(options: ConnectionOptions): ReferenceChecker["hasImage"] {
  const caller = new Caller(options);
  return async ({ registryId, region, repository, version }, signal) => {
    const { DescribeImagesCommand, ECRClient } = await import("@aws-sdk/client-ecr");
    const client = new ECRClient({ ...clientConfig(options), region });
    const imageId = "tag" in version ? { imageTag: version.tag } : { imageDigest: version.digest };
    const command = new DescribeImagesCommand({ registryId, repositoryName: repository, imageIds: [imageId] });
    return await falseWhen(
      ["ImageNotFoundException", "RepositoryNotFoundException"],
      caller.make({
        operation: "DescribeImages",
        policy: "safe",
        send: (options) => client.send(command, options),
        // What is in the archive cannot be pulled.
        read: ({ imageDetails }) =>
          required(imageDetails, "imageDetails").some(({ imageStatus = "ACTIVE" }) => imageStatus === "ACTIVE"),
        signal,
      }),
    );
  };
}

function checkRoles(options: ConnectionOptions): ReferenceChecker["readTrustPolicy"] {
  const caller = new Caller(options);
  return async (name, signal) => {
    const { GetRoleCommand, IAMClient } = await import("@aws-sdk/client-iam");
    const client = new IAMClient(clientConfig(options));
    const command = new GetRoleCommand({ RoleName: name });
    return await undefinedWhen(
      ["NoSuchEntityException", "NoSuchEntity"],
      caller.make({
        operation: "GetRole",
        policy: "safe",
        send: (options) => client.send(command, options),
        // Encoded as for a URL (API reference).
        read: ({ Role }) => decodeURIComponent(required(Role, "Role").AssumeRolePolicyDocument ?? ""),
        signal,
      }),
    );
  };
}

function checkLogGroups(options: ConnectionOptions): ReferenceChecker["hasLogGroup"] {
  const caller = new Caller(options);
  return async (name, region, signal) => {
    const { CloudWatchLogsClient, DescribeLogGroupsCommand } = await import("@aws-sdk/client-cloudwatch-logs");
    const client = new CloudWatchLogsClient(clientConfig({ ...options, region: region ?? options.region }));
    // Sorted by name (API reference), so that of all that begin with it the name itself comes first.
    const command = new DescribeLogGroupsCommand({ logGroupNamePrefix: name, limit: 1 });
    return await caller.make({
      operation: "DescribeLogGroups",
      policy: "safe",
      send: (options) => client.send(command, options),
      read: ({ logGroups }) => requiredList(logGroups, "logGroups").some(({ logGroupName }) => logGroupName === name),
      signal,
    });
  };
}

function checkParameters(options: ConnectionOptions): ReferenceChecker["hasParameter"] {
  const caller = new Caller(options);
  return async (name, signal) => {
    const { GetParameterCommand, SSMClient } = await import("@aws-sdk/client-ssm");
    const client = new SSMClient(clientConfig(inRegionOf(name, options)));
    // Not decrypted: only its existence matters.
    const command = new GetParameterCommand({ Name: name, WithDecryption: false });
    return await falseWhen(
      ["ParameterNotFound"],
      caller.make({
        operation: "GetParameter",
        policy: "safe",
        send: (options) => client.send(command, options),
        read: ({ Parameter }) => required(Parameter, "Parameter") !== undefined,
        signal,
      }),
    );
  };
}

function checkSecrets(options: ConnectionOptions): Pick<ReferenceChecker, "hasSecret" | "readSecretKeys"> {
  const caller = new Caller(options);
  return {
    async readSecretKeys({ arn, stage, id }, signal) {
      const { GetSecretValueCommand, SecretsManagerClient } = await import("@aws-sdk/client-secrets-manager");
      const client = new SecretsManagerClient(clientConfig(inRegionOf(arn, options)));
      const command = new GetSecretValueCommand({ SecretId: arn, VersionStage: stage, VersionId: id });
      const send = (options: { readonly abortSignal: AbortSignal }) => client.send(command, options);
      const read = ({ ARN, SecretString }: Awaited<ReturnType<typeof send>>) => {
        readNamed(ARN, "ARN");
        return keysOf(SecretString ?? "");
      };
      const call = { operation: "GetSecretValue", policy: "safe", send, read, signal } as const;
      return await undefinedWhen(["ResourceNotFoundException"], caller.make(call));
    },

    async hasSecret(arn, signal) {
      const { DescribeSecretCommand, SecretsManagerClient } = await import("@aws-sdk/client-secrets-manager");
      const client = new SecretsManagerClient(clientConfig(inRegionOf(arn, options)));
      const command = new DescribeSecretCommand({ SecretId: arn });
      const send = (options: { readonly abortSignal: AbortSignal }) => client.send(command, options);
      const read = ({ ARN, DeletedDate }: Awaited<ReturnType<typeof send>>) => {
        readNamed(ARN, "ARN");
        // One that is scheduled for deletion has no value to read.
        return DeletedDate === undefined;
      };
      const call = { operation: "DescribeSecret", policy: "safe", send, read, signal } as const;
      return await falseWhen(["ResourceNotFoundException"], caller.make(call));
    },
  };
}

/** Nothing of the values goes on, not into an error either. */
function keysOf(secret: string): ReadonlySet<string> | "no JSON" {
  try {
    const value: unknown = JSON.parse(secret);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? new Set(Object.keys(value)) : "no JSON";
  } catch {
    return "no JSON";
  }
}

async function falseWhen(codes: readonly string[], answer: Promise<boolean>): Promise<boolean> {
  return await undefinedWhen(codes, answer) ?? false;
}
