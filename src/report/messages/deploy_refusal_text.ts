import { type Revision, shortName } from "../../model/arn.ts";
import type { AutomaticRollbackReason, DeployReason, ScaleReason } from "../../rollout/plan/refusal.ts";
import { shortImage } from "./image_text.ts";
import { commandTo, nameFrom, rollBackCommand } from "./own_commands.ts";
import { becauseOf, describeHold, describeNearest, type RefusalTexts } from "./phrases.ts";
import { describeMisfit, describeNoChoice, remedyFor } from "./reason_text.ts";

/** Why a deploy is refused. */
export const DEPLOY: RefusalTexts<DeployReason["code"]> = {
  held: ({ ref, hold }) => [
    "",
    describeHold(hold),
    `to deploy anyway, add --override-hold; to end the hold: ${commandTo("releaseHold", ref)}`,
  ],
  daemonHasNoCount: () => [
    "with a number of tasks",
    "a DAEMON service runs one task on each container instance",
    "leave out --tasks",
  ],
  launchTypeAndProviders: () => [
    "",
    "the service definition has both a launchType and a capacityProviderStrategy, and ECS takes only one",
    "remove one of them from the service definition",
  ],
  taskSetMembers: ({ names }) => [
    "",
    `with the deployment controller EXTERNAL, task sets have ${names.join(", ")}, and not the service`,
    "remove that from the service definition: the system that deploys the service gives it to each task set",
  ],
  noTaskDefinition: ({ ref, reason }) => [
    "",
    describeNoChoice(reason),
    `to list the revisions: ${commandTo("listRevisions", ref)}`,
  ],
  noServiceDefinition: ({ nearest = [] }) => [
    "",
    `there is no such service${describeNearest(nearest)}, and the config names no service definition to create it from`,
    "add service_definition: FILE to the config, or check its cluster, service and region",
  ],
  alreadyFailed: ({ ref, running, deployment: { name, reason } }) => [
    "",
    `${shortName(running)} is deployed already, and its deployment ${name} has FAILED${becauseOf(reason)}`,
    `to go back: ${commandTo("goBack", ref)}`,
    "to try the same once more, add --force-new-deployment",
  ],
  cannotDeploy: ({ what, misfits }) => {
    const remedy = remedyFor(misfits);
    const rest = remedy === undefined ? "" : `, or set ${remedy} in the service definition`;
    return [
      "",
      `${nameDeployed(what)} does not fit the service: ${misfits.map(describeMisfit).join("; ")}`,
      `choose a task definition that fits${rest}`,
    ];
  },
};

function nameDeployed(what: Revision | "file" | "running"): string {
  if (what === "file") return "the task definition file";
  return what === "running" ? "the task definition that runs" : shortName(what);
}

/** Why the number of tasks, or the limits of auto scaling, cannot be set, and what to do instead. */
export const SCALE: RefusalTexts<ScaleReason["code"]> = {
  noScalableTarget: () => [
    "",
    "auto scaling does not look after it, so there are no limits to set",
    "set the number of tasks alone: --tasks NUMBER",
  ],
  limitsCross: ({ min, max }) => [
    "",
    `the least of auto scaling would be ${min}, and the most ${max}`,
    "give --auto-scaling-min and --auto-scaling-max that go together",
  ],
  beyondLimits: ({ tasks, min, max }) => {
    const [than, limit, option] = tasks > max ? ["more", max, "max"] : ["fewer", min, "min"];
    return [
      `to ${tasks}`,
      `that is ${than} than auto scaling allows (${min} to ${max}), which would set it to ${limit} again`,
      `change its limit, too: --auto-scaling-${option} ${tasks}; or have it leave the number alone: --suspend-auto-scaling`,
    ];
  },
};

/** Why a failed deploy is not rolled back. */
export const AUTOMATIC_ROLLBACK: RefusalTexts<AutomaticRollbackReason["code"]> = {
  ecsWentFurtherBack: ({ running, from }) => [
    `to ${shortName(from)}`,
    `it was never completed, and ECS went back to ${shortName(running)} by itself, which stays`,
  ],
  deployedOver: ({ running }) => ["", `somebody deployed ${shortName(running)} meanwhile, which stays`],
  nothingChanged: ({ ref, running }) => [
    "",
    `the deploy changed nothing to roll back; the service ran ${shortName(running)} before it, too`,
    `to go further back: ${commandTo("goBack", ref)}`,
  ],
  ranImageGone: ({ ref, running, from, images }) => [
    `to what ran with ${shortName(from)}`,
    "its image is no longer in Amazon ECR " +
    `(${images.map(({ container, image, ran }) => `${container}: ${shortImage(image)}, ${ran}`).join("; ")})`,
    // With the same task definition, the tag names the image that has just failed.
    ...(running.arn === from.arn ? [] : [
      "to start what the tag names today, which is NOT what ran: " +
      rollBackCommand(ref, `--revision ${nameFrom(running, from)}`, { pin: "never" }),
    ]),
    `see what else ran, and go back to that by --deployment: ${commandTo("seeHistory", ref)}`,
  ],
};
