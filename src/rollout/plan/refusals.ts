import { type Revision, shortName } from "../../model/arn.ts";
import { awsCli } from "../../model/aws_cli.ts";
import { ecspressoCommand } from "../../model/ecspresso_cli.ts";
import { type Deployment, type ServiceRef, type ServiceSnapshot, subjectName } from "../../model/service.ts";
import type { TaskDefinition } from "../../model/task_definition.ts";
import { renderListedRevisions } from "../read/listed_revisions.ts";
import type { Intent, Refusal } from "./plan.ts";
import type { Situation } from "../read/read_situation.ts";

export type { Refusal };

/** The reasons not to do it, each in the words for the person who asked, with the way out of it. */

/** What the user wants: a plan's intent, or just to look. */
type Wish = Intent | "status";

const VERBS: Readonly<Record<Wish, string>> = {
  deploy: "deploy",
  rollback: "roll back",
  wait: "wait for",
  status: "show",
};

/** `cannot roll back myservice/default` */
export function cannot(intent: Wish, ref: ServiceRef): string {
  return `cannot ${VERBS[intent]} ${subjectName(ref)}`;
}

export function serviceMissing(intent: Wish, ref: ServiceRef): Refusal {
  return {
    message: `${cannot(intent, ref)}: there is no such service in the cluster`,
    advice: [
      "check cluster, service and region of the config; the services there are:",
      `${awsCli(ref)} ecs list-services --cluster ${ref.cluster}`,
    ],
  };
}

export function serviceNotActive(intent: Intent, ref: ServiceRef, { status }: ServiceSnapshot): Refusal {
  const isBeing = status === "DRAINING";
  return {
    message: `${cannot(intent, ref)}: the service is ${status} (${isBeing ? "it is being" : "it has been"} deleted)`,
    advice: [
      "a deleted service cannot be brought back; to create it again from the definitions" +
      `${isBeing ? ", once it is INACTIVE" : ""}: ${ecspressoCommand(ref, "deploy")}`,
    ],
  };
}

export function waitForTaskSets(ref: ServiceRef, { deploymentController }: ServiceSnapshot): Refusal {
  return {
    message: `${cannot("wait", ref)}: it has no deployment (its deployment controller is ${deploymentController})`,
    advice: [
      `its task sets belong to the system that deploys it: ask there, or see them by: ${
        ecspressoCommand(ref, "status")
      }`,
    ],
  };
}

export function deployTaskSets(ref: ServiceRef, { deploymentController }: ServiceSnapshot): Refusal {
  return {
    message: `${cannot("deploy", ref)}: its deployment controller is ${deploymentController}, so ECS takes no task ` +
      "definition for the service itself",
    advice: ["its task sets belong to the system that deploys it: deploy there"],
  };
}

/** A service that ECS deploys has a PRIMARY deployment; an answer without one says nothing of what the service runs. */
export function noDeployment(intent: Intent, ref: ServiceRef): Refusal {
  return {
    message: `${cannot(intent, ref)}: ECS shows no deployment of it`,
    advice: [`look at the service, then run the command again: ${ecspressoCommand(ref, "status")}`],
  };
}

/** AWS: "The daemon scheduling strategy does not support a desired count for services." */
export function daemonHasNoCount(ref: ServiceRef): Refusal {
  return {
    message: `${
      cannot("deploy", ref)
    } with a number of tasks: a DAEMON service runs one task on each container instance`,
    advice: ["leave out --tasks"],
  };
}

/** API reference, CreateService: "If a launchType is specified, the capacityProviderStrategy parameter must be omitted." */
export function createWithBoth(ref: ServiceRef): Refusal {
  return {
    message: `${
      cannot("deploy", ref)
    }: the service definition has a launchType and a capacityProviderStrategy, and ECS creates a service with one of them`,
    advice: ["remove the one that is not meant from the service definition"],
  };
}

/** API reference, CreateService: for EXTERNAL "only parameters that aren't controlled at the task set level". */
export function createWithTaskSetMembers(ref: ServiceRef, names: readonly string[]): Refusal {
  return {
    message:
      `${cannot("deploy", ref)}: with the deployment controller EXTERNAL a service is created without what its ` +
      `task sets have, and the service definition has ${names.join(", ")}`,
    advice: ["take that out of the service definition: the system that deploys the service gives it to each task set"],
  };
}

export function nothingToShip(ref: ServiceRef, reason: string): Refusal {
  return {
    message: `${cannot("deploy", ref)}: ${reason}`,
    advice: [`see what there is: ${ecspressoCommand(ref, "revisions")}`],
  };
}

export function nothingToCreate(ref: ServiceRef): Refusal {
  return {
    message: `${cannot("deploy", ref)}: there is no such service, and no service definition to create it by`,
    advice: ["name one in the config (service_definition: FILE), or check cluster, service and region"],
  };
}

