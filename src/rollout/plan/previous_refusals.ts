import { type Revision, shortName } from "../../model/arn.ts";
import { ecspressoCommand } from "../../model/ecspresso_cli.ts";
import { type ServiceRef, subjectName } from "../../model/service.ts";
import type { Situation } from "../read/read_situation.ts";
import type { Chosen } from "../read/revision_choice.ts";
import type { Refusal } from "./plan.ts";

/** Why `previous`, or a rollback that says what it leaves, does not go where it would; each with the way out. */

type ChosenRevision = Extract<Chosen, { kind: "chosen" }>;

/** `5`, or `web:5` where the number alone would be taken for one of the family that runs by then. */
export function nameAgain(revision: Pick<Revision, "family" | "revision">, other: Pick<Revision, "family">): string {
  return revision.family === other.family ? String(revision.revision) : shortName(revision);
}

/** The command that goes back from what runs now and from nothing else, however often it is given. */
export function repeatableCommand(ref: ServiceRef, from: Revision, to: Pick<Revision, "family">): string {
  return ecspressoCommand(ref, `rollback --revision previous --from ${nameAgain(from, to)}`);
}

const LIST = "revisions --output table";

/** `doubts` says why it is not known. */
export function unproven({ ref, choice }: Situation, running: Revision, chosen: ChosenRevision): Refusal {
  const name = shortName(chosen);
  const isNamed = choice.kind !== "previous";
  const what = isNamed ? name : "the previous revision";
  const nothing = isNamed
    ? `nothing shows that the family ${chosen.family} has run in this service, which runs ${shortName(running)}`
    : `nothing shows that a revision has run before ${shortName(running)}`;
  return {
    message: `cannot roll back ${subjectName(ref)} to ${what}: ${nothing}${isNamed ? ` (${chosen.doubts[0]})` : ""}`,
    advice: [
      ...(isNamed ? [`to go back to what ran before: ${ecspressoCommand(ref, "rollback --revision previous")}`] : []),
      `see what was deployed, and name the number: ${ecspressoCommand(ref, LIST)}`,
      `to go to ${name} all the same, add --allow-unproven`,
    ],
  };
}

export function leavesWayBack(ref: ServiceRef, running: Revision, chosen: ChosenRevision): Refusal {
  const further = chosen.isProven
    ? `to go back further, name the number: ${
      ecspressoCommand(ref, `rollback --revision ${nameAgain(chosen, running)}`)
    }`
    : `to go back further, name the number: ${ecspressoCommand(ref, LIST)}`;
  return {
    message: `cannot roll back ${subjectName(ref)} to the previous revision: the service ${
      chosen.isProven ? "was brought back" : "may have been brought back"
    } to ${shortName(running)} itself, less than an hour ago`,
    advice: [
      further,
      `where the command may run twice, say what to roll back from: ${
        ecspressoCommand(ref, "rollback --revision previous --from N")
      }`,
    ],
  };
}

/** The service runs neither what is to be left nor what is to be gone back to. */
export function runsAnother(ref: ServiceRef, running: Revision, left: Revision): Refusal {
  // Another account or region shows in the whole ARN only.
  const name = shortName(left) === shortName(running) ? ({ arn }: Revision) => arn : shortName;
  return {
    message: `cannot roll back ${subjectName(ref)} from ${name(left)}: the service runs ${name(running)}`,
    advice: [
      `see how the service is: ${ecspressoCommand(ref, "status")}`,
      `to go back from what runs: ${repeatableCommand(ref, running, running)}`,
    ],
  };
}
