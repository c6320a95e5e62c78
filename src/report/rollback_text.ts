import { shortName } from "../model/arn.ts";
import { awsCli, describeAlarmsCommand, ecspressoCommand, quoteArgument } from "../model/typed_commands.ts";
import type { Json } from "../model/json.ts";
import type { ServiceRef } from "../model/service.ts";
import type { RollbackCheck, RollbackOnFailureEvent } from "../rollout/events.ts";
import type { RollbackEvent } from "../rollout/assess.ts";
import type { Cases } from "./cases.ts";
import { describeFailure } from "./failure_text.ts";
import { describeLeftover } from "./run_notice_text.ts";
import { type Line, linesOf } from "./log.ts";
import { follow, look } from "./next_steps.ts";
import { describeReason, describeStaying } from "./outcome_text.ts";
import { isWhole } from "./ending.ts";
import type { ServiceState } from "./state.ts";

/** What becomes of a deploy that has failed. */
export const ROLLBACK_EVENTS: Cases<RollbackOnFailureEvent, "kind", Line[], [service: ServiceState]> = {
  alarmsTriggered: ({ names }, { ref }) =>
    linesOf(
      "warn",
      `ended by the alarm${names.length === 1 ? "" : "s"} ${names.join(", ")}; to see why: ${
        describeAlarmsCommand(ref, names)
      }`,
    ),
  rollbackDecided: describeDecision,
  rollbackVerified: describeCheck,
  rollbackUnfinished: describeUnfinished,
  deregisteredFailed({ leftover, taskDefinition }, { ref }) {
    if (leftover === undefined) return linesOf("info", `Task definition is deregistered: ${taskDefinition.arn}`);
    const { problem, command } = describeLeftover(leftover, ref);
    return linesOf("error", `${problem}; still to do: ${command}`);
  },
};

/** What has happened, by its name in CodeDeploy. */
const TRIGGERS: Readonly<Record<RollbackEvent, string>> = {
  DEPLOYMENT_FAILURE: "this deploy failed",
  DEPLOYMENT_STOP_ON_ALARM: "an alarm failed this deploy",
  DEPLOYMENT_STOP_ON_REQUEST: "somebody stopped this deploy",
};

function describeDecision({ trigger, unless, named }: Of<"rollbackDecided">, service: ServiceState): Line[] {
  if (unless === undefined) return linesOf("warn", `${trigger}: rolling the deploy back`);
  const why = {
    noEvent: "",
    interrupted: "the run was interrupted",
    nothingBefore: "there was no service before this deploy",
    notNamed: `${trigger && TRIGGERS[trigger]} (${trigger}), and --rollback-events names only ${named.join(", ")}`,
  }[unless];
  const level = unless === "nothingBefore" ? "error" : "warn";
  const outcome = service.main?.outcome;
  return [
    ...(why === "" ? [] : linesOf(level, `NOT rolled back: ${why}`)),
    ...(outcome === undefined ? [] : describeStaying(outcome, service)),
  ];
}

type Of<Kind extends RollbackOnFailureEvent["kind"]> = Extract<RollbackOnFailureEvent, { kind: Kind }>;

/** That the deploy is rolled back is said only of what was read to be so. */
function describeCheck({ check }: Of<"rollbackVerified">, service: ServiceState): Line[] {
  const { to, failedBefore, unrestored, unknown, reason } = check;
  const name = shortName(to);
  const where = failedBefore === undefined
    ? `the service runs ${name}`
    : `deployment ${failedBefore} to ${name}, which had failed before, is in place`;
  const failed = `The deploy failed${describeCause(service)}.`;
  if (isWhole(check)) {
    const what = failedBefore === undefined ? "Rolled back: " : "The service's attributes are restored; ";
    return linesOf("error", `${failed} ${what}${where}`);
  }
  const why = reason === undefined ? "" : ` (${reason})`;
  const but = [
    ...(unrestored.length > 0 ? [`not restored: ${unrestored.map(({ name }) => name).join(", ")}`] : []),
    ...(unknown.length > 0 ? [`not known whether restored: ${unknown.join(", ")}${why}`] : []),
  ];
  return linesOf(
    "error",
    `${failed} Now ${where} again; ${but.join("; ")}`,
    ...unrestored.map((member) => restoreMember(member, service.ref)),
    ...(unknown.length > 0 ? [`compare: ${ecspressoCommand(service.ref, "diff")}`] : []),
  );
}

/** The command that restores a member of the service, or why there is none. */
function restoreMember({ name, before }: RollbackCheck["unrestored"][number], ref: ServiceRef): string {
  return before === undefined
    ? `${name} was not there before, and no update removes it: change it by hand`
    : `to restore it: ${awsCli(ref)} ecs update-service --cluster ${quoteArgument(ref.cluster)} --service ${
      quoteArgument(ref.service)
    } ${optionOf(name, before)}`;
}

/** The AWS CLI names its options after the members of the API. */
function optionOf(name: string, value: Json): string {
  const option = name.replaceAll(/([a-z])ECS(?=[A-Z])/g, "$1-ecs")
    .replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  if (typeof value === "boolean") return value ? `--${option}` : `--no-${option}`;
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  const forced = name === "capacityProviderStrategy" ? " --force-new-deployment" : "";
  return `--${option} ${quoteArgument(text)}${forced}`;
}

function describeUnfinished(
  { to, ordered, failure, isInterrupted }: Of<"rollbackUnfinished">,
  service: ServiceState,
): Line[] {
  const { purpose, command } = ordered === "yes" ? follow(service.ref) : look(service.ref);
  // A call that the stop has cut off is no failure of AWS's.
  const why = failure === undefined
    ? []
    : isInterrupted
    ? linesOf("warn", "Interrupted during the rollback")
    : linesOf("error", ...describeFailure(failure, service.ref.region));
  const rest = {
    no: "and could not be rolled back to",
    yes: "and ECS is still rolling back to",
    unknown: "and ECS may be rolling back to",
  };
  return [
    ...why,
    ...linesOf(
      "error",
      `The deploy failed${describeCause(service)}, ${rest[ordered]} ${shortName(to)}`,
      `${purpose}: ${command}`,
    ),
  ];
}

/** Why the deploy failed, in brackets. */
function describeCause({ main }: ServiceState): string {
  const outcome = main?.outcome;
  if (outcome?.kind === "timedOut") return " (it timed out while its tasks kept crashing)";
  return outcome?.kind === "failed" || outcome?.kind === "rolledBackByEcs"
    ? ` (${describeReason(outcome.reason)})`
    : "";
}
