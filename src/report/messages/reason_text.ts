import { type Revision, shortName } from "../../model/arn.ts";
import type { AttachmentMisfit, Misfit } from "../../model/misfit.ts";
import type { ChoiceReason, Doubt, NoChoiceReason } from "../../rollout/read/chosen_revision.ts";
import { byCode, type Cases } from "./cases.ts";
import { formatDuration, formatMoment, isoTime } from "./log.ts";
import { describeCost } from "./aws_failure_text.ts";
import { shortenImage } from "./image_text.ts";
import type { SkipReason } from "../../rollout/read/find_release.ts";

/** Why a revision was chosen if the user named none: a clause. */
export const describeChoice = byCode<ChoiceReason, string>({
  // How the service got, or is getting, to what it runs.
  ecsWentBack: ({ failed, target }) =>
    failed === undefined
      ? `ECS rolled back to it from a deployment that failed${beforeIt(target)}`
      : `the deployment of ${shortName(failed)} has failed${beforeIt(target)}`,
  turnedBack: ({ failed, isOnceMore, target }) =>
    `the newest deployment, of ${shortName(failed)}${isOnceMore ? " once more" : ""}, was rolled back` +
    beforeIt(target),
  rolledBack: ({ failed, target }) =>
    `the deployment of ${shortName(failed)} did not succeed and was rolled back${beforeIt(target)}`,
  goingBack: ({ from, target }) =>
    `the service is on its way back from ${shortName(from)} to ${shortName(target)}${beforeIt(target)}`,
  isBack: ({ target, from, atMs }) => `${describeBack({ from, atMs })}: ${shortName(target)} stays`,
  ranBeforeRecord: ({ target }) => `${shortName(target)} ran before the oldest deployment that ECS has on record`,
  deployedBefore: ({ target, running, atMs }) => {
    const when = target.arn === running.arn ? "with other images before" : `before ${shortName(running)}`;
    return `${shortName(target)} was deployed successfully ${when}, at ${isoTime(atMs)}`;
  },
  beingReplaced: ({ target }) => `${shortName(target)} is what the deployment in progress replaces`,
  nextLower: ({ nothingBefore, revision }) =>
    `${nothingBefore === undefined ? "" : `${describeNothingBefore(nothingBefore)}: `}${revision} is the next lower ` +
    "registered revision",
  hasCopy: ({ copy, of }) =>
    `${shortName(copy)} is a copy of ${shortName(of)} with the images that ran, ` +
    "which an earlier rollback has registered",
  runsCopy: ({ copy, of }) => `${shortName(copy)}, which the service runs, is a copy of ${shortName(of)}`,
  servedLong: ({ target, minServedMs, servedMs }) =>
    `${shortName(target)} served for ${formatDuration(servedMs)} without a break: ` +
    `the newest that ran before and served for ${formatDuration(minServedMs)} or longer`,
  servedAt: ({ target, fromMs, untilMs }) =>
    `${shortName(target)} served then: from ${formatMoment(fromMs)} ` +
    (untilMs === undefined ? "until now" : `to ${formatMoment(untilMs)}`),
  hasImageTag: ({ target, images, atMs }) =>
    `${shortName(target)} is the newest that was deployed successfully with ` +
    `${images.map(shortenImage).join(", ")}, at ${formatMoment(atMs)}`,
  ofDeployment: ({ target, status, atMs }) =>
    `the deployment is of ${shortName(target)}: ${status} at ${formatMoment(atMs)}`,
  newestOfFamily: () => "it is the newest one",
  fileSaysTheSame: () => "the file says the same, so nothing is registered",
});

/** Says that a service was rolled back before, so that it stays as it is. */
export function describeBack({ from, atMs }: { readonly from: Revision; readonly atMs: number }): string {
  return `back already since ${formatMoment(atMs)} (from ${shortName(from)})`;
}

function beforeIt(target: Revision): string {
  return `: ${shortName(target)} ran before it. To go further back, give the number`;
}

function describeNothingBefore(from: Revision): string {
  return `ECS knows of no successful deployment before ${shortName(from)}`;
}

