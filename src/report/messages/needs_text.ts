import { TOO_SLOW } from "../../errors.ts";
import { type Revision, shortName } from "../../model/arn.ts";
import type { ServiceRef } from "../../model/service.ts";
import type { Verified, VerifiedReason } from "../../registry/verify_references.ts";
import type { CarriedOptions } from "../../rollout/plan/options.ts";
import type { PlannedImage } from "../../rollout/judge/planned_images.ts";
import type { PreflightReason } from "../../rollout/plan/refusal.ts";
import { byCode } from "./cases.ts";
import { shortImage } from "./image_text.ts";
import { commandTo, nameFrom, rollBackCommand, withoutProof } from "./own_commands.ts";
import { inBrackets, type RefusalTexts } from "./phrases.ts";
import { describeAttachmentMisfit } from "./reason_text.ts";
import { describeCall, findMissingPermission } from "./aws_failure_text.ts";

const KINDS: Readonly<Record<Verified["reference"]["kind"], string>> = {
  role: "role",
  image: "image",
  foreignImage: "image",
  secret: "secret",
  secretVersion: "secret version",
  secretKey: "secret key",
  logGroup: "log group",
  parameter: "parameter",
  file: "file",
  fileSystem: "file system",
  accessPoint: "access point",
  targetGroup: "target group",
  loadBalancer: "load balancer",
  serviceRegistry: "service registry",
  permission: "permission",
  key: "key",
  keyOf: "key of",
  subnet: "subnet",
  subnets: "subnets",
};

/** The kind and the name of something that a task needs: `secret db`. */
export function nameNeed(reference: Verified["reference"]): string {
  const { kind, name } = reference;
  if (kind === "permission") return `${KINDS[kind]} ${reference.action} on ${name}`;
  if (kind === "keyOf") return `${KINDS[kind]} ${KINDS[reference.of]} ${name}`;
  return `${KINDS[kind]} ${name || "without a name"}`;
}

/** Why a task cannot use something that it needs, or why that is not known: a clause. */
export const explainNeed = byCode<VerifiedReason, string>({
  foreignRegistry: () => "it is not in Amazon ECR",
  notPulledYet: () => "Amazon ECR does not have it now; a pull-through cache rule may fetch it",
  notAssumable: () => "its trust policy does not let ecs-tasks.amazonaws.com assume it",
  secretUnread: () => "no secret is read with --untrusted",
  secretNotJson: () => "the secret is not a JSON object",
  noSuchKey: () => "the secret's JSON has no such key",
  noSuchVersion: ({ stage }) => `no such version of the secret has the stage ${stage}`,
  versionWithoutStage: () => "no stage names this version, so Secrets Manager may delete it",
  notAvailable: ({ state }) => `its state is ${state}`,
  noMountTarget: () => "it has no mount target",
  ofOtherFileSystem: ({ fileSystem }) => `it belongs to ${fileSystem}`,
  notInThisAccount: () => "there is none in this account and region",
  wrongTargetType: ({ targetType }) => `its target type is ${targetType}, which tasks of this network mode do not fit`,
  notSimulated: () => "AWS IAM has not said",
  deniedByPolicy: () => "a policy denies it",
  notOfRole: () => "no policy of the execution role allows it; one of the resource itself may",
  dependsOnConditions: ({ keys }) => `it depends on ${keys.join(", ")}`,
  keyState: ({ state }) => `its state is ${state}`,
  freeAddresses: ({ free }) => `free addresses: ${free}`,
  fewAddresses: ({ free, tasks }) => `free addresses: ${free}; tasks that a rollout starts at once: ${tasks}`,
  noAnswer: ({ failure }) => describeCall(failure),
  noSuchContainer: (misfit) => `it ${describeAttachmentMisfit(misfit)}`,
  noSuchPort: (misfit) => `it ${describeAttachmentMisfit(misfit)}`,
});

/** Why tasks of a revision would not start, and what to do instead. */
export const PREFLIGHT: RefusalTexts<PreflightReason["code"]> = {
  wouldNotStart: ({ ref, intent, running, target, missing, images, passing, carried }) => {
    const what = [...images.map(describeGone), ...missing.map(describeMissing)].join("; ");
    const isDeploy = intent === "deploy";
    return [
      isDeploy ? "" : `to revision ${target.revision}`,
      `${isDeploy ? `tasks of ${shortName(target)}` : "its tasks"} would not start: ${what}`,
      adviseOlder(ref, running, passing, isDeploy ? undefined : carried),
      ...adviseOnTags(images),
      ...(images.some(isPinned)
        ? []
        : [`to ${isDeploy ? "deploy it" : "roll back to it"} anyway, add --preflight off`]),
    ];
  },
};

/** Names the older revision to roll back to instead; if none was looked for or found, how to choose one. */
export function adviseOlder(
  ref: ServiceRef,
  running: Revision,
  passing: Revision | "none" | undefined,
  carried: CarriedOptions | undefined,
): string {
  if (passing === undefined || passing === "none") {
    const none = passing === "none" ? "no older deployment on record has all it needs; " : "";
    return `${none}choose a revision: ${commandTo("chooseRevision", ref)}`;
  }
  const command = rollBackCommand(ref, `--revision ${nameFrom(running, passing)}`, withoutProof(carried));
  return `the newest older revision that has all it needs: ${command}`;
}

const isPinned = ({ pinnedTo }: PlannedImage) => pinnedTo !== undefined;

function adviseOnTags(images: readonly PlannedImage[]): string[] {
  if (images.some(isPinned)) return ["to start what the tag names today, which is NOT what ran, add --pin never"];
  const mayBePinned = images.some(({ image, ran, isConsistent }) =>
    isConsistent && ran !== undefined && !image.includes("@")
  );
  return mayBePinned ? ["to start what ran, by its digest, leave out --pin never"] : [];
}

function describeGone({ container, image, ran, pinnedTo }: PlannedImage): string {
  const name = shortImage(image);
  return pinnedTo === undefined
    ? `the image ${name} is no longer in Amazon ECR (${container})`
    : `the image that ran is no longer in Amazon ECR (${container}: ${name}, ${ran})`;
}

function describeMissing({ reference, state, reason }: Verified): string {
  const is = state === "missing" ? "is missing" : "cannot be used";
  return `the ${nameNeed(reference)} ${is}${inBrackets(reason && explainNeed(reason))}`;
}

/** What could not be checked, grouped by reason, on one line. */
export function describeUnreadNeeds(needs: readonly Verified[]): string {
  const byReason = Map.groupBy(needs, shortReason);
  return [...byReason].map(([why, some]) => `${some.map(nameShortly).join(", ")} (${why})`).join("; ");
}

function shortReason({ reason }: Verified): string {
  if (reason?.code !== "noAnswer") return reason === undefined ? "not known" : explainNeed(reason);
  const { code } = reason.failure;
  if (code === TOO_SLOW) return "no answer in time";
  const missing = findMissingPermission(reason.failure);
  return missing === undefined ? code : `not authorized to perform: ${missing.action}`;
}

/** The name of a need; an ARN without its account and region. */
function nameShortly({ reference }: Verified): string {
  const { kind, name } = reference;
  if (kind === "image" || kind === "foreignImage") return `image ${shortImage(name)}`;
  const short = name.replace(/^arn:[^:]+:[^:]*:[^:]*:[^:]*:(?:secret:|role\/|parameter(?=\/))?/, "");
  return nameNeed({ ...reference, name: short });
}
