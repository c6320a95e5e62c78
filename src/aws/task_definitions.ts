import {
  DeleteTaskDefinitionsCommand,
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import type * as sdk from "@aws-sdk/client-ecs";
import { parseTaskDefinitionArn, type Revision } from "../model/arn.ts";
import type { JsonObject } from "../model/json.ts";
import type { EcsReader, EcsWriter } from "../model/ports.ts";
import { readTaskCapabilities, type TaskDefinition } from "../model/task_definition.ts";
import type { EcsApi } from "./ecs_api.ts";
import {
  checkAsked,
  checkOrdered,
  list,
  optionalText,
  optionalTimeMs,
  readAll,
  required,
  requiredList,
  text,
  toJson,
  undefinedWhen,
  UnreadableAnswer,
} from "./read_answer.ts";
import { unknownMembersOf } from "./api_members.ts";

function describe(api: EcsApi, taskDefinition: string, signal: AbortSignal): Promise<TaskDefinition | undefined> {
  const reading = api.withTags((tags) =>
    api.read(new DescribeTaskDefinitionCommand({ taskDefinition, ...tags }), signal, (answer) => {
      checkAsked(answer.taskDefinition?.taskDefinitionArn, taskDefinition, "taskDefinition");
      return fromTaskDefinition(answer);
    })
  );
  return undefinedWhen(["ClientException"], reading, /unable to describe task definition/i);
}

function listPages(api: EcsApi, which: sdk.ListTaskDefinitionsCommandInput, signal: AbortSignal) {
  const command = (nextToken: string | undefined) => new ListTaskDefinitionsCommand({ ...which, nextToken });
  const read = (answer: sdk.ListTaskDefinitionsResponse) =>
    requiredList(answer.taskDefinitionArns, "taskDefinitionArns").map(identity);
  return api.list(command, signal, read);
}

export function connectRevisions(
  api: EcsApi,
): Pick<EcsReader, "describeTaskDefinition" | "listNewestRevisions" | "listRevisions"> {
  return {
    describeTaskDefinition: (name, signal) => describe(api, name, signal),

    async listNewestRevisions(familyPrefix, maxResults, signal) {
      const which = { familyPrefix, status: "ACTIVE", sort: "DESC", maxResults } as const;
      const { value: page } = await listPages(api, which, signal).next();
      return (page ?? []).map(({ revision }) => revision).toSorted((a, b) => b - a);
    },

    async *listRevisions(familyPrefix, { status, order }, signal) {
      let last: Revision | undefined;
      for await (const page of listPages(api, { familyPrefix, status, sort: order }, signal)) {
        // Pages that repeat what was already listed would loop forever.
        const revisions = page.filter(({ revision }) =>
          last === undefined || (order === "ASC" ? revision > last.revision : revision < last.revision)
        );
        if (revisions.length === 0) return;
        yield revisions;
        last = revisions.at(-1);
      }
    },
  };
}

/** How far AWS's clock may be behind this machine's. */
const CLOCKS_DIFFER_MS = 5_000;

export function registerTaskDefinition(api: EcsApi): EcsWriter["registerTaskDefinition"] {
  return (input, isSame, signal) => {
    // AWS itself checks whether the members are right.
    const command = new RegisterTaskDefinitionCommand(input as unknown as sdk.RegisterTaskDefinitionCommandInput);
    const orderedAtMs = api.now();
    const confirm = async () => {
      const newest = await describe(api, String(input.family), signal);
      const { status, registeredAtMs = -Infinity, raw } = newest ?? {};
      // In doubt it is not the registered one: an older revision may have the same content.
      const isNew = status === "ACTIVE" && registeredAtMs >= orderedAtMs - CLOCKS_DIFFER_MS;
      return newest !== undefined && raw !== undefined && isNew && isSame(raw)
        ? { revision: identity(newest.arn), definition: raw }
        : undefined;
    };
    // Each call that arrives makes another revision.
    return api.change(command, { mayArriveTwice: false, confirm }, signal, (answer) => {
      const definition = wholeTaskDefinition(answer);
      return { revision: identity(definition.taskDefinitionArn), definition };
    });
  };
}

export function deregisterTaskDefinition(api: EcsApi): EcsWriter["deregisterTaskDefinition"] {
  return async (arn, signal) => {
    const command = new DeregisterTaskDefinitionCommand({ taskDefinition: arn });
    const confirm = async () => (await describe(api, arn, signal))?.status !== "ACTIVE" || undefined;
    await api.change(command, { mayArriveTwice: true, confirm }, signal, ({ taskDefinition }) => {
      const { taskDefinitionArn, status } = required(taskDefinition, "taskDefinition");
      checkOrdered(taskDefinitionArn, arn, "taskDefinitionArn");
      if (text(status, "status") === "ACTIVE") throw new UnreadableAnswer({ code: "stillActive" });
      return true;
    });
  };
}

export function deleteTaskDefinitions(api: EcsApi): EcsWriter["deleteTaskDefinitions"] {
  return (arns, signal) => {
    const confirm = async () => {
      const found = await Promise.all(arns.map((arn) => describe(api, arn, signal)));
      const areDeleted = found.every((one) => one === undefined || one.status === "DELETE_IN_PROGRESS");
      return areDeleted ? new Map<string, string>() : undefined;
    };
    const command = new DeleteTaskDefinitionsCommand({ taskDefinitions: [...arns] });
    return api.change(command, { mayArriveTwice: true, confirm }, signal, ({ taskDefinitions, failures }) => {
      readAll(taskDefinitions, failures, arns.length, "taskDefinitions");
      const said = (reason: unknown, detail: unknown) =>
        [optionalText(reason, "failure.reason"), optionalText(detail, "failure.detail")].filter(Boolean).join(": ");
      return new Map(
        list(failures, "failures").map(({ arn, reason, detail }) => [text(arn, "failure.arn"), said(reason, detail)]),
      );
    });
  };
}

function identity(arn: unknown): Revision {
  return parseTaskDefinitionArn(text(arn, "taskDefinitionArn"));
}

/** Puts the tags, which AWS's answer has beside the task definition, into it. */
function wholeTaskDefinition(
  { taskDefinition, tags }: { readonly taskDefinition?: sdk.TaskDefinition; readonly tags?: sdk.Tag[] },
): JsonObject {
  return toJson({ ...required(taskDefinition, "taskDefinition"), ...(tags?.length && { tags }) });
}

function fromTaskDefinition(answer: sdk.DescribeTaskDefinitionResponse): TaskDefinition {
  const definition = required(answer.taskDefinition, "taskDefinition");
  const raw = wholeTaskDefinition(answer);
  for (const { name } of list(definition.containerDefinitions, "containerDefinitions")) text(name, "container.name");
  return {
    ...identity(definition.taskDefinitionArn),
    ...readTaskCapabilities(raw),
    status: text(definition.status, "status"),
    registeredAtMs: optionalTimeMs(definition.registeredAt, "registeredAt"),
    raw,
    unknownMembers: unknownMembersOf(raw),
  };
}
