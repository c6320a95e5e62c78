import { type Revision, shortName } from "../../model/arn.ts";
import { primaryDeployment, type ServiceRef, subjectName } from "../../model/service.ts";
import { formatLocalTime } from "../messages/log.ts";
import { shortenImage } from "../messages/image_text.ts";
import { describeCause } from "../messages/causes/cause_text.ts";
import type { NewestRollout } from "../../rollout/read/read_newest_rollout.ts";
import type { Status } from "../status_text.ts";
import { TableLayout } from "../table_layout.ts";

/** A service that could not be read, and why. */
interface Unread {
  readonly ref: ServiceRef;
  readonly isMissing: boolean;
  readonly why: string;
}

/**
 * One row for each service: what runs, since when, and what is wrong. Services in trouble come first, those that were
 * rolled back come last; those between may still run a bad release.
 */
export function renderStatusTable(all: readonly (Status | Unread)[]): string[] {
  const isBad = (one: Status | Unread) => "why" in one || isInTrouble(one);
  const [good, bad] = [all.filter((one) => !isBad(one)), all.filter(isBad)];
  const isBack = (one: Status | Unread) => leftBy(one) !== undefined;
  const sorted = [...bad, ...good.filter((one) => !isBack(one)), ...good.filter(isBack)];
  return new TableLayout(["SERVICE", "STATE", "REVISION", "IMAGE", "SERVING", "SINCE", "WHY"]).add(
    sorted.map(renderRow),
  );
}

/** The revision that a service was rolled back from, if nothing was deployed since. */
function leftBy(one: Status | Unread): Revision | undefined {
  if ("why" in one || one.rollout !== undefined || one.back?.kind !== "stays") return undefined;
  return one.back.reason.code === "isBack" ? one.back.reason.from : undefined;
}

/** Whether somebody has to look at the service. */
export function isInTrouble({ rollout, service }: Status): boolean {
  if (service.status !== "ACTIVE") return true;
  return rollout !== undefined && (!isUnderWay(rollout) || isFailing(rollout));
}

function isUnderWay({ stage }: NewestRollout): boolean {
  return stage === "underWay" || stage === "short";
}

function isFailing({ causes, failedTasks }: NewestRollout): boolean {
  return causes.length > 0 || failedTasks > 0;
}

function renderRow(one: Status | Unread): string[] {
  if ("why" in one) {
    return [subjectName(one.ref), one.isMissing ? "NOT THERE" : "NOT READ", "-", "-", "-", "-", one.why];
  }
  const { ref, service, rollout, images = [] } = one;
  const primary = primaryDeployment(service);
  const cause = rollout?.causes[0];
  const from = leftBy(one);
  return [
    subjectName(ref),
    nameState(one),
    service.taskDefinition === undefined ? "-" : shortName(service.taskDefinition),
    nameImages(images.map(({ image }) => shortenImage(image))),
    `${service.runningCount}/${service.desiredCount}`,
    primary === undefined ? "-" : formatLocalTime(primary.createdAtMs),
    cause !== undefined ? describeCause(cause) : from !== undefined ? `from ${shortName(from)}` : "-",
  ];
}

/** The first two images; the others are usually sidecars. */
function nameImages(images: readonly string[]): string {
  const [shown, more] = [images.slice(0, 2).join(", "), images.length - 2];
  return images.length === 0 ? "-" : more > 0 ? `${shown} and ${more} more` : shown;
}

function nameState(one: Status): string {
  const { rollout, service: { status } } = one;
  if (status !== "ACTIVE") return status;
  if (rollout === undefined) return leftBy(one) === undefined ? "steady" : "rolled back";
  return isFailing(rollout) && isUnderWay(rollout) ? "FAILING" : STAGES[rollout.stage];
}

const STAGES: Readonly<Record<NewestRollout["stage"], string>> = {
  underWay: "deploying",
  short: "short of tasks",
  failed: "FAILED",
  goingBack: "going back",
  wentBack: "went back",
};
