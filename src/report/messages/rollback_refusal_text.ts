import { type Revision, type RevisionName, shortName } from "../../model/arn.ts";
import type { ServiceRef } from "../../model/service.ts";
import { registerCommand, startAnewCommand, untagServiceCommand, updateServiceCommand } from "./typed_commands.ts";
import { WAITS_KEY } from "../../model/waits.ts";
import type { Refusal, RollbackReason } from "../../rollout/plan/refusal.ts";
import type { Named } from "./cases.ts";
import type { NoChoiceReason } from "../../rollout/read/chosen_revision.ts";
import type { RevisionChoice } from "../../rollout/read/revision_choice.ts";
import { formatMoment } from "./log.ts";
import { shortenImage } from "./image_text.ts";
import {
  commandTo,
  deployCommand,
  nameFrom,
  repeatableCommand,
  rollBackCommand,
  rollBackToCommand,
  withoutProof,
} from "./own_commands.ts";
import { describeDoubt, describeMisfit, describeNoChoice, optionsFor, remedyFor } from "./reason_text.ts";
import { becauseOf, describeListedRevisions, type ExplainedRefusal, type RefusalTexts } from "./phrases.ts";

export const ROLLBACK: RefusalTexts<RollbackReason["code"]> = {
  noneChosen: ({ ref, choice, reason, carried }) => [
    `to ${nameChoice(choice)}`,
    reason === undefined ? "it is not known" : describeNoChoice(reason),
    ...adviseOnNone(ref, choice, reason, carried),
  ],
  notRegistered: describeNotRegistered,
  targetNotActive: ({ target, status }) => [
    `to revision ${target.revision}`,
    `${shortName(target)} is ${status} (deregistered), so ECS cannot start it`,
    "to roll back to a copy of it, add --reregister",
  ],
  sameImages: ({ ref, target, running, images, isRestorable, carried }) => [
    `to ${shortName(target)}`,
    `this would start the image that runs now (${shortName(running)}), and ` +
    (isRestorable ? "only the service's settings differ" : "nothing else differs"),
    ...(images.some(({ ran, starts }) => ran !== undefined && ran !== starts)
      ? [`to start what ran with ${shortName(target)}, leave out --pin never`]
      : []),
    ...(isRestorable ? [restoreSettings(ref, running, target, carried)] : []),
    seeRevisions(ref),
    `to start new tasks of what runs now: ${startAnewCommand(ref)}`,
  ],
  onlyByDigest: ({ target }) => [
    "to the previous revision",
    `the service has it already (${shortName(target)}), with other images; by its tags, nothing would change`,
    "to start the images that ran before, leave out --pin never",
  ],
  targetFailed: ({ ref, choice, target, running, deployment: { name, reason }, isRestorable, carried }) => [
    `to revision ${target.revision}`,
    `the service is there already and its deployment ${name} FAILED${becauseOf(reason)}`,
    ...(isRestorable ? [restoreSettings(ref, running, target, carried)] : []),
    choice === "previous" ? seeRevisions(ref) : goBack(ref, carried),
    `or start ${shortName(target)} once more:`,
    startAnewCommand(ref),
  ],
  cannotRollBackTo: (refusal) => {
    const { target, misfits } = refusal;
    const why = misfits.map(describeMisfit).join("; ");
    return [
      `to revision ${target.revision}`,
      `${shortName(target)} does not fit the service: ${why}`,
      ...adviseOnMisfits(refusal),
    ];
  },
  unproven: ({ ref, choice, target, running, doubt, carried }) => {
    const name = shortName(target);
    const advice = [seeRevisions(ref), `to roll back to ${name} anyway, add --allow-unproven`];
    if (choice === "previous") {
      return [
        "to the previous revision",
        `nothing shows that a revision has run before ${shortName(running)}`,
        ...advice,
      ];
    }
    return [
      `to ${name}`,
      `nothing shows that the family ${target.family} has run in this service, which runs ` +
      `${shortName(running)} (${doubt && describeDoubt(doubt)})`,
      goBack(ref, carried),
      ...advice,
    ];
  },
  justRolledBack: ({ ref, target, running, isProven, carried }) => {
    const why = isProven
      ? `the service was rolled back to ${shortName(running)} less than an hour ago`
      : `the service may have been rolled back to ${shortName(running)} already: a higher revision is registered`;
    const further = isProven
      ? rollBackCommand(ref, `--revision ${nameFrom(running, target)}`, carried)
      : commandTo("chooseRevision", ref);
    return [
      "to the previous revision",
      why,
      `to go back further, name the number: ${further}`,
      "if the command may run twice, name the revision to leave: " +
      rollBackCommand(ref, "--revision previous --from N", carried),
    ];
  },
  waitsRecordUnreadable: ({ arn, keys }) => [
    "",
    `the tags ${WAITS_KEY}... on the service are not whole, or not this program's: --fast would not restore what they mean`,
    "to go back as slowly as the service's settings say, leave out --fast",
    `to remove them: ${untagServiceCommand(arn, keys)}`,
  ],
  waitsRecordUnread: () => [
    "",
    "AWS does not show the service's tags, where a rollback --fast may have left what is to be restored, " +
    "and --fast would not restore that",
    "to go back as slowly as the service's settings say, leave out --fast",
  ],
  runsAnother: ({ ref, running, left, carried }) => {
    // With the same family and number, only the ARNs differ: by account or region.
    const name = shortName(left) === shortName(running) ? ({ arn }: Revision) => arn : shortName;
    return [
      `from ${name(left)}`,
      `the service runs ${name(running)}`,
      `see what runs now: ${commandTo("look", ref)}`,
      `to go back from what runs: ${repeatableCommand(ref, { from: running, to: running }, withoutProof(carried))}`,
    ];
  },
};

