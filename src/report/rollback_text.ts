import { type Revision, shortName } from "../model/arn.ts";
import { awsCli, describeAlarmsCommand, ecspressoCommand, quoteArgument } from "../model/typed_commands.ts";
import type { Json } from "../model/json.ts";
import type { ServiceRef } from "../model/service.ts";
import type { Ordered, RollbackCheck, RollbackOnFailureEvent } from "../rollout/events.ts";
import { describeFailure } from "./failure_text.ts";
import { describeLeftover } from "./run_notice_text.ts";
import type { Line } from "./log.ts";
import { follow, look } from "./next_steps.ts";
import { describeReason, describeStaying } from "./outcome_text.ts";
import { isWhole } from "./ending.ts";
import type { ServiceState } from "./state.ts";

/** Puts into words what becomes of a deploy that has failed. */
export function describeRollbackEvent(event: RollbackOnFailureEvent, service: ServiceState): Line[] {
  switch (event.kind) {
    case "alarmsTriggered": {
      const which = event.names.length === 1 ? "the alarm" : "the alarms";
      const command = describeAlarmsCommand(service.ref, event.names);
      return [["warn", `ended by ${which} ${event.names.join(", ")}; to see why: ${command}`]];
    }
    case "rollbackDecided":
      return describeDecision(event, service);
    case "rollbackVerified":
      return describeCheck(event.check, service);
    case "rollbackUnfinished":
      return describeUnfinished(event, service);
    case "deregisteredFailed": {
      if (event.leftover === undefined) {
        return [["info", `Task definition is deregistered: ${event.taskDefinition.arn}`]];
      }
      const { problem, command } = describeLeftover(event.leftover, service.ref);
      return [["error", `${problem}; still to do: ${command}`]];
    }
  }
}

function describeDecision(
  { trigger, unless }: Extract<RollbackOnFailureEvent, { kind: "rollbackDecided" }>,
  service: ServiceState,
): Line[] {
  const outcome = service.main?.outcome;
  const staying = outcome === undefined ? [] : describeStaying(outcome, service);
  switch (unless) {
    case undefined:
      return [["warn", `${trigger}: taking the deploy back`]];
    case "noEvent":
      return staying;
    case "interrupted":
      return [["warn", "Interrupted: the deploy is not taken back"], ...staying];
    case "nothingBefore":
      return [
        ["error", `${trigger}: there was no service before this deploy, so there is nothing to go back to`],
        ...staying,
      ];
    case "notNamed":
      return [
        ["warn", `${trigger} is none of the events of --rollback-events: the deploy is not taken back`],
        ...staying,
      ];
  }
}

/** That the deploy is rolled back is said only of what was read to be so. */
function describeCheck(check: RollbackCheck, service: ServiceState): Line[] {
  const { to, failedBefore, unrestored, unknown, reason } = check;
  const name = shortName(to);
  const where = failedBefore === undefined
    ? `the service runs ${name}`
    : `deployment ${failedBefore} to ${name}, which had failed before, is in place`;
  const failed = `The deploy failed${describeCause(service)}.`;
  if (isWhole(check)) {
    const what = failedBefore === undefined ? "It has been taken back: " : "The service's attributes are restored; ";
    return [["error", `${failed} ${what}${where}`]];
  }
  const why = reason === undefined ? "" : ` (${reason})`;
  const but = [
    ...(unrestored.length > 0 ? [`not restored: ${unrestored.map(({ name }) => name).join(", ")}`] : []),
    ...(unknown.length > 0 ? [`not known whether restored: ${unknown.join(", ")}${why}`] : []),
  ];
  return [
    ["error", `${failed} Now ${where} again; ${but.join("; ")}`],
    ...unrestored.map((member): Line => ["error", restoreMember(member, service.ref)]),
    ...(unknown.length > 0 ? [["error", `compare: ${ecspressoCommand(service.ref, "diff")}`] as const] : []),
  ];
}

/** The command that restores a member of the service, or why there is none. */
export function restoreMember({ name, before }: RollbackCheck["unrestored"][number], ref: ServiceRef): string {
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
  { to, ordered, failure, isInterrupted }: Extract<RollbackOnFailureEvent, { kind: "rollbackUnfinished" }>,
  service: ServiceState,
): Line[] {
  const { purpose, command } = ordered === "yes" ? follow(service.ref) : look(service.ref);
  return [
    ...(failure === undefined
      ? []
      // A call that the stop has cut off is no failure of AWS's.
      : isInterrupted
      ? [["warn", "Interrupted while the deploy was being taken back"] as const]
      : describeFailure(failure, service.ref.region).map((line): Line => ["error", line])),
    ["error", `The deploy failed${describeCause(service)}, ${unfinished(ordered, to)}`],
    ["error", `${purpose}: ${command}`],
  ];
}

/** What is said of a rollback that nobody has seen at its end. */
function unfinished(ordered: Ordered, to: Revision): string {
  const what = {
    no: "and it could not be taken back to",
    yes: "and ECS is still taking it back to",
    unknown: "and it is not known whether it is taken back to",
  };
  return `${what[ordered]} ${shortName(to)}`;
}

/** Why the deploy failed, in brackets. */
function describeCause({ main }: ServiceState): string {
  const outcome = main?.outcome;
  if (outcome?.kind === "timedOut") return " (it timed out while its tasks kept stopping)";
  return outcome?.kind === "failed" || outcome?.kind === "rolledBackByEcs"
    ? ` (${describeReason(outcome.reason)})`
    : "";
}
