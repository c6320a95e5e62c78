import { regionOf } from "../model/arn.ts";
import type { ImageLocation, Inventory, SecretVersion } from "../model/ports.ts";
import { Caller, clientConfig, type ConnectionOptions } from "./connection.ts";
import { readNamed, required, requiredList } from "./read_answer.ts";
import { undefinedWhen } from "./undefined_when.ts";

/**
 * Amazon ECR, IAM, Secrets Manager, Parameter Store and CloudWatch Logs over the AWS SDK, asked only whether something is
 * there, and can be used. The client of each is loaded when it is needed.
 */
export function connectInventory(options: ConnectionOptions): Inventory {
  // Each service is reached by itself: that one of them answers does not tell that another one can be reached.
  const callers = {
    images: new Caller(options),
    roles: new Caller(options),
    secrets: new Caller(options),
    parameters: new Caller(options),
    logGroups: new Caller(options),
  };
  // A task reads a secret or parameter where its ARN says that it is, which need not be where the service is.
  const inRegionOf = (arn: string) => ({ ...options, region: regionOf(arn) ?? options.region });
  return {
    async hasImage({ registryId, region, repository, version }: ImageLocation, signal) {
      const { DescribeImagesCommand, ECRClient } = await import("@aws-sdk/client-ecr");
      const client = new ECRClient({ ...clientConfig(options), region });
      const imageId = "tag" in version ? { imageTag: version.tag } : { imageDigest: version.digest };
      const command = new DescribeImagesCommand({ registryId, repositoryName: repository, imageIds: [imageId] });
      return await falseWhen(
        ["ImageNotFoundException", "RepositoryNotFoundException"],
        callers.images.make({
          operation: "DescribeImages",
          send: (options) => client.send(command, options),
          // What is in the archive cannot be pulled.
          read: ({ imageDetails }) =>
            required(imageDetails, "imageDetails").some(({ imageStatus = "ACTIVE" }) => imageStatus === "ACTIVE"),
          signal,
        }),
      );
    },

    async readTrustPolicy(name, signal) {
      const { GetRoleCommand, IAMClient } = await import("@aws-sdk/client-iam");
      const client = new IAMClient(clientConfig(options));
      const command = new GetRoleCommand({ RoleName: name });
      return await undefinedWhen(
        ["NoSuchEntityException", "NoSuchEntity"],
        callers.roles.make({
          operation: "GetRole",
          send: (options) => client.send(command, options),
          // Encoded as for a URL (API reference).
          read: ({ Role }) => decodeURIComponent(required(Role, "Role").AssumeRolePolicyDocument ?? ""),
          signal,
        }),
      );
    },

    async hasLogGroup(name, region, signal) {
      const { CloudWatchLogsClient, DescribeLogGroupsCommand } = await import("@aws-sdk/client-cloudwatch-logs");
      const client = new CloudWatchLogsClient(clientConfig({ ...options, region: region ?? options.region }));
      // Sorted by name (API reference), so that of all that begin with it the name itself comes first.
      const command = new DescribeLogGroupsCommand({ logGroupNamePrefix: name, limit: 1 });
      return await callers.logGroups.make({
        operation: "DescribeLogGroups",
        send: (options) => client.send(command, options),
        read: ({ logGroups }) => requiredList(logGroups, "logGroups").some(({ logGroupName }) => logGroupName === name),
        signal,
      });
    },

    async readSecretKeys({ arn, stage, id }: SecretVersion, signal) {
      const { GetSecretValueCommand, SecretsManagerClient } = await import("@aws-sdk/client-secrets-manager");
      const client = new SecretsManagerClient(clientConfig(inRegionOf(arn)));
      const command = new GetSecretValueCommand({ SecretId: arn, VersionStage: stage, VersionId: id });
      return await undefinedWhen(
        ["ResourceNotFoundException"],
        callers.secrets.make({
          operation: "GetSecretValue",
          send: (options) => client.send(command, options),
          read: ({ ARN, SecretString }) => {
            readNamed(ARN, "ARN");
            return keysOf(SecretString ?? "");
          },
          signal,
        }),
      );
    },

    async hasSecret(arn, signal) {
      const { DescribeSecretCommand, SecretsManagerClient } = await import("@aws-sdk/client-secrets-manager");
      const client = new SecretsManagerClient(clientConfig(inRegionOf(arn)));
      const command = new DescribeSecretCommand({ SecretId: arn });
      return await falseWhen(
        ["ResourceNotFoundException"],
        callers.secrets.make({
          operation: "DescribeSecret",
          send: (options) => client.send(command, options),
          // One that is scheduled for deletion gives its value to nobody.
          read: ({ ARN, DeletedDate }) => {
            readNamed(ARN, "ARN");
            return DeletedDate === undefined;
          },
          signal,
        }),
      );
    },

    async hasParameter(name, signal) {
      const { GetParameterCommand, SSMClient } = await import("@aws-sdk/client-ssm");
      const client = new SSMClient(clientConfig(inRegionOf(name)));
      // Not decrypted: nobody wants the value.
      const command = new GetParameterCommand({ Name: name, WithDecryption: false });
      return await falseWhen(
        ["ParameterNotFound"],
        callers.parameters.make({
          operation: "GetParameter",
          send: (options) => client.send(command, options),
          read: ({ Parameter }) => required(Parameter, "Parameter") !== undefined,
          signal,
        }),
      );
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
