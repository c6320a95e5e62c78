import {
  DeleteTaskDefinitionsCommand,
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  type DescribeTaskDefinitionResponse,
  ListTaskDefinitionsCommand,
  type ListTaskDefinitionsCommandInput,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  type Tag,
  type TaskDefinition as SdkTaskDefinition,
} from "@aws-sdk/client-ecs";
import { parseTaskDefinitionArn, type Revision } from "../model/arn.ts";
import type { JsonObject } from "../model/json.ts";
import type { EcsReader, EcsWriter, Registered } from "../model/ports.ts";
import { readTaskSupply, type TaskDefinition } from "../model/task_definition.ts";
import { AwsError } from "../errors.ts";
import type { EcsCalls } from "./ecs_calls.ts";
import {
  list,
  optionalText,
  optionalTimeMs,
  readAll,
  readAsked,
  readOrdered,
  readPages,
  required,
  requiredList,
  text,
  toJson,
} from "./read_answer.ts";
import { unknownMembersOf } from "./read_definition.ts";

/** By so much AWS's clock may be behind that of this machine. */
const CLOCKS_DIFFER_MS = 5_000;

/** Task definitions over the SDK: the only place that describes one. */
export function taskDefinitionsOver(
  calls: EcsCalls,
): Pick<
  EcsReader & EcsWriter,
  | "deleteTaskDefinitions"
  | "deregisterTaskDefinition"
  | "describeTaskDefinition"
  | "listNewestRevisions"
  | "listRevisions"
  | "registerTaskDefinition"
> {
  return {
    describeTaskDefinition: (name, signal) => describeTaskDefinition(calls, name, signal),
    async listNewestRevisions(family, maxResults, signal) {
      const { revisions } = await listPage(calls, { familyPrefix: family, ...NEWEST_FIRST, maxResults }, signal);
      return revisions.map(({ revision }) => revision).toSorted((a, b) => b - a);
    },
    listRevisions: (family, which, signal) => listRevisions(calls, family, which, signal),
    registerTaskDefinition: (input, isSame, signal) => registerTaskDefinition(calls, input, isSame, signal),
    deregisterTaskDefinition: (arn, signal) => deregisterTaskDefinition(calls, arn, signal),
    deleteTaskDefinitions: (arns, signal) => deleteTaskDefinitions(calls, arns, signal),
  };
}

async function describeTaskDefinition(
  { client, caller, withTags }: EcsCalls,
  taskDefinition: string,
  signal: AbortSignal,
): Promise<TaskDefinition | undefined> {
  try {
    return await withTags((tags) =>
      caller.make({
        operation: "DescribeTaskDefinition",
        policy: "safe",
        send: (options) => client.send(new DescribeTaskDefinitionCommand({ taskDefinition, ...tags }), options),
        read: (answer) => {
          readAsked(answer.taskDefinition?.taskDefinitionArn, taskDefinition, "task definition");
          return fromTaskDefinition(answer);
        },
        signal,
      })
    );
  } catch (error) {
    const isUnknown = error instanceof AwsError && error.code === "ClientException" &&
      /unable to describe task definition/i.test(error.detail);
    if (isUnknown) return undefined;
    throw error;
  }
}

const NEWEST_FIRST = { status: "ACTIVE", sort: "DESC" } as const;

function listPage(
  { client, caller }: EcsCalls,
  which: ListTaskDefinitionsCommandInput,
  signal: AbortSignal,
): Promise<{ readonly revisions: readonly Revision[]; readonly nextToken: string | undefined }> {
  const command = new ListTaskDefinitionsCommand(which);
  return caller.make({
    operation: "ListTaskDefinitions",
    policy: "safe",
    send: (options) => client.send(command, options),
    read: ({ taskDefinitionArns, nextToken }) => ({
      revisions: requiredList(taskDefinitionArns, "taskDefinitionArns").map(identity),
      nextToken: optionalText(nextToken, "nextToken"),
    }),
    signal,
  });
}

