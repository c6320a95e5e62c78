import { type Revision, shortName } from "../../model/arn.ts";
import { type Hold, HOLD_KEY, type LastRollback } from "../../model/service_notes.ts";
import type { ServiceRef } from "../../model/service.ts";
import type { CarriedOptions } from "../../rollout/plan/options.ts";
import type { Plan } from "../../rollout/plan/plan.ts";
import type { Refusal } from "../../rollout/plan/refusal.ts";
import type { ListedRevisions } from "../../rollout/read/chosen_revision.ts";
import type { Cases } from "./cases.ts";
import { formatLocalTime } from "./log.ts";
import { commandTo, nameFrom, rollBackCommand } from "./own_commands.ts";

/** What cannot be done to which service, and why; then advice, one line each, with commands to paste into a shell. */
export type RefusalLines = readonly [message: string, ...advice: readonly string[]];

/** `to` follows `cannot roll back myservice/default`: `to revision 3`, or empty; then why, and what to do instead. */
export type ExplainedRefusal = readonly [to: string, why: string, ...advice: readonly string[]];

export type RefusalTexts<Code extends Refusal["code"]> = Pick<Cases<Refusal, "code", ExplainedRefusal>, Code>;

/** `: tasks failed to start`; empty if AWS gives no reason. */
export function becauseOf(reason: string | undefined): string {
  return reason === undefined ? "" : `: ${reason}`;
}

/** What is left to a person to do. `when`: a clause, where it cannot be done at once. */
export function stillToDo(what: string, when?: string): string {
  return `still to do${when === undefined ? "" : `, ${when}`}: ${what}`;
}

/** What to do after somebody else has deployed: ask them first, then see in a dry run what a rollback would do. */
export function adviseAfterOthers(
  ref: ServiceRef,
  running: Pick<Revision, "family" | "revision">,
  to: Revision,
  carried?: CarriedOptions,
): string[] {
  const there = `--revision ${nameFrom(running, to)} --from ${nameFrom(to, running)}`;
  return [
    `see what was deployed, and ask who did it: ${commandTo("seeHistory", ref)}`,
    "if it is a rollback, there is nothing to do",
    `if ${shortName(running)} is bad, see what a rollback from it would do: ` +
    `${rollBackCommand(ref, there, carried)} --dry-run`,
  ];
}

/** `7 (not deployed in 90 days), 6 (running), 5 (SUCCESSFUL)` */
export function describeListedRevisions({ numbers, deployed }: ListedRevisions, running: number | undefined): string {
  const listed = numbers.map((number) => {
    if (number === running) return `${number} (running)`;
    return deployed === undefined ? String(number) : `${number} (${deployed[number] ?? "not deployed in 90 days"})`;
  }).join(", ");
  return deployed === undefined ? `${listed}; which of them were deployed may not be read` : listed;
}

/** ` (did you mean web or api?)`; empty if there is no similar name. */
export function describeNearest(names: readonly string[]): string {
  if (names.length === 0) return "";
  return ` (did you mean ${[...names.slice(0, -2), names.slice(-2).join(" or ")].join(", ")}?)`;
}

/** Who holds a service, until when and why, as a clause: `alice holds it until 2023/01/01 14:10:00 (bad release)`. */
export function describeHold(hold: Hold): string {
  if (hold.untilMs === undefined) return `its tag ${HOLD_KEY} holds it, with a value that is not this program's`;
  return `${hold.by} holds it until ${formatLocalTime(hold.untilMs)}${inBrackets(hold.reason)}`;
}

export function describeLastRollback({ by, atMs, from, to, reason }: LastRollback): string {
  return `${by} rolled it back from ${from} to ${to} at ${formatLocalTime(atMs)}${inBrackets(reason)}`;
}

export function inBrackets(reason: string | undefined): string {
  return reason === undefined ? "" : ` (${reason})`;
}

/** `, or until 3 of its tasks have failed and none is healthy`: what ends the wait besides the time limit. */
export function renderFailAfter(failAfter: Plan["failAfter"] = 0): string {
  if (failAfter === 0) return "";
  const howMany = failAfter === "breaker"
    ? "as many of its tasks have failed as trip the circuit breaker"
    : failAfter === 1
    ? "1 of its tasks has failed"
    : `${failAfter} of its tasks have failed`;
  return `, or until ${howMany} and none is healthy`;
}

/** What made ECS give a deployment up. */
export const TRIGGERS = { circuitBreaker: "circuit breaker", alarm: "alarm" } as const;
