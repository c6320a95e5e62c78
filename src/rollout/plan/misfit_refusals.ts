import { shortName } from "../../model/arn.ts";
import { awsCli } from "../../model/aws_cli.ts";
import { ecspressoCommand } from "../../model/ecspresso_cli.ts";
import { type ServiceRef, subjectName } from "../../model/service.ts";
import type { TaskDefinition } from "../../model/task_definition.ts";
import type { Misfit } from "./fits_service.ts";
import type { Refusal } from "./plan.ts";
import type { Shipped } from "../read/read_deploy_situation.ts";
import { cannot } from "./refusals.ts";

/** Why a task definition does not go into a service, with what would make it fit. */

/** A rollback changes nothing but the task definition. A deploy of the same revision can change the service with it. */
export function cannotRollBackTo(ref: ServiceRef, target: TaskDefinition, misfits: readonly Misfit[]): Refusal {
  const message =
    `cannot roll back ${subjectName(ref)} to revision ${target.revision}: ${shortName(target)} does not ` +
    `fit the service: ${problemsOf(misfits)}`;
  const remedies = remediesOf(misfits);
  if (remedies === undefined) {
    return { message, advice: ["a rollback changes the task definition only: choose a revision that fits"] };
  }
  const isThere = target.status === "ACTIVE";
  const deploy = ecspressoCommand(ref, isThere ? `deploy --revision ${target.revision}` : "deploy");
  const options = misfits.map(({ option }) => option);
  const update = `${awsCli(ref)} ecs update-service --cluster ${ref.cluster} --service ${ref.service}`;
  return {
    message,
    advice: [
      `a rollback changes the task definition only; to change the service with it, set ${remedies} in the service ` +
      `definition, then${isThere ? "" : ", with the old task definition in its file"}: ${deploy}`,
      ...(isThere && !options.includes(undefined)
        ? [`or without the files: ${update} --task-definition ${shortName(target)} ${options.join(" ")}`]
        : []),
    ],
  };
}

export function cannotDeploy(ref: ServiceRef, shipped: Shipped, misfits: readonly Misfit[]): Refusal {
  const remedies = remediesOf(misfits);
  const what = shipped.kind === "registered"
    ? shortName(shipped.taskDefinition)
    : shipped.kind === "register"
    ? "the task definition file"
    : "the task definition that runs";
  return {
    message: `${cannot("deploy", ref)}: ${what} does not fit the service: ${problemsOf(misfits)}`,
    advice: [
      remedies === undefined
        ? "choose a task definition that fits"
        : `choose a task definition that fits, or set ${remedies} in the service definition`,
    ],
  };
}

function problemsOf(misfits: readonly Misfit[]): string {
  return misfits.map(({ problem }) => problem).join("; ");
}

/** `undefined` where there is something that no update of the service changes. */
function remediesOf(misfits: readonly Misfit[]): string | undefined {
  const remedies = misfits.map(({ remedy }) => remedy);
  return remedies.includes(undefined) ? undefined : [...new Set(remedies)].join(" and ");
}