function goBack(ref: ServiceRef, carried: Carried): string {
  return `to roll back to what ran before: ${rollBackCommand(ref, "--revision previous", withoutProof(carried))}`;
}

function seeRevisions(ref: ServiceRef): string {
  return `see what was deployed, and choose a number: ${commandTo("chooseRevision", ref)}`;
}

/** How to go back if the deploy has changed the service's settings, too. */
function restoreSettings(ref: ServiceRef, running: Revision, target: RevisionName, carried: Carried): string {
  const where = `--revision ${nameFrom(running, target)}`;
  const command = rollBackCommand(ref, where, { ...carried, restore: "service" });
  return `to go back to the settings that the service had then: ${command}`;
}

/** What the user asked for, in words: there is no such revision. */
function nameChoice(choice: RevisionChoice): string {
  switch (choice.kind) {
    case "named":
      return choice.arn ?? shortName(choice);
    case "known":
      return shortName(choice);
    case "at":
      return `what served at ${formatMoment(choice.atMs)}`;
    case "imageTag":
      return `the image tag ${choice.tag}`;
    case "deployment":
      return `the deployment ${choice.id}`;
    default:
      return `the ${choice.kind} revision`;
  }
}

function adviseOnNone(
  ref: ServiceRef,
  choice: RevisionChoice,
  reason: NoChoiceReason | undefined,
  carried: Carried,
): string[] {
  switch (reason?.code) {
    case "recordNotRead":
      return [
        "allow ecs:ListServiceDeployments, ecs:DescribeServiceDeployments and ecs:DescribeServiceRevisions, or name the " +
        `number: ${rollBackCommand(ref, "--revision N", withoutProof(carried))}`,
        seeRevisions(ref),
      ];
    case "wayBackFailed":
      return [seeRevisions(ref), `or start ${shortName(reason.running)} once more:`, startAnewCommand(ref)];
    case "severalImages":
      return reason.found.map(({ target, images, atMs, arn }) =>
        `to ${shortName(target)} of ${formatMoment(atMs)}, ${images.map(shortenImage).join(", ")}: ` +
        rollBackToCommand(ref, arn, carried)
      );
    case "noSuchImageTag": {
      const command = reason.failed && rollBackCommand(ref, `--revision ${shortName(reason.failed)}`, carried);
      return [...(command === undefined ? [] : [`to roll back to that anyway: ${command}`]), seeRevisions(ref)];
    }
    default:
      return [...(choice.kind === "previous" ? [] : [goBack(ref, carried)]), seeRevisions(ref)];
  }
}

function describeNotRegistered({ ref, choice, target, running, newest }: Of<"notRegistered">): ExplainedRefusal {
  const to = `to revision ${target.revision}`;
  const suggestion = choice === "previous" ? "" : " (try --revision previous)";
  const notRegistered = `${shortName(target)} is not registered${suggestion}`;
  if (newest === undefined) return [to, notRegistered];
  const [highest] = newest.numbers;
  if (highest === undefined) {
    return [
      to,
      `the family ${target.family} has no registered revision`,
      `register one first: ${registerCommand(ref)}`,
    ];
  }
  const runningNumber = target.family === running.family ? running.revision : undefined;
  return [
    to,
    target.revision > highest
      ? `the newest registered revision is ${target.family}:${highest}${suggestion}`
      : notRegistered,
    `the newest registered revisions: ${describeListedRevisions(newest, runningNumber)}`,
  ];
}

function adviseOnMisfits(
  { ref, target, running, isActive, misfits, isRestorable, carried }: Of<"cannotRollBackTo">,
): string[] {
  if (isRestorable) return [restoreSettings(ref, running, target, carried)];
  const remedy = remedyFor(misfits);
  if (remedy === undefined) return ["a rollback changes the task definition only: choose a revision that fits"];
  const deploy = isActive ? deployCommand(ref, target) : commandTo("deploy", ref);
  const options = isActive ? optionsFor(misfits) : undefined;
  return [
    `a rollback changes the task definition only; to change the service with it, set ${remedy} in the service ` +
    `definition, then${isActive ? "" : ", with the old task definition in its file"}: ${deploy}`,
    ...(options === undefined
      ? []
      : [`or without the files: ${updateServiceCommand(ref, "taskDefinition", shortName(target))} ${options}`]),
  ];
}

type Carried = Refusal["carried"];
type Of<Code extends Refusal["code"]> = Named<Refusal, "code", Code>;
