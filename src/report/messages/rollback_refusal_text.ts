import { type Revision, shortName } from "../../model/arn.ts";
import { awsCli, ecspressoCommand } from "../../model/typed_commands.ts";
import type { ServiceRef } from "../../model/service.ts";
import type { AutomaticRollbackReason, Refusal, RollbackReason } from "../../rollout/plan/refusal.ts";
import type { Named } from "../cases.ts";
import { describeMisfit, optionsFor, remedyFor } from "./misfit_text.ts";
import { describeDoubt, describeNoChoice } from "./reason_text.ts";
import { becauseOf, describeListedRevisions, nameFrom, type RefusalTexts, repeatableCommand } from "./phrases.ts";

export const ROLLBACK: RefusalTexts<RollbackReason["code"]> = {
  noneChosen: ({ ref, choice, reason }) => {
    const what = choice.kind === "named" ? choice.name : `the ${choice.kind} revision`;
    return {
      why: ` to ${what}: ${reason === undefined ? "it is not known" : describeNoChoice(reason)}`,
      advice: [...(choice.kind === "previous" ? [] : [goBack(ref)]), seeRevisions(ref)],
    };
  },
  notRegistered: describeNotRegistered,
  targetNotActive: ({ target, status }) => ({
    why: ` to revision ${target.revision}: ${shortName(target)} is ${status} (deregistered), and ECS starts nothing ` +
      "with it",
    advice: ["to register a copy of it and roll back to that, add --reregister"],
  }),
  targetFailed: ({ ref, choice, target, deployment }) => ({
    why: ` to revision ${target.revision}: the service is there already and its deployment ${deployment.name} FAILED${
      becauseOf(deployment)
    }`,
    advice: [
      choice === "previous" ? seeRevisions(ref) : goBack(ref),
      "or try this one once more (the same task definition starts no deployment by itself):",
      `${updateService(ref)} --force-new-deployment`,
    ],
  }),
  cannotRollBackTo: (refusal) => ({
    why: ` to revision ${refusal.target.revision}: ${shortName(refusal.target)} does not fit the service: ${
      refusal.misfits.map(describeMisfit).join("; ")
    }`,
    advice: adviseOnMisfits(refusal),
  }),
  unproven: ({ ref, choice, target, running, doubt }) => {
    const name = shortName(target);
    const advice = [seeRevisions(ref), `to go to ${name} all the same, add --allow-unproven`];
    if (choice === "previous") {
      return {
        why: ` to the previous revision: nothing shows that a revision has run before ${shortName(running)}`,
        advice,
      };
    }
    const why = ` to ${name}: nothing shows that the family ${target.family} has run in this service, which runs ` +
      `${shortName(running)} (${doubt && describeDoubt(doubt)})`;
    return { why, advice: [goBack(ref), ...advice] };
  },
  justRolledBack: ({ ref, target, running, isProven }) => {
    const further = isProven ? `rollback --revision ${nameFrom(running, target)}` : LIST;
    return {
      why: ` to the previous revision: the service ${isProven ? "was" : "may have been"} rolled back to ${
        shortName(running)
      } less than an hour ago`,
      advice: [
        `to go back further, name the number: ${ecspressoCommand(ref, further)}`,
        "where the command may run twice, say what to roll back from: " +
        ecspressoCommand(ref, "rollback --revision previous --from N"),
      ],
    };
  },
  runsAnother: ({ ref, running, left }) => {
    // Another account or region shows in the whole ARN only.
    const name = shortName(left) === shortName(running) ? ({ arn }: Revision) => arn : shortName;
    return {
      why: ` from ${name(left)}: the service runs ${name(running)}`,
      advice: [
        `see how the service is: ${ecspressoCommand(ref, "status")}`,
        `to go back from what runs: ${repeatableCommand(ref, { from: running, to: running })}`,
      ],
    };
  },
};

export const AUTOMATIC_ROLLBACK: RefusalTexts<AutomaticRollbackReason["code"]> = {
  ecsWentFurtherBack: ({ running, from }) => ({
    why: ` to ${shortName(from)}, which was not completed before the deploy: ECS has gone back by itself to ${
      shortName(running)
    }, which is left alone`,
    advice: [],
  }),
  deployedOver: ({ running }) => ({
    why: `: somebody has deployed ${shortName(running)} meanwhile, which is left alone`,
    advice: [],
  }),
  nothingChanged: ({ ref, running }) => ({
    why: `: the deploy changed nothing that could be rolled back, the service ran ${shortName(running)} before it, too`,
    advice: [`to go further back: ${ecspressoCommand(ref, "rollback --revision previous")}`],
  }),
};

const LIST = "revisions --output table";

function goBack(ref: ServiceRef): string {
  return `to go back to what ran before: ${ecspressoCommand(ref, "rollback --revision previous")}`;
}

function seeRevisions(ref: ServiceRef): string {
  return `see what was deployed, and name the number: ${ecspressoCommand(ref, LIST)}`;
}

function updateService(ref: ServiceRef): string {
  return `${awsCli(ref)} ecs update-service --cluster ${ref.cluster} --service ${ref.service}`;
}

function describeNotRegistered({ ref, choice, target, running, newest }: Of<"notRegistered">) {
  const to = ` to revision ${target.revision}: `;
  const suggestion = choice === "previous" ? "" : " (try --revision previous)";
  const notRegistered = `${to}${shortName(target)} is not registered${suggestion}`;
  if (newest === undefined) return { why: notRegistered, advice: [] };
  const [highest] = newest.numbers;
  if (highest === undefined) {
    return {
      why: `${to}the family ${target.family} has no registered revision`,
      advice: [`register one first: ${awsCli(ref)} ecs register-task-definition --cli-input-json file://FILE`],
    };
  }
  const runningNumber = target.family === running.family ? running.revision : undefined;
  return {
    why: target.revision > highest
      ? `${to}the newest registered revision is ${target.family}:${highest}${suggestion}`
      : notRegistered,
    advice: [`the newest registered revisions: ${describeListedRevisions(newest, runningNumber)}`],
  };
}

function adviseOnMisfits({ ref, target, isActive, misfits }: Of<"cannotRollBackTo">): string[] {
  const remedy = remedyFor(misfits);
  if (remedy === undefined) return ["a rollback changes the task definition only: choose a revision that fits"];
  const deploy = ecspressoCommand(ref, isActive ? `deploy --revision ${target.revision}` : "deploy");
  const options = isActive ? optionsFor(misfits) : undefined;
  return [
    `a rollback changes the task definition only; to change the service with it, set ${remedy} in the service ` +
    `definition, then${isActive ? "" : ", with the old task definition in its file"}: ${deploy}`,
    ...(options === undefined
      ? []
      : [`or without the files: ${updateService(ref)} --task-definition ${shortName(target)} ${options}`]),
  ];
}

type Of<Code extends Refusal["code"]> = Named<Refusal, "code", Code>;
