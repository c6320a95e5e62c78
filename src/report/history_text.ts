import { parseTaskDefinitionArn, shortName } from "../model/arn.ts";
import type { HistoryEntry, HistoryOutcome } from "../model/history.ts";
import { type ContainerImage, parseImageName } from "../model/images.ts";
import { formatLocalTime } from "./log.ts";

/** The columns of the table of what ran, in order. */
export const HISTORY_COLUMNS = ["FROM", "TO", "REVISION", "IMAGES", "ENDED"] as const;

/** One row of the table of what ran; empty texts where there is nothing to say. */
export function renderHistoryEntry(entry: HistoryEntry): string[] {
  const { createdAtMs, finishedAtMs, servedFromMs, servedUntilMs, taskDefinition, revision, isLive, outcome } = entry;
  const toMs = servedFromMs === undefined ? finishedAtMs : servedUntilMs;
  return [
    formatLocalTime(servedFromMs ?? createdAtMs),
    isLive ? "now" : toMs === undefined ? "" : formatLocalTime(toMs),
    taskDefinition === undefined ? "?" : shortName(parseTaskDefinitionArn(taskDefinition)),
    (revision?.images ?? []).map(renderImage).join(", "),
    isLive ? "serving" : OUTCOMES[outcome],
  ];
}

const OUTCOMES: Readonly<Record<HistoryOutcome, string>> = {
  successful: "replaced",
  leftByRollback: "left by a rollback",
  rolledBack: "rolled back by ECS",
  rollbackFailed: "ECS could not roll it back",
  stopped: "stopped",
  inProgress: "in progress",
};

/** A tag and the beginning of the digest that ran under it. */
function renderImage({ image, digest }: ContainerImage): string {
  const { tag, digest: named } = parseImageName(image);
  const ran = (digest ?? named)?.slice(0, "sha256:".length + 12);
  return [tag, ran].filter((part) => part !== undefined).join("@");
}
