import { DescribeServiceRevisionsCommand, type ServiceRevision as SdkServiceRevision } from "@aws-sdk/client-ecs";
import { parseTaskDefinitionArn } from "../model/arn.ts";
import type { EcsReader } from "../model/ports.ts";
import type { ServiceRevision } from "../model/service_deployment.ts";
import { AwsError } from "../errors.ts";
import type { Call, Caller } from "./call.ts";
import type { EcsCalls } from "./ecs_calls.ts";
import { inChunks, list, optionalTimeMs, readAll, readMissing, text, toJson } from "./read_answer.ts";

const MOST_REVISIONS = 20;

/** Service revisions over the SDK. */
export function serviceRevisionsOver({ client, caller }: EcsCalls): Pick<EcsReader, "describeServiceRevisions"> {
  return {
    async describeServiceRevisions(arns, signal) {
      const found = await Promise.all(
        inChunks(arns, MOST_REVISIONS).map((serviceRevisionArns) => {
          const command = new DescribeServiceRevisionsCommand({ serviceRevisionArns });
          return readRecords(caller, {
            operation: "DescribeServiceRevisions",
            send: (options) => client.send(command, options),
            read: ({ serviceRevisions, failures }) => {
              for (const failure of list(failures, "failures")) readMissing([failure], "service revision");
              return readAll(serviceRevisions, failures, serviceRevisionArns.length, "serviceRevisions")
                .map((one) => fromServiceRevision(one, serviceRevisionArns));
            },
            signal,
          });
        }),
      );
      return found.flat();
    },
  };
}

function fromServiceRevision(revision: SdkServiceRevision, asked: readonly string[]): ServiceRevision {
  const arn = text(revision.serviceRevisionArn, "serviceRevisionArn");
  if (!asked.includes(arn)) throw new TypeError(`AWS's answer is about another service revision: ${arn}`);
  return {
    arn,
    taskDefinition: parseTaskDefinitionArn(text(revision.taskDefinition, "taskDefinition")).arn,
    createdAtMs: optionalTimeMs(revision.createdAt, "createdAt") ?? 0,
    raw: toJson(revision),
  };
}

/** AWS's names for that it keeps no such records here; not every partition has them, nor has everything like AWS. */
const UNSUPPORTED = new Set(["UnsupportedFeatureException", "UnknownOperationException"]);

/**
 * A call that reads ECS's records of deployments and service revisions. Where there are none at all, that is as good as not
 * being allowed to read them.
 */
export async function readRecords<Answer, Result>(
  caller: Caller,
  call: Omit<Call<Answer, Result>, "policy">,
): Promise<Result> {
  try {
    return await caller.make({ ...call, policy: "safe" });
  } catch (error) {
    if (!(error instanceof AwsError) || !UNSUPPORTED.has(error.code)) throw error;
    const { operation, code, detail, requestId } = error;
    throw new AwsError({ operation, kind: "denied", code, detail, requestId });
  }
}
