import { parseTaskDefinitionArn, type Revision, siblingArn } from "../../model/arn.ts";
import { choosePrevious } from "./choose_previous.ts";
import { readRecord } from "./read_record.ts";
import {
  type Choosing,
  type Chosen,
  chosen,
  type Doubt,
  type LeftChoice,
  type RevisionChoice,
} from "./revision_choice.ts";

/**
 * Finds the revision that a choice means for a service that runs `running`. Asks AWS only for `previous`: four calls and
 * more for the deployments of the last 90 days, and where they do not tell, one for the numbers that are registered; and
 * for the deployments, where another family is named.
 *
 * @throws AwsError; that the deployments may not be read is a doubt only
 */
export async function chooseRevision(choosing: Choosing, signal: AbortSignal): Promise<Chosen> {
  const { choice, running } = choosing;
  if (choice.kind === "number") return chosen({ ...choice, family: choice.family ?? running.family }, undefined);
  return choice.kind === "named" ? await chooseNamed(choice, choosing, signal) : await choosePrevious(choosing, signal);
}

/** What names a revision, as a full one: a number is of the family that the service runs. */
export function revisionNamed(choice: LeftChoice, running: Revision): Revision {
  const { revision } = choice;
  const family = choice.family ?? running.family;
  const isArn = choice.kind === "named" && choice.name.startsWith("arn:");
  const arn = isArn ? choice.name : siblingArn(running, revision).replace(/[^/]*$/, `${family}:${revision}`);
  return { arn, family, revision };
}

async function chooseNamed(
  named: Extract<RevisionChoice, { kind: "named" }>,
  choosing: Choosing,
  signal: AbortSignal,
): Promise<Chosen> {
  const { name, family } = named;
  const { running, service } = choosing;
  const prefix = (arn: string) => arn.slice(0, arn.lastIndexOf("/"));
  if (name.startsWith("arn:") && prefix(name) !== prefix(running.arn)) {
    return { kind: "none", reason: { code: "foreignAccount", running } };
  }
  const isOfFamily = (arn: string | undefined) => arn !== undefined && parseTaskDefinitionArn(arn).family === family;
  const isShown = family === running.family ||
    service.deployments.some(({ taskDefinition }) => isOfFamily(taskDefinition));
  if (isShown) return chosen(named, undefined);
  const doubts: Doubt[] = [];
  const { past, earliest } = await readRecord(choosing, running, doubts, signal);
  if (isOfFamily(earliest) || past.some(({ taskDefinition }) => isOfFamily(taskDefinition))) {
    return chosen(named, undefined, doubts);
  }
  // What cannot be known is up to the user.
  if (doubts.length > 0) return { ...chosen(named, undefined, doubts), isProven: false };
  return { kind: "none", reason: { code: "foreignFamily", family, running } };
}
