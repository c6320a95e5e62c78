import {
  DescribeTaskDefinitionCommand,
  type ECSClient,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
} from "@aws-sdk/client-ecs";
import { parseTaskDefinitionArn, type Revision } from "../model/arn.ts";
import type { EcsReader, EcsWriter } from "../model/ports.ts";
import { AwsError } from "../errors.ts";
import type { Caller } from "./connection.ts";
import { fromTaskDefinition, wholeTaskDefinition } from "./from_ecs.ts";
import { readDefinition } from "./read_definition.ts";
import { optionalText, readAsked, requiredList, text } from "./read_answer.ts";
import { readPages } from "./read_pages.ts";
import { listPastDeployments } from "./service_deployments.ts";
import { updatableMembers } from "./updatable_members.ts";

/**
 * The register of task definitions over the SDK.
 *
 * @param onceClient keeps no connections, so that nothing is sent a second time unasked
 */
export function registryOver(
  client: ECSClient,
  onceClient: ECSClient,
  caller: Caller,
): Pick<
  EcsReader & EcsWriter,
  | "describeTaskDefinition"
  | "listPastDeployments"
  | "listRevisions"
  | "readDefinition"
  | "registerTaskDefinition"
  | "updatableMembers"
> {
  return {
    readDefinition,
    listRevisions: (family, which, signal) => listRevisions(client, caller, family, which, signal),
    listPastDeployments: (ref, limit, signal) => listPastDeployments(client, caller, ref, limit, signal),

    async describeTaskDefinition(taskDefinition, signal) {
      const command = new DescribeTaskDefinitionCommand({ taskDefinition, include: ["TAGS"] });
      return await undefinedWhenUnknown(caller.make({
        operation: "DescribeTaskDefinition",
        send: (options) => client.send(command, options),
        read: (answer) => {
          readAsked(answer.taskDefinition?.taskDefinitionArn, taskDefinition, "task definition");
          return fromTaskDefinition(answer);
        },
        signal,
      }));
    },

    updatableMembers,

    registerTaskDefinition(input, signal) {
      // What of it is right, AWS says.
      const command = new RegisterTaskDefinitionCommand(input as unknown as RegisterTaskDefinitionCommandInput);
      return caller.make({
        operation: "RegisterTaskDefinition",
        send: (options) => onceClient.send(command, options),
        read: (answer) => {
          const definition = wholeTaskDefinition(answer);
          return { revision: identity(definition.taskDefinitionArn), definition };
        },
        neverTwice: true,
        isChange: true,
        signal,
      });
    },
  };
}

async function* listRevisions(
  client: ECSClient,
  caller: Caller,
  familyPrefix: string,
  { status, order }: Parameters<EcsReader["listRevisions"]>[1],
  signal: AbortSignal,
): AsyncGenerator<readonly Revision[], void, void> {
  const pages = readPages("ListTaskDefinitions", (nextToken) => {
    const command = new ListTaskDefinitionsCommand({ familyPrefix, status, sort: order, nextToken });
    return caller.make({
      operation: "ListTaskDefinitions",
      send: (options) => client.send(command, options),
      read: ({ taskDefinitionArns, nextToken }) => ({
        revisions: requiredList(taskDefinitionArns, "taskDefinitionArns").map(identity),
        nextToken: optionalText(nextToken, "nextToken"),
      }),
      signal,
    });
  });
  let last: Revision | undefined;
  for await (const page of pages) {
    // A page that goes back to what was listed already would lead around for ever.
    const isAhead = ({ revision }: Revision) =>
      last === undefined || (order === "ASC" ? revision > last.revision : revision < last.revision);
    const revisions = page.revisions.filter(isAhead);
    if (page.revisions.length > 0 && revisions.length === 0) return;
    if (revisions.length > 0) yield revisions;
    last = revisions.at(-1) ?? last;
  }
}

function identity(arn: unknown): Revision {
  return parseTaskDefinitionArn(text(arn, "taskDefinitionArn"));
}

/** ECS: `ClientException: Unable to describe task definition.` */
export async function undefinedWhenUnknown<Result>(answer: Promise<Result>): Promise<Result | undefined> {
  try {
    return await answer;
  } catch (error) {
    const isUnknown = error instanceof AwsError && error.code === "ClientException" &&
      /unable to describe task definition/i.test(error.detail);
    if (isUnknown) return undefined;
    throw error;
  }
}
