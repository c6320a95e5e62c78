import type { ListExportsOutput, Stack } from "@aws-sdk/client-cloudformation";
import type { ValueSources } from "../model/ports.ts";
import { AwsError } from "../errors.ts";
import { decodeAndFree, LARGEST_FILE_BYTES, readBounded } from "../host/read_bounded.ts";
import { Caller } from "./call.ts";
import { clientConfig, type ConnectionOptions } from "./connection.ts";
import { optionalText, readPages, required, text, undefinedWhen } from "./read_answer.ts";

/**
 * Parameter Store, Secrets Manager, CloudFormation and S3 over the AWS SDK. The client of each is loaded when its
 * method is called for the first time: few runs need one of them, and hardly any needs all.
 */
export function connectValueSources(options: ConnectionOptions): ValueSources {
  const parameters = once(() => connectParameters(options));
  const secrets = once(() => connectSecrets(options));
  const stacks = once(() => connectStacks(options));
  const objects = once(() => connectObjects(options));
  return {
    readParameter: async (name, signal) => await (await parameters())(name, signal),
    findSecretArn: async (name, signal) => await (await secrets())(name, signal),
    readStackOutputs: async (stack, signal) => await (await stacks()).readStackOutputs(stack, signal),
    readStackExports: async (signal) => await (await stacks()).readStackExports(signal),
    readObject: async (bucket, key, signal) => await (await objects())(bucket, key, signal),
  };
}

async function connectParameters(options: ConnectionOptions): Promise<ValueSources["readParameter"]> {
  const { GetParameterCommand, SSMClient } = await import("@aws-sdk/client-ssm");
  const client = new SSMClient(clientConfig(options));
  const caller = new Caller(options);
  return (name, signal) => {
    const command = new GetParameterCommand({ Name: name, WithDecryption: true });
    return undefinedWhen(
      ["ParameterNotFound", "ParameterVersionNotFound"],
      caller.make({
        operation: "GetParameter",
        policy: "safe",
        send: (options) => client.send(command, options),
        read: ({ Parameter }) => {
          const { Type, Value } = required(Parameter, "Parameter");
          return { type: text(Type, "Type"), value: text(Value, "Value") };
        },
        signal,
      }),
    );
  };
}

async function connectSecrets(options: ConnectionOptions): Promise<ValueSources["findSecretArn"]> {
  const { DescribeSecretCommand, SecretsManagerClient } = await import("@aws-sdk/client-secrets-manager");
  const client = new SecretsManagerClient(clientConfig(options));
  const caller = new Caller(options);
  return (name, signal) => {
    const command = new DescribeSecretCommand({ SecretId: name });
    return undefinedWhen(
      ["ResourceNotFoundException"],
      caller.make({
        operation: "DescribeSecret",
        policy: "safe",
        send: (options) => client.send(command, options),
        read: ({ ARN }) => text(ARN, "ARN"),
        signal,
      }),
    );
  };
}

/** What CloudFormation says of a stack that is not there; the same code is for every request that it finds wrong. */
const NO_SUCH_STACK = /does not exist/;

async function connectStacks(
  options: ConnectionOptions,
): Promise<Pick<ValueSources, "readStackOutputs" | "readStackExports">> {
  const sdk = await import("@aws-sdk/client-cloudformation");
  const client = new sdk.CloudFormationClient(clientConfig(options));
  const caller = new Caller(options);
  return {
    async readStackOutputs(stack, signal) {
      const command = new sdk.DescribeStacksCommand({ StackName: stack });
      const reading = caller.make({
        operation: "DescribeStacks",
        policy: "safe",
        send: (options) => client.send(command, options),
        read: ({ Stacks }) => readOutputs(required(Stacks?.[0], "Stacks")),
        signal,
      });
      return await undefinedWhenMissing(reading);
    },
    async readStackExports(signal) {
      const pages = readPages("ListExports", (NextToken) => {
        const command = new sdk.ListExportsCommand({ NextToken });
        return caller.make({
          operation: "ListExports",
          policy: "safe",
          send: (options) => client.send(command, options),
          read: readExports,
          signal,
        });
      });
      const found: (readonly [string, string])[] = [];
      for await (const { exports } of pages) found.push(...exports);
      return new Map(found);
    },
  };
}

async function undefinedWhenMissing<Result>(reading: Promise<Result>): Promise<Result | undefined> {
  try {
    return await reading;
  } catch (error) {
    const isMissing = error instanceof AwsError && error.code === "ValidationError" &&
      NO_SUCH_STACK.test(error.message);
    if (isMissing) return undefined;
    throw error;
  }
}

function readOutputs({ Outputs = [] }: Stack): ReadonlyMap<string, string> {
  return new Map(
    Outputs.map(({ OutputKey, OutputValue }) => [text(OutputKey, "OutputKey"), text(OutputValue, "OutputValue")]),
  );
}

function readExports({ Exports, NextToken }: ListExportsOutput) {
  return {
    exports: required(Exports, "Exports").map(({ Name, Value }) => [text(Name, "Name"), text(Value, "Value")] as const),
    nextToken: optionalText(NextToken, "nextToken") || undefined,
  };
}

async function connectObjects(options: ConnectionOptions): Promise<ValueSources["readObject"]> {
  const { GetObjectCommand, S3Client } = await import("@aws-sdk/client-s3");
  // Buckets of states are often in another region than the service; S3 says in which.
  const client = new S3Client({ ...clientConfig(options), followRegionRedirects: true });
  const caller = new Caller(options);
  return (bucket, key, signal) => {
    const command = new GetObjectCommand({ Bucket: bucket, Key: key });
    return undefinedWhen(
      ["NoSuchKey", "NoSuchBucket"],
      caller.make({
        operation: "GetObject",
        policy: "safe",
        // The body belongs to the answer: when it breaks off, the call is made again.
        send: async (options) => {
          const { Body } = await client.send(command, options);
          // Not by the SDK's own reader, which holds three copies of it.
          const stream = Body?.transformToWebStream() as ReadableStream<Uint8Array<ArrayBuffer>> | undefined;
          return stream && decodeAndFree(await readBounded(stream, LARGEST_FILE_BYTES));
        },
        read: (body) => text(body, "Body"),
        signal,
      }),
    );
  };
}

function once<Value>(connect: () => Promise<Value>): () => Promise<Value> {
  let connected: Promise<Value> | undefined;
  return () => connected ??= connect();
}
