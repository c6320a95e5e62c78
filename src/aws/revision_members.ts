import { DescribeServiceRevisionsCommand, type ECSClient, type ServiceRevision } from "@aws-sdk/client-ecs";
import type { JsonObject } from "../model/json.ts";
import type { Caller } from "./connection.ts";
import { optionalTimeMs, requiredList } from "./read_answer.ts";
import { updatableMembers } from "./updatable_members.ts";

/** DescribeServiceRevisions takes no more. */
const MOST_REVISIONS = 20;

/** See `RegistryReader.readRevisionMembers()`. While a deployment is under way, the service has several revisions. */
export async function readRevisionMembers(
  client: ECSClient,
  caller: Caller,
  members: JsonObject,
  signal: AbortSignal,
): Promise<JsonObject> {
  const current = (members.currentServiceRevisions ?? []) as readonly JsonObject[];
  const serviceRevisionArns = current.map(({ arn }) => String(arn)).slice(0, MOST_REVISIONS);
  if (serviceRevisionArns.length === 0) return {};
  const command = new DescribeServiceRevisionsCommand({ serviceRevisionArns });
  return await caller.make({
    operation: "DescribeServiceRevisions",
    send: (options) => client.send(command, options),
    read: ({ serviceRevisions }) => {
      const found = chooseRevision(requiredList(serviceRevisions, "serviceRevisions"), members.taskDefinition);
      const answered: JsonObject = found === undefined ? {} : JSON.parse(JSON.stringify(found));
      const names = updatableMembers().inRevisionOnly;
      return Object.fromEntries(names.flatMap((name) => name in answered ? [[name, answered[name]!]] : []));
    },
    signal,
  });
}

/** The newest one, but none of what ECS has turned back from. */
function chooseRevision(revisions: readonly ServiceRevision[], running: unknown): ServiceRevision | undefined {
  const createdAtMs = ({ createdAt }: ServiceRevision) => optionalTimeMs(createdAt, "service revision createdAt") ?? 0;
  const newestFirst = revisions.toSorted((a, b) => createdAtMs(b) - createdAtMs(a));
  return newestFirst.find(({ taskDefinition }) => taskDefinition === running) ?? newestFirst[0];
}
