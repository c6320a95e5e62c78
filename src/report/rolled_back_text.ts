import { shortName } from "../model/arn.ts";
import { type DefinitionChange, settingOf } from "../model/definition_change.ts";
import type { ServiceRef } from "../model/service.ts";
import { updateServiceCommand } from "./messages/typed_commands.ts";
import type { RollbackCheck, UnrestoredMember } from "../rollout/events.ts";
import { endsWell } from "../model/outcome_kinds.ts";
import { isWhole } from "./ending.ts";
import { describeFailure } from "./failure_text.ts";
import { countTasks, describeLive, lastSeen, nameOf } from "./live_now.ts";
import { formatDuration } from "./messages/log.ts";
import { type EndMessage, endMessageOf, sentencesOf } from "./messages/end_message.ts";
import { callInBrackets } from "./messages/aws_failure_text.ts";
import { commandTo } from "./messages/own_commands.ts";
import { wasDown } from "./outage.ts";
import { describeRefusal } from "./messages/refusal_text.ts";
import { describeFailed, describeOutcome } from "./outcome_text.ts";
import type { PlanState, RunState, ServiceState } from "./state.ts";

/** Why a service goes back. */
function describeWhy(main: PlanState, service: ServiceState): string {
  const isOfOther = service.undo !== undefined && (main.outcome === undefined || endsWell(main.outcome));
  return isOfOther ? "Another service failed." : describeFailed(main, service);
}

/** Says that a service is back, and which members are not restored, or may not be, by what was read. */
export function describeRolledBack(
  main: PlanState,
  check: RollbackCheck,
  service: ServiceState,
  state: RunState,
): EndMessage {
  const { to, failedBefore, unrestored, unknown, reason } = check;
  const copy = service.rollback?.registered;
  const name = copy === undefined ? shortName(to) : `${shortName(copy)}, a copy of ${shortName(to)},`;
  const primary = lastSeen(service).find((each) => each.status === "PRIMARY" && nameOf(each) === shortName(copy ?? to));
  const isOfOther = service.undo !== undefined;
  const tasks = primary === undefined ? "" : `${isOfOther ? "," : ":"} ${countTasks(primary)}`;
  const tookMs = service.beganAtMs === undefined || isOfOther
    ? 0
    : (service.endedAtMs ?? state.nowMs) - service.beganAtMs;
  const back = failedBefore === undefined
    ? `${name} is live${wasDown(service.outage) === false ? "" : " again"}${tasks}` +
      (tookMs < 1_000 ? "" : `, ${formatDuration(tookMs)} after the deploy began`)
    : `The service's attributes are restored; deployment ${failedBefore} to ${name}, which had failed before, is in place`;
  const isSame = failedBefore === undefined && !isOfOther;
  const whole = isSame ? "The service is as it was before." : "";
  const seen = isSame && wasDown(service.outage) === false ? "No outage was seen." : "";
  const but = [
    ...(unrestored.length > 0 ? [`NOT restored: ${unrestored.map(({ name }) => name).join(", ")}.`] : []),
    ...(unknown.length > 0 ? [`Not known whether restored: ${unknown.join(", ")}${callInBrackets(reason)}.`] : []),
  ];
  return {
    sentences: [
      describeWhy(main, service),
      isOfOther ? `Undone: ${back}.` : `${back}.`,
      seen,
      ...(but.length > 0 ? but : [whole]),
    ],
    more: isWhole(check) ? [] : [
      ...unrestored.map((member) => restoreMember(member, main.plan.changes, service.ref)),
      ...(unknown.length > 0 ? [`compare: ${commandTo("compare", service.ref)}`] : []),
    ],
  };
}

/**
 * The command that restores a member of the service, or why there is none.
 *
 * @param changes of the deploy: if these do not show what changes in the member, the command does not either
 */
function restoreMember(
  { name, before, hasFreeText }: UnrestoredMember,
  changes: readonly DefinitionChange[] = [],
  ref: ServiceRef,
): string {
  if (before === undefined) return `${name} was not there before, and no update removes it: change it by hand`;
  const isShown = ({ from, to }: DefinitionChange) => from !== undefined || to !== undefined;
  return !hasFreeText && changes.filter((change) => settingOf(change) === name).every(isShown)
    ? `to restore it: ${updateServiceCommand(ref, name, before)}`
    : `the earlier ${name} may be secret, so it is not shown: restore it from the service definition of that time`;
}

const UNFINISHED = {
  no: "NOT rolled back to",
  yes: "ECS is still rolling back to",
  unknown: "ECS may be rolling back to",
};
/** For the undo of a rollback, "rolling back" would be ambiguous. */
const UNDO_UNFINISHED = {
  no: "NOT undone: not back at",
  yes: "NOT undone: ECS is still going back to",
  unknown: "NOT undone: ECS may be going back to",
};

export function describeUnfinished(
  main: PlanState,
  { to, ordered, failure, isInterrupted }: NonNullable<ServiceState["unfinished"]>,
  service: ServiceState,
  state: RunState,
): EndMessage {
  const ended = service.rollback?.outcome;
  const end = failure !== undefined
    ? isInterrupted
      ? endMessageOf(["the run was interrupted"])
      : endMessageOf(describeFailure(failure, service.ref.region))
    : ended !== undefined
    ? describeOutcome(ended, service, state)
    : endMessageOf(service.refusal === undefined ? [] : describeRefusal(service.refusal));
  const { more, mentionsLive } = end;
  const [why = "", ...rest] = sentencesOf(end);
  const back = `${(service.undo === undefined ? UNFINISHED : UNDO_UNFINISHED)[ordered]} ${shortName(to)}`;
  return {
    sentences: [
      describeWhy(main, service),
      why === "" ? `${back}.` : `${back}: ${why}`,
      ...rest,
      ...(mentionsLive ? [] : [describeLive(service)]),
    ],
    ...(more && { more }),
  };
}
