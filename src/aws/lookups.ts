import type { GetObjectCommandOutput } from "@aws-sdk/client-s3";
import { AwsError } from "../errors.ts";
import { decodeAndFree, LARGEST_FILE_BYTES, readBounded } from "../host/read_bounded.ts";
import { regionOf } from "../model/arn.ts";
import { isObject, parseJson } from "../model/json.ts";
import type { ReferenceChecker, ValueSources } from "../model/ports.ts";
import { type ClientConfig, lazyApi } from "./api.ts";
import type { ConnectionOptions } from "./connection.ts";
import { optionalText, readNamed, readPages, required, requiredList, text, undefinedWhen } from "./read_answer.ts";

// What files name in other services of AWS: values that templates ask for, and what definitions refer to.

/** The values in Parameter Store, Secrets Manager, CloudFormation and S3. */
export function connectValueSources(options: ConnectionOptions): ValueSources {
  return {
    readParameter: readParametersOver(options),
    findSecretArn: findSecretsOver(options),
    ...readStacksOver(options),
    readObject: readObjectsOver(options),
  };
}

function readParametersOver(options: ConnectionOptions): ValueSources["readParameter"] {
  const parameters = lazyApi(options, () => import("@aws-sdk/client-ssm"), (sdk) => sdk.SSMClient);
  return async (name, signal) => {
    const { sdk, api } = await parameters();
    const command = new sdk.GetParameterCommand({ Name: name, WithDecryption: true });
    const reading = api.read(command, signal, ({ Parameter }) => {
      const { Type, Value } = required(Parameter, "Parameter");
      return { type: text(Type, "Type"), value: text(Value, "Value") };
    });
    return await undefinedWhen(["ParameterNotFound", "ParameterVersionNotFound"], reading);
  };
}

function findSecretsOver(options: ConnectionOptions): ValueSources["findSecretArn"] {
  const secrets = lazyApi(options, () => import("@aws-sdk/client-secrets-manager"), (sdk) => sdk.SecretsManagerClient);
  return async (name, signal) => {
    const { sdk, api } = await secrets();
    const command = new sdk.DescribeSecretCommand({ SecretId: name });
    const reading = api.read(command, signal, ({ ARN }) => text(ARN, "ARN"));
    return await undefinedWhen(["ResourceNotFoundException"], reading);
  };
}

function readStacksOver(options: ConnectionOptions): Pick<ValueSources, "readStackOutputs" | "readStackExports"> {
  const stacks = lazyApi(options, () => import("@aws-sdk/client-cloudformation"), (sdk) => sdk.CloudFormationClient);
  return {
    async readStackOutputs(stack, signal) {
      const { sdk, api } = await stacks();
      const reading = api.read(new sdk.DescribeStacksCommand({ StackName: stack }), signal, ({ Stacks }) => {
        const { Outputs = [] } = required(Stacks?.[0], "Stacks");
        return new Map(
          Outputs.map(({ OutputKey, OutputValue }) => [text(OutputKey, "OutputKey"), text(OutputValue, "OutputValue")]),
        );
      });
      // The same code is for every request that CloudFormation finds wrong.
      return await undefinedWhen(["ValidationError"], reading, /does not exist/);
    },
    async readStackExports(signal) {
      const { sdk, api } = await stacks();
      const pages = readPages(
        "ListExports",
        (nextToken) =>
          api.read(new sdk.ListExportsCommand({ NextToken: nextToken }), signal, ({ Exports, NextToken }) => ({
            exports: required(Exports, "Exports")
              .map(({ Name, Value }) => [text(Name, "Name"), text(Value, "Value")] as const),
            nextToken: optionalText(NextToken, "nextToken") || undefined,
          })),
      );
      return new Map((await Array.fromAsync(pages)).flatMap(({ exports }) => exports));
    },
  };
}

