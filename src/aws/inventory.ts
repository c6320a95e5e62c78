import { regionOf } from "../ecs/arn.ts";
import type { ImageLocation, Inventory } from "../ecs/ports.ts";
import { AwsError } from "../errors.ts";
import { Caller, clientConfig, type ConnectionOptions } from "./connection.ts";
import { required } from "./read_answer.ts";

/**
 * Amazon ECR, IAM, Secrets Manager and Parameter Store over the AWS SDK, asked only whether something is there. The client
 * of each is loaded when it is needed.
 */
export function connectInventory(options: ConnectionOptions): Inventory {
  const caller = new Caller(options);
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
        caller.make({
          operation: "DescribeImages",
          send: (options) => client.send(command, options),
          // What is in the archive cannot be pulled.
          read: ({ imageDetails }) =>
            required(imageDetails, "imageDetails").some(({ imageStatus = "ACTIVE" }) => imageStatus === "ACTIVE"),
          signal,
        }),
      );
    },

    async hasRole(name, signal) {
      const { GetRoleCommand, IAMClient } = await import("@aws-sdk/client-iam");
      const client = new IAMClient(clientConfig(options));
      const command = new GetRoleCommand({ RoleName: name });
      return await falseWhen(
        ["NoSuchEntityException", "NoSuchEntity"],
        caller.make({
          operation: "GetRole",
          send: (options) => client.send(command, options),
          read: ({ Role }) => required(Role, "Role") !== undefined,
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
        caller.make({
          operation: "DescribeSecret",
          send: (options) => client.send(command, options),
          // One that is scheduled for deletion gives its value to nobody.
          read: ({ DeletedDate }) => DeletedDate === undefined,
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
        caller.make({
          operation: "GetParameter",
          send: (options) => client.send(command, options),
          read: ({ Parameter }) => required(Parameter, "Parameter") !== undefined,
          signal,
        }),
      );
    },
  };
}

/** @param codes AWS's names for "there is none" */
async function falseWhen(codes: readonly string[], answer: Promise<boolean>): Promise<boolean> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof AwsError && codes.includes(error.code)) return false;
    throw error;
  }
}
