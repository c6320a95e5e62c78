import { optional } from "../../errors.ts";
import { parseTaskDefinitionArn } from "../../model/arn.ts";
import { type HistoryEntry, readHistory, servingAt } from "../../model/history.ts";
import type { EcsReader } from "../../model/ports.ts";
import { hasFailed, isGoingBack, type PastDeployment } from "../../model/service_deployment.ts";

import type { DeploymentRecord } from "./deployment_record.ts";
import { findImageTag, readCopiesTags } from "./find_image_tag.ts";
import {
  type Chosen,
  chosen,
  chosenDeployment,
  type DeploymentChoice,
  type Doubt,
  noneChosen,
} from "./revision_choice.ts";

interface Choosing {
  readonly ecs: EcsReader;
  readonly record: DeploymentRecord;
  readonly signal: AbortSignal;
}

/** Finds a deployment of the past by ECS's record alone. That this may not be read is a reason to choose none. */
export async function chooseDeployment(choice: DeploymentChoice, choosing: Choosing): Promise<Chosen> {
  const { record, ecs, signal } = choosing;
  if (choice.kind === "deployment") return await chooseById(choice.id, record);
  const { value: past, denied } = await record.read("most");
  if (past === undefined) return noneChosen({ code: "recordNotRead", denial: denied.failure });
  if (choice.kind === "imageTag") return findImageTag(past, choice.tag, await readCopiesTags(past, ecs, signal));
  const history = readHistory(past);
  const serving = servingAt(history, choice.atMs);
  return serving === undefined ? await chooseEarlier(choice.atMs, history, choosing) : chooseServing(serving, past);
}

async function chooseById(id: string, record: DeploymentRecord): Promise<Chosen> {
  const isMeant = ({ arn }: PastDeployment) => arn === id || arn.endsWith(`/${id}`);
  const found = await record.find(isMeant);
  const { value: past = [], denied } = await record.read("few");
  if (denied !== undefined) return noneChosen({ code: "recordNotRead", denial: denied.failure });
  if (found?.taskDefinition === undefined) return noneChosen({ code: "noSuchDeployment", id });
  const target = parseTaskDefinitionArn(found.taskDefinition);
  const { status, finishedAtMs: atMs = found.createdAtMs } = found;
  const isLost = hasFailed(found) || isGoingBack(found);
  const doubts: Doubt[] = isLost ? [{ code: "notCompleted", revision: target, status }] : [];
  return chosenDeployment(found, { code: "ofDeployment", target, status, atMs }, past, doubts);
}

function chooseServing(entry: HistoryEntry, past: readonly PastDeployment[]): Chosen {
  const { taskDefinition, servedFromMs = entry.createdAtMs, servedUntilMs } = entry;
  if (taskDefinition === undefined) return noneChosen({ code: "noSuchDeployment", id: entry.arn });
  const target = parseTaskDefinitionArn(taskDefinition);
  return chosenDeployment(entry, { code: "servedAt", target, fromMs: servedFromMs, untilMs: servedUntilMs }, past);
}

/** What served before the first completed deployment on record is what the oldest one came from, where ECS knows that. */
async function chooseEarlier(
  atMs: number,
  history: readonly HistoryEntry[],
  { record }: Choosing,
): Promise<Chosen> {
  const first = history.findLast(({ servedFromMs }) => servedFromMs !== undefined);
  const { value: earliest } = await optional(record.findEarliest());
  if (earliest === undefined || earliest.createdAtMs > atMs) {
    return noneChosen({ code: "beforeRecord", sinceMs: earliest?.createdAtMs ?? first?.servedFromMs });
  }
  const target = parseTaskDefinitionArn(earliest.taskDefinition);
  const served = { fromMs: earliest.createdAtMs, untilMs: first?.createdAtMs };
  return { ...chosen(target, { code: "servedAt", target, ...served }), ran: earliest };
}
