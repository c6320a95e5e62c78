import { type Revision, shortName } from "../model/arn.ts";
import type { DescribedRevision } from "../registry/describe_revisions.ts";
import type { Marks } from "../rollout/read/read_marks.ts";
import type { ChosenRevision } from "../rollout/read/chosen_revision.ts";
import { formatServed } from "./history_text.ts";
import { formatLocalTime, formatMoment } from "./messages/log.ts";
import { describeUser } from "./messages/uses_text.ts";

export const REVISION_COLUMNS = [
  "REVISION",
  "REGISTERED",
  "IMAGE TAGS",
  "IN USE BY",
  "LAST DEPLOYED",
  "SERVED",
  "MARKS",
];

/** A row of the table of revisions, `inSeconds` of tab-separated values; a cell is empty if there is nothing to say. */
export function renderRevision(
  { revision, registeredAtMs, imageTags, user, deployed }: DescribedRevision,
  marks: Marks,
  inSeconds = false,
): string[] {
  const servedMs = marks.servedMs.get(revision.arn);
  return [
    shortName(revision),
    registeredAtMs === undefined ? "" : formatLocalTime(registeredAtMs),
    // The first characters of a digest are enough.
    [...new Set(imageTags)].map((tag) => tag.replace(/^sha256:([0-9a-f]{12})[0-9a-f]+$/, "sha256:$1")).join(", "),
    user === undefined ? "" : user === "unknown" ? "?" : describeUser(user),
    deployed === undefined ? "" : `${formatMoment(deployed.atMs)} ${deployed.status}`,
    servedMs === undefined ? "" : inSeconds ? String(Math.ceil(servedMs / 1_000)) : formatServed(servedMs),
    marksOf(revision, marks).join(", "),
  ];
}

/** What commands call a revision: `current`, `previous` or `stable`; with `?` if `rollback` asks first. */
function marksOf({ arn }: Revision, { current, previous, stable }: Marks): string[] {
  return [
    ...(current?.arn === arn ? ["current"] : []),
    ...(previous?.arn === arn ? [markOf("previous", previous)] : []),
    ...(stable?.arn === arn ? [markOf("stable", stable)] : []),
  ];
}

/** With `?`, `rollback` asks first: the revision may never have run, or what runs was itself rolled back to. */
export function markOf(name: "previous" | "stable", { isUnproven, leavesRollback }: ChosenRevision): string {
  return isUnproven || leavesRollback ? `${name}?` : name;
}