/** Why there is no revision to roll back to, or to deploy: a clause. */
export const describeNoChoice = byCode<NoChoiceReason, string>({
  noLower: ({ doubt, from }) =>
    `${doubt === undefined ? describeNothingBefore(from) : describeDoubt(doubt)}, and no lower revision is registered`,
  foreignAccount: ({ running }) =>
    `it belongs to another account or region than the service, which runs ${running.arn}`,
  foreignFamily: ({ family, running }) =>
    `nothing shows that the family ${family} has run in this service, which runs ${shortName(running)}`,
  noTaskDefinition: ({ name }) => `there is no task definition ${name}`,
  taskDefinitionNotActive: ({ name, status }) => `${name} is ${status} (deregistered)`,
  nothingRuns: () => "there is no service yet that runs one",
  recordNotRead: ({ denial }) => describeCost(denial, "only ECS's record of deployments shows it"),
  wayBackFailed: ({ running, from, atMs }) =>
    `it was rolled back to ${shortName(running)} already (from ${shortName(from)}), ` +
    `and that deployment failed at ${formatMoment(atMs)}`,
  noneServedLong: ({ minServedMs, running }) =>
    `nothing on record that ran before ${shortName(running)} served for ${formatDuration(minServedMs)} or longer`,
  beforeRecord: ({ sinceMs }) =>
    sinceMs === undefined
      ? "ECS has no completed deployment on record"
      : `ECS's record says only what has served since ${formatMoment(sinceMs)}`,
  noSuchImageTag: ({ failed }) =>
    failed === undefined
      ? "no deployment on record has an image with it"
      : `the deployment of ${shortName(failed)} has it, and was not completed`,
  severalImages: ({ found }) => `${found.length} images were deployed with it`,
  noSuchDeployment: () => "ECS has no such deployment of the service on record",
});

export const DOUBTS: Cases<Doubt, "code", string> = {
  deploymentsNotRead: ({ denial }) => describeCost(denial, "which deployments succeeded is not known"),
  copyNotRead: ({ denial, revision }) => describeCost(denial, `whether ${shortName(revision)} is a copy is not known`),
  earliestNotRead: ({ denial }) => describeCost(denial, "what ran before the deployments on record is not known"),
  mayNeverHaveRun: ({ revision }) => `${shortName(revision)} may never have run: look at what changes`,
  servedBriefly: ({ revision, servedMs, stable }) =>
    `${shortName(revision)} served for only ${formatDuration(servedMs)}, so it may be bad, too. ` +
    `${shortName(stable)} served for longer (--revision stable)`,
  failedBefore: ({ revision, atMs }) =>
    `a rollback to ${shortName(revision)} failed at ${formatMoment(atMs)}, and ECS turned it back: ` +
    "this tries once more",
  notCompleted: ({ revision, status }) =>
    `that deployment of ${shortName(revision)} was not completed (${status}): it may fail again`,
};

/** Why a choice may be a bad one: one line. */
export const describeDoubt = byCode<Doubt, string>(DOUBTS);

/** Why a task definition does not fit a service: a clause. */
export function describeMisfit(misfit: Misfit): string {
  return explainMisfit(misfit).what;
}

/**
 * What to write in the service definition so that all misfits are gone.
 *
 * @returns `undefined` if one of them is something that no update of the service can change
 */
export function remedyFor(misfits: readonly Misfit[]): string | undefined {
  const remedies = misfits.map((misfit) => explainMisfit(misfit).remedy);
  return remedies.includes(undefined) ? undefined : [...new Set(remedies)].join(" and ");
}

