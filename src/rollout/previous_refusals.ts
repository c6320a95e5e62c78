import { type Revision, shortName } from "../ecs/arn.ts";
import { ecspressoCommand } from "../ecs/ecspresso_cli.ts";
import { type ServiceRef, subjectName } from "../ecs/service.ts";
import type { Chosen } from "./revision_choice.ts";
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

export function unprovenPrevious(
  ref: ServiceRef,
  running: Revision,
  { family, revision }: ChosenRevision,
): Refusal {
  return {
    message:
      `cannot roll back ${subjectName(ref)} to the previous revision: nothing shows that a revision has run before ` +
      shortName(running),
    advice: [
      `see what was deployed, and name the number: ${ecspressoCommand(ref, LIST)}`,
      `to go to ${shortName({ family, revision })} all the same, add --allow-unproven`,
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
  return {
    message: `cannot roll back ${subjectName(ref)} from ${shortName(left)}: the service runs ${shortName(running)}`,
    advice: [
      `see how the service is: ${ecspressoCommand(ref, "status")}`,
      `to go back from what runs: ${repeatableCommand(ref, running, running)}`,
    ],
  };
}