async function* listRevisions(
  calls: EcsCalls,
  familyPrefix: string,
  { status, order }: Parameters<EcsReader["listRevisions"]>[1],
  signal: AbortSignal,
): AsyncGenerator<readonly Revision[], void, void> {
  const pages = readPages(
    "ListTaskDefinitions",
    (nextToken) => listPage(calls, { familyPrefix, status, sort: order, nextToken }, signal),
  );
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

function registerTaskDefinition(
  calls: EcsCalls,
  input: JsonObject,
  isSame: (raw: JsonObject) => boolean,
  signal: AbortSignal,
): Promise<Registered> {
  // What of it is right, AWS says.
  const command = new RegisterTaskDefinitionCommand(input as unknown as RegisterTaskDefinitionCommandInput);
  const orderedAtMs = calls.now();
  const confirm = async () => {
    const newest = await describeTaskDefinition(calls, String(input.family), signal);
    const { status, registeredAtMs = -Infinity, raw } = newest ?? {};
    // Any doubt is a "no": an older one may say the same.
    const isNew = status === "ACTIVE" && registeredAtMs >= orderedAtMs - CLOCKS_DIFFER_MS;
    return newest !== undefined && raw !== undefined && isNew && isSame(raw)
      ? { revision: identity(newest.arn), definition: raw }
      : undefined;
  };
  return calls.caller.make({
    operation: "RegisterTaskDefinition",
    // Each one that arrives makes another revision.
    policy: { mayArriveTwice: false, confirm },
    send: (options) => calls.onceClient.send(command, options),
    read: (answer) => {
      const definition = wholeTaskDefinition(answer);
      return { revision: identity(definition.taskDefinitionArn), definition };
    },
    signal,
  });
}

async function deregisterTaskDefinition(calls: EcsCalls, arn: string, signal: AbortSignal): Promise<void> {
  const command = new DeregisterTaskDefinitionCommand({ taskDefinition: arn });
  const confirm = async () => await readStatus(calls, arn, signal) !== "ACTIVE" || undefined;
  await calls.caller.make({
    operation: "DeregisterTaskDefinition",
    policy: { mayArriveTwice: true, confirm },
    send: (options) => calls.client.send(command, options),
    read: ({ taskDefinition }) => {
      const { taskDefinitionArn, status } = required(taskDefinition, "taskDefinition");
      readOrdered(taskDefinitionArn, arn, "taskDefinitionArn");
      if (text(status, "status") === "ACTIVE") throw new TypeError("AWS's answer shows it as ACTIVE");
      return true;
    },
    signal,
  });
}

function deleteTaskDefinitions(
  calls: EcsCalls,
  arns: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const command = new DeleteTaskDefinitionsCommand({ taskDefinitions: [...arns] });
  const confirm = async () => {
    const statuses = await Promise.all(arns.map((arn) => readStatus(calls, arn, signal)));
    const areDeleted = statuses.every((status) => status === undefined || status === "DELETE_IN_PROGRESS");
    return areDeleted ? new Map<string, string>() : undefined;
  };
  return calls.caller.make({
    operation: "DeleteTaskDefinitions",
    policy: { mayArriveTwice: true, confirm },
    send: (options) => calls.client.send(command, options),
    read: ({ taskDefinitions, failures }) => {
      readAll(taskDefinitions, failures, arns.length, "taskDefinitions");
      const said = (reason: unknown, detail: unknown) =>
        [optionalText(reason, "failure reason"), optionalText(detail, "failure detail")].filter(Boolean).join(": ");
      return new Map(
        list(failures, "failures").map(({ arn, reason, detail }) => [text(arn, "failure arn"), said(reason, detail)]),
      );
    },
    signal,
  });
}

async function readStatus(calls: EcsCalls, arn: string, signal: AbortSignal): Promise<string | undefined> {
  return (await describeTaskDefinition(calls, arn, signal))?.status;
}

function identity(arn: unknown): Revision {
  return parseTaskDefinitionArn(text(arn, "taskDefinitionArn"));
}

/** AWS's answer has the tags beside the task definition. */
function wholeTaskDefinition(
  { taskDefinition, tags }: { readonly taskDefinition?: SdkTaskDefinition; readonly tags?: Tag[] },
): JsonObject {
  return toJson({ ...required(taskDefinition, "taskDefinition"), ...(tags?.length && { tags }) });
}

function fromTaskDefinition(answer: DescribeTaskDefinitionResponse): TaskDefinition {
  const definition = required(answer.taskDefinition, "taskDefinition");
  const raw = wholeTaskDefinition(answer);
  for (const { name } of list(definition.containerDefinitions, "containerDefinitions")) text(name, "container name");
  return {
    ...identity(definition.taskDefinitionArn),
    ...readTaskSupply(raw),
    status: text(definition.status, "status"),
    registeredAtMs: optionalTimeMs(definition.registeredAt, "registeredAt"),
    raw,
    unknownMembers: unknownMembersOf(raw),
  };
}
