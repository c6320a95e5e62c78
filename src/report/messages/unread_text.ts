import { shortName } from "../../model/arn.ts";
import type { NotOnRecord, NotRead, UnreadPart } from "../../rollout/plan/unread.ts";
import { describeCall } from "./aws_failure_text.ts";

/** What may not be read, in AWS's words, then what is not known without it and what follows. */
export function describeNotRead(notice: NotRead): string {
  const { denial, alsoDenied, parts } = notice;
  return [
    describeCall(denial),
    ...(alsoDenied.length === 0 ? [] : [`${alsoDenied.join(", ")} failed, too`]),
    ...parts.map((part) => NOT_KNOWN[part](notice)),
  ].join("; ");
}

const NOT_KNOWN: Readonly<Record<UnreadPart, (notice: NotRead) => string>> = {
  underWay: ({ intent }) => ({
    deploy: "whether ECS is rolling a deployment back is not known",
    rollback: "whether ECS can roll back by itself is not known",
    wait: "whether ECS is rolling the deployment back is not known",
    scale: "whether a deployment is under way is not known",
  }[intent]),
  ran: (notice) =>
    `what ran with ${notice.target ? shortName(notice.target) : "the target"} is not known${followsOf(notice)}`,
  succeeded: () => "which deployments succeeded is not known",
  earliest: () => "what ran before the deployments on record is not known",
  rolledBackFrom: () => "whether this is what the service was just rolled back from is not known",
  shippedBefore: () => "whether this is what the service was just rolled back from is not known",
  settings: ({ members = [] }) =>
    `the service's ${members.join(", ")} may not be read: it gets what the service definition says`,
  status: () => "whether the task definition that runs can be deployed again is not known",
  registered: () => "whether the newest registered revision says what the file says is not known",
  reversal: () => "whether ECS has turned a deployment back before is not known",
};

/** ECS has nothing on record of what ran: the same follows as where it may not be read. */
export function describeNotOnRecord({ target, ...notice }: NotOnRecord): string {
  return `ECS has no successful deployment of ${shortName(target)} on record (of the last 90 days)${followsOf(notice)}`;
}

function followsOf({ startsByTags, restoresNothing }: Pick<NotRead, "startsByTags" | "restoresNothing">): string {
  const settings = restoresNothing
    ? "--restore service restores nothing"
    : "the service keeps the settings that it has now";
  if (startsByTags === undefined) return "";
  return startsByTags ? `: its tasks start what the image tags name today, and ${settings}` : `: ${settings}`;
}