const explainMisfit = byCode<Misfit, { readonly what: string; readonly remedy?: string }>({
  launchType: ({ launchType, fitFor }) => ({
    what: `the service runs on ${launchType}, the task definition is for ${fitFor.join(", ")}`,
  }),
  operatingSystem: ({ platformFamily, operatingSystem }) => ({
    what: `the service's tasks run on ${platformFamily}, the task definition is for ${operatingSystem}`,
  }),
  networkMode: ({ networkMode }) => ({
    what: `the service has an awsvpc network configuration, the task definition's network mode is ${networkMode}`,
  }),
  noNetworkConfiguration: () => ({
    what: "the task definition's network mode is awsvpc, the service has no network configuration for it",
    remedy: "its networkConfiguration",
  }),
  noSuchContainer: describeAttachment,
  noSuchPort: describeAttachment,
  surplusVolumes: ({ names, launchVolumes }) => ({
    what: `the service configures the volume ${names.join(", ")}, which the task definition does not have as ` +
      "configuredAtLaunch",
    remedy: launchVolumes.length === 0
      ? '"volumeConfigurations": []'
      : `volumeConfigurations of ${launchVolumes.join(", ")} only`,
  }),
  missingVolumes: ({ names, launchVolumes }) => ({
    what: `the task definition takes the volume ${names.join(", ")} from the service (configuredAtLaunch), ` +
      "which does not configure it",
    remedy: `volumeConfigurations of ${launchVolumes.join(", ")}`,
  }),
  portName: ({ usedBy, portName, portNames }) => ({
    what:
      `${
        PORT_USERS[usedBy]
      } of the service uses the port name ${portName}, which no port mapping of the task definition has ` +
      `(it has ${listed(portNames)})`,
    remedy: (usedBy === "serviceConnect"
      ? '"serviceConnectConfiguration": {"enabled": false}'
      : '"vpcLatticeConfigurations": []') + ", or names that the task definition has",
  }),
});

const PORT_USERS = { serviceConnect: "Service Connect", vpcLattice: "VPC Lattice" } as const;

const ATTACHMENTS = {
  loadBalancer: ["load balancer", "loadBalancers"],
  serviceRegistry: ["service registry", "serviceRegistries"],
} as const;

function describeAttachment(misfit: AttachmentMisfit) {
  const { kind, name = "without a name" } = misfit.attachment;
  const [noun, member] = ATTACHMENTS[kind];
  return {
    what: `the ${noun} ${name} ${describeAttachmentMisfit(misfit)}`,
    remedy: `${member} whose containers and ports the task definition has`,
  };
}

/** Why the load balancer or the service registry does not fit: a clause that follows its name. */
export function describeAttachmentMisfit({ code, attachment, has }: AttachmentMisfit): string {
  const { containerName, containerPort } = attachment;
  return code === "noSuchContainer"
    ? `sends to container ${containerName}, which the task definition does not have (it has ${listed(has)})`
    : `sends to port ${containerPort} of container ${containerName}, which the task definition does not map ` +
      `(it maps ${listed(has)})`;
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.join(", ");
}

/**
 * The options of `aws ecs update-service` that remove all misfits.
 *
 * @returns `undefined` if options are not enough
 */
export function optionsFor(misfits: readonly Misfit[]): string | undefined {
  // Developer guide, "Configure a service to no longer utilize Amazon EBS volumes".
  const isVolumeLeft = ({ code, ...misfit }: Misfit) =>
    code === "surplusVolumes" && "launchVolumes" in misfit && misfit.launchVolumes.length === 0;
  return misfits.every(isVolumeLeft) ? "--volume-configurations '[]'" : undefined;
}

/** Why a rollback with a condition does nothing: one sentence. */
export const describeSkip = byCode<SkipReason, string>({
  deployedEarlier: ({ running, beganAtMs, withinMs }) =>
    `${shortName(running)} was deployed more than ${formatDuration(withinMs)} ago, at ${formatMoment(beganAtMs)}.`,
  overtaken: ({ running, deployment }) =>
    `Deployment ${deployment} of ${shortName(running)} began meanwhile: that is not what was to be left.`,
  goesBackAlready: ({ running, from, state }) => {
    const way = `${from === undefined ? "" : ` from ${shortName(from)}`} to ${shortName(running)}`;
    return {
      underWay: `The service is going back${way} already.`,
      done: `The service was rolled back${way} already.`,
      failed: `The service could not go back${way}: that deployment failed.`,
    }[state];
  },
});
