import type { GetObjectCommandOutput } from "@aws-sdk/client-s3";
import { decodeAndFree, LARGEST_FILE_BYTES, readBounded } from "../host/read_bounded.ts";
import type { ValueSources } from "../model/ports.ts";
import { type ClientConfig, lazyApi } from "./api.ts";
import type { ConnectionOptions } from "./connection.ts";
import { optionalText, readPages, required, text, undefinedWhen } from "./read_answer.ts";

// What files name in other services of AWS: values that templates ask for.

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
  const parameters = lazyApi(options, () => import("./clients/ssm.ts"), (sdk) => sdk.SSMClient);
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
  const secrets = lazyApi(options, () => import("./clients/secrets_manager.ts"), (sdk) => sdk.SecretsManagerClient);
  return async (name, signal) => {
    const { sdk, api } = await secrets();
    const command = new sdk.DescribeSecretCommand({ SecretId: name });
    const reading = api.read(command, signal, ({ ARN }) => text(ARN, "ARN"));
    return await undefinedWhen(["ResourceNotFoundException"], reading);
  };
}

function readStacksOver(options: ConnectionOptions): Pick<ValueSources, "readStackOutputs" | "readStackExports"> {
  const stacks = lazyApi(options, () => import("./clients/cloudformation.ts"), (sdk) => sdk.CloudFormationClient);
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
  const objects = lazyApi(options, () => import("./clients/s3.ts"), (sdk) =>
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
