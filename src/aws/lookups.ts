import type { GetObjectCommandOutput } from "@aws-sdk/client-s3";
import { decodeAndFree, LARGEST_FILE_BYTES, readBounded } from "../host/read_bounded.ts";
import type { ValueSources } from "../model/ports.ts";
import { LazyApi } from "./lazy_api.ts";
import type { ConnectionOptions } from "./connection.ts";
import { optionalText, readPages, required, text, undefinedWhen } from "./read_answer.ts";
import type { ClientConfig } from "./sdk_client.ts";
import { describeSecrets, openSecrets, readParameters } from "./secrets.ts";

/** Connects to where templates look values up: Parameter Store, Secrets Manager, CloudFormation and S3. */
export function connectValueSources(options: ConnectionOptions): ValueSources {
  const describeSecret = describeSecrets(openSecrets(options));
  return {
    readParameter: readParameters(options, true, ({ Type, Value }) => (
      { type: text(Type, "Type"), value: text(Value, "Value") }
    )),
    findSecretArn: async (name, signal) => (await describeSecret(name, signal))?.arn,
    ...readStacksOver(options),
    readObject: readObjectsOver(options),
  };
}

function readStacksOver(options: ConnectionOptions): Pick<ValueSources, "readStackOutputs" | "readStackExports"> {
  const stacks = new LazyApi(options, () => import("./clients/cloudformation.ts"), (sdk) => sdk.CloudFormationClient);
  return {
    readStackOutputs(stack, signal) {
      const asked = { StackName: stack };
      const reading = stacks.read((sdk) => new sdk.DescribeStacksCommand(asked), signal, ({ Stacks }) => {
        const { Outputs = [] } = required(Stacks?.[0], "Stacks");
        return new Map(Outputs.map((one) => [text(one.OutputKey, "OutputKey"), text(one.OutputValue, "OutputValue")]));
      });
      // CloudFormation uses this code for every invalid request.
      return undefinedWhen(["ValidationError"], reading, /does not exist/);
    },

    async readStackExports(signal) {
      const pages = readPages(
        "ListExports",
        (token) =>
          stacks.read((sdk) => new sdk.ListExportsCommand({ NextToken: token }), signal, ({ Exports, NextToken }) => ({
            items: required(Exports, "Exports")
              .map(({ Name, Value }) => [text(Name, "Name"), text(Value, "Value")] as const),
            nextToken: optionalText(NextToken, "nextToken"),
          })),
      );
      return new Map((await Array.fromAsync(pages)).flat());
    },
  };
}

function readObjectsOver(options: ConnectionOptions): ValueSources["readObject"] {
  const objects = new LazyApi(options, () => import("./clients/s3.ts"), (sdk) =>
    class extends sdk.S3Client {
      constructor(config: ClientConfig) {
        super(config);
        // Reads the body as part of the call: if it breaks off, the call is made again.
        this.middlewareStack.add((next) => async (args) => readBody(await next(args)), { step: "initialize" });
      }
    });
  return (bucket, key, signal) => {
    const command = { Bucket: bucket, Key: key };
    const reading = objects.read((sdk) => new sdk.GetObjectCommand(command), signal, ({ Body }) => text(Body, "Body"));
    return undefinedWhen(["NoSuchKey", "NoSuchBucket"], reading);
  };
}

async function readBody<Result extends { readonly output: object }>(result: Result): Promise<Result> {
  const { Body } = result.output as GetObjectCommandOutput;
  // The SDK's own reader would hold three copies of the body.
  const stream = Body?.transformToWebStream() as ReadableStream<Uint8Array<ArrayBuffer>> | undefined;
  const read = stream && decodeAndFree(await readBounded(stream, LARGEST_FILE_BYTES));
  return { ...result, output: { ...result.output, Body: read } };
}
