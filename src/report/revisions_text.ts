import { shortName } from "../model/arn.ts";
import type { DescribedRevision } from "../registry/describe_revisions.ts";
import { formatLocalTime } from "./log.ts";
import { describeUser } from "./messages/uses_text.ts";

/** The columns of a table of revisions, in order. */
export const REVISION_COLUMNS = ["REVISION", "REGISTERED", "IMAGE TAGS", "IN USE BY", "LAST DEPLOYED"] as const;

/** One row of the table of revisions; empty texts where there is nothing to say. */
export function renderRevision({ revision, registeredAtMs, imageTags, user, deployed }: DescribedRevision): string[] {
  return [
    shortName(revision),
    registeredAtMs === undefined ? "" : formatLocalTime(registeredAtMs),
    [...new Set(imageTags)].map(shortenDigest).join(", "),
    user === undefined ? "" : user === "unknown" ? "?" : describeUser(user),
    deployed === undefined ? "" : `${formatLocalTime(deployed.atMs)} ${deployed.status}`,
  ];
}

/** A digest is known by its beginning. */
function shortenDigest(tag: string): string {
  return tag.replace(/^sha256:([0-9a-f]{12})[0-9a-f]+$/, "sha256:$1");
}