function readObjectsOver(options: ConnectionOptions): ValueSources["readObject"] {
  const objects = lazyApi(options, () => import("@aws-sdk/client-s3"), (sdk) =>
    class extends sdk.S3Client {
      constructor(config: ClientConfig) {
        // Buckets of states are often in another region than the service; S3 says in which.
        super({ ...config, followRegionRedirects: true });
        // The body belongs to the answer: when it breaks off, the call is made again.
        this.middlewareStack.add((next) => async (args) => readBody(await next(args)), { step: "initialize" });
      }
    });
  return async (bucket, key, signal) => {
    const { sdk, api } = await objects();
    const command = new sdk.GetObjectCommand({ Bucket: bucket, Key: key });
    return await undefinedWhen(
      ["NoSuchKey", "NoSuchBucket"],
      api.read(command, signal, ({ Body }) => text(Body, "Body")),
    );
  };
}

async function readBody<Result extends { readonly output: object }>(result: Result): Promise<Result> {
  const { Body } = result.output as GetObjectCommandOutput;
  // Not by the SDK's own reader, which holds three copies of it.
  const stream = Body?.transformToWebStream() as ReadableStream<Uint8Array<ArrayBuffer>> | undefined;
  const read = stream && decodeAndFree(await readBounded(stream, LARGEST_FILE_BYTES));
  return { ...result, output: { ...result.output, Body: read } };
}

/**
 * Asks Amazon ECR, IAM, Secrets Manager, Parameter Store and CloudWatch Logs only whether something is there, and can be
 * used. An ARN says in which region, which need not be that of the service.
 */
export function connectReferences(options: ConnectionOptions): ReferenceChecker {
  const secrets = lazyApi(options, () => import("@aws-sdk/client-secrets-manager"), (sdk) => sdk.SecretsManagerClient);
  return {
    findDigest: findDigests(options),
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

function findDigests(options: ConnectionOptions): ReferenceChecker["findDigest"] {
  const images = lazyApi(options, () => import("@aws-sdk/client-ecr"), (sdk) => sdk.ECRClient);
  return async ({ registryId, region, repository, version }, signal) => {
    const { sdk, api } = await images(region);
    const imageId = "tag" in version ? { imageTag: version.tag } : { imageDigest: version.digest };
    const command = new sdk.DescribeImagesCommand({ registryId, repositoryName: repository, imageIds: [imageId] });
    const reading = api.read(command, signal, ({ imageDetails }) => {
      // What is in the archive cannot be pulled.
      const found = required(imageDetails, "imageDetails").find(({ imageStatus = "ACTIVE" }) =>
        imageStatus === "ACTIVE"
      );
      return found && text(found.imageDigest, "imageDigest");
    });
    return await undefinedWhen(["ImageNotFoundException", "RepositoryNotFoundException"], reading);
  };
}

function checkRoles(options: ConnectionOptions): ReferenceChecker["readTrustPolicy"] {
  const roles = lazyApi(options, () => import("@aws-sdk/client-iam"), (sdk) => sdk.IAMClient);
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
  const logs = lazyApi(options, () => import("@aws-sdk/client-cloudwatch-logs"), (sdk) => sdk.CloudWatchLogsClient);
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
  const parameters = lazyApi(options, () => import("@aws-sdk/client-ssm"), (sdk) => sdk.SSMClient);
  return async (name, signal) => {
    const { sdk, api } = await parameters(regionOf(name));
    // Not decrypted: only its existence matters.
    const command = new sdk.GetParameterCommand({ Name: name, WithDecryption: false });
    const reading = api.read(command, signal, ({ Parameter }) => required(Parameter, "Parameter") !== undefined);
    return await falseWhen(["ParameterNotFound", "ParameterVersionNotFound"], reading);
  };
}

function checkObjects(options: ConnectionOptions): ReferenceChecker["hasObject"] {
  const objects = lazyApi(options, () => import("@aws-sdk/client-s3"), (sdk) =>
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
  const detail = "not authorized to perform: s3:GetObject (or it is missing, which S3 says only with s3:ListBucket)";
  throw new AwsError({ ...error, code: "AccessDenied", detail });
}

/** Nothing of the values goes on, not into an error either. */
function keysOf(secret: string): ReadonlySet<string> | "no JSON" {
  const value = parseJson(secret);
  return isObject(value) ? new Set(Object.keys(value)) : "no JSON";
}

async function falseWhen(codes: readonly string[], answer: Promise<boolean>): Promise<boolean> {
  return await undefinedWhen(codes, answer) ?? false;
}