/** ECS starts no deployment where nothing differs, so that what has failed would just stay. */
export function deployedFailed(ref: ServiceRef, running: Revision, { id, rolloutStateReason }: Deployment): Refusal {
  const reason = rolloutStateReason === undefined ? "" : `: ${rolloutStateReason}`;
  return {
    message: `${cannot("deploy", ref)}: ${shortName(running)} is deployed already, and its deployment ${id} has ` +
      `FAILED${reason}`,
    advice: [
      `to go back: ${ecspressoCommand(ref, "rollback --revision previous")}`,
      "to try the same once more, add --force-new-deployment",
    ],
  };
}

/** ECS goes back to what was completed last; a deploy may have replaced a deployment that was not. */
export function turnedBackFurther(ref: ServiceRef, running: Revision, from: Revision): Refusal {
  return {
    message:
      `${cannot("rollback", ref)} to ${shortName(from)}, which was not completed before the deploy: ECS has gone ` +
      `back by itself to ${shortName(running)}, which is left alone`,
    advice: [],
  };
}

/** Somebody's deployment has come between a deploy's failure and its being taken back. */
export function deployedOver(ref: ServiceRef, running: Revision): Refusal {
  return {
    message: `${cannot("rollback", ref)}: somebody has deployed ${shortName(running)} meanwhile, which is left alone`,
    advice: [],
  };
}

/** The deploy has only started a deployment of what was there. */
export function nothingToTakeBack(ref: ServiceRef, running: Revision): Refusal {
  return {
    message: `${cannot("rollback", ref)}: the deploy has changed nothing that could be taken back, the service ran ` +
      `${shortName(running)} before it`,
    advice: [`to go further back: ${ecspressoCommand(ref, "rollback --revision previous")}`],
  };
}

export function otherController(ref: ServiceRef, { deploymentController }: ServiceSnapshot): Refusal {
  return {
    message:
      `cannot roll back ${subjectName(ref)}: its deployment controller is ${deploymentController}, so ECS takes ` +
      `no task definition for the service itself`,
    advice: [
      "its task sets belong to the system that deploys it: roll back there, or make an earlier task set primary:",
      `${
        awsCli(ref)
      } ecs update-service-primary-task-set --cluster ${ref.cluster} --service ${ref.service} --primary-task-set ID`,
    ],
  };
}

export function noneChosen({ ref, choice }: Situation, reason: string | undefined): Refusal {
  const what = choice.kind === "named" ? choice.name : `${choice.kind} revision`;
  return {
    message: `${cannot("rollback", ref)} to ${choice.kind === "named" ? what : `the ${what}`}: ${
      reason ?? "it is not known"
    }`,
    advice: [
      ...(choice.kind === "previous"
        ? []
        : [`to go back to what ran before: ${ecspressoCommand(ref, "rollback --revision previous")}`]),
      `see what was deployed, and name the number: ${ecspressoCommand(ref, "revisions --output table")}`,
    ],
  };
}

export function notRegistered(
  { ref, choice, newestRevisions }: Situation,
  target: Pick<Revision, "family" | "revision">,
  running: Revision,
): Refusal {
  const message = `cannot roll back ${subjectName(ref)} to revision ${target.revision}: `;
  const suggestion = choice.kind === "previous" ? "" : " (try --revision previous)";
  if (newestRevisions === undefined) {
    return { message: `${message}${shortName(target)} is not registered${suggestion}`, advice: [] };
  }
  const [newest] = newestRevisions.numbers;
  if (newest === undefined) {
    return {
      message: `${message}the family ${target.family} has no registered revision`,
      advice: [`register one first: ${awsCli(ref)} ecs register-task-definition --cli-input-json file://FILE`],
    };
  }
  const runningNumber = target.family === running.family ? running.revision : undefined;
  return {
    message: target.revision > newest
      ? `${message}the newest registered revision is ${target.family}:${newest}${suggestion}`
      : `${message}${shortName(target)} is not registered${suggestion}`,
    advice: [`the newest registered revisions: ${renderListedRevisions(newestRevisions, runningNumber)}`],
  };
}

export function targetNotActive(ref: ServiceRef, target: TaskDefinition): Refusal {
  return {
    message: `cannot roll back ${subjectName(ref)} to revision ${target.revision}: ${shortName(target)} is ` +
      `${target.status} (deregistered), and ECS starts nothing with it`,
    advice: ["to register a copy of it and roll back to that, add --reregister"],
  };
}

export interface FailedDeployment {
  /** Its id or ARN. */
  readonly name: string;
  readonly reason: string | undefined;
}

export function targetFailed(
  { ref, choice }: Situation,
  target: TaskDefinition,
  { name, reason }: FailedDeployment,
): Refusal {
  return {
    message:
      `cannot roll back ${subjectName(ref)} to revision ${target.revision}: the service is there already and its ` +
      `deployment ${name} FAILED${reason === undefined ? "" : `: ${reason}`}`,
    advice: [
      choice.kind === "previous"
        ? `see what was deployed, and name the number: ${ecspressoCommand(ref, "revisions --output table")}`
        : `to go back to what ran before: ${ecspressoCommand(ref, "rollback --revision previous")}`,
      "or try this one once more (the same task definition starts no deployment by itself):",
      `${awsCli(ref)} ecs update-service --cluster ${ref.cluster} --service ${ref.service} --force-new-deployment`,
    ],
  };
}
