import { parseTaskDefinitionArn, shortName } from "../../model/arn.ts";
import { primaryDeployment, type ServiceRef, subjectName } from "../../model/service.ts";
import { formatLocalTime } from "../log.ts";
import { describeCause } from "../messages/cause_text.ts";
import type { Status } from "../status_text.ts";
import { TableLayout } from "../table_layout.ts";

/** A service that could not be read, and why. */
interface Unread {
  readonly ref: ServiceRef;
  readonly isMissing: boolean;
  readonly why: string;
}

/** One line for each service: what runs, since when, and what is wrong with it. Those in trouble come first. */
export function renderStatusTable(all: readonly (Status | Unread)[]): string[] {
  const isBad = (one: Status | Unread) => "why" in one || isInTrouble(one);
  const sorted = [...all.filter(isBad), ...all.filter((one) => !isBad(one))];
  return new TableLayout(["SERVICE", "STATE", "REVISION", "SERVING", "SINCE", "WHY"]).add(sorted.map(renderRow));
}

/** Whether somebody has to look at it. */
export function isInTrouble({ rollout, service }: Status): boolean {
  if (service.status !== "ACTIVE") return true;
  return rollout !== undefined && (rollout.stage !== "underWay" && rollout.stage !== "short" || isFailing(rollout));
}

type Rollout = NonNullable<Status["rollout"]>;

function isFailing({ causes, failedTasks }: Rollout): boolean {
  return causes.length > 0 || failedTasks > 0;
}

function renderRow(one: Status | Unread): string[] {
  if ("why" in one) return [subjectName(one.ref), one.isMissing ? "NOT THERE" : "NOT READ", "-", "-", "-", one.why];
  const { ref, service, rollout } = one;
  const primary = primaryDeployment(service);
  const cause = rollout?.causes[0];
  return [
    subjectName(ref),
    nameState(one),
    service.taskDefinition === undefined ? "-" : shortName(parseTaskDefinitionArn(service.taskDefinition)),
    `${service.runningCount}/${service.desiredCount}`,
    primary === undefined ? "-" : formatLocalTime(primary.createdAtMs),
    cause === undefined ? "-" : describeCause(cause),
  ];
}

function nameState({ rollout, service: { status } }: Status): string {
  if (status !== "ACTIVE") return status;
  switch (rollout?.stage) {
    case undefined:
      return "steady";
    case "underWay":
      return isFailing(rollout) ? "FAILING" : "deploying";
    case "short":
      return isFailing(rollout) ? "FAILING" : "short of tasks";
    case "failed":
      return "FAILED";
    case "goingBack":
      return "going back";
    case "wentBack":
      return "went back";
  }
}
