import { type Revision, shortName } from "../../model/arn.ts";
import { asTagText, type Hold, HOLD_KEY, type LastRollback } from "../../model/service_notes.ts";
import type { ServiceRef } from "../../model/service.ts";
import { ecspressoCommand, writeOption } from "../../model/typed_commands.ts";
import type { CarriedOptions, HowToRollBack } from "../../rollout/plan/options.ts";
import type { Plan, Repetition } from "../../rollout/plan/plan.ts";
import type { Refusal } from "../../rollout/plan/refusal.ts";
import type { ListedRevisions } from "../../rollout/read/revision_choice.ts";
import type { Cases } from "./cases.ts";
import { formatDuration, formatLocalTime } from "./log.ts";

/** What cannot be done to which service, and why; then advice, one line each, with commands to paste into a shell. */
export type RefusalLines = readonly [message: string, ...advice: readonly string[]];

/** `to` follows `cannot roll back myservice/default`: `to revision 3`, or empty; then why, and what to do instead. */
export type ExplainedRefusal = readonly [to: string, why: string, ...advice: readonly string[]];

export type RefusalTexts<Code extends Refusal["code"]> = Pick<Cases<Refusal, "code", ExplainedRefusal>, Code>;

/** `: tasks failed to start`; empty if AWS gives no reason. */
export function becauseOf(reason: string | undefined): string {
  return reason === undefined ? "" : `: ${reason}`;
}

/** Names a revision for the command line: `5`, or `web:5` if the service runs another family. */
export function nameFrom(running: Pick<Revision, "family">, named: Pick<Revision, "family" | "revision">): string {
  return named.family === running.family ? String(named.revision) : shortName(named);
}

/** A rollback command that is safe to repeat: it names its target, or the revision that it is to leave. */
export function repeatableCommand(ref: ServiceRef, { from, to, names }: Repetition, carried?: CarriedOptions): string {
  if (names !== undefined && names !== "number") return rollBackToCommand(ref, names, carried);
  const target = names === "number" ? nameFrom(from, to) : `previous --from ${nameFrom(to, from)}`;
  return rollBackCommand(ref, `--revision ${target}`, carried);
}

/** A rollback command with the options of the one that was given. `where`: such as `--revision 3`. */
export function rollBackCommand(ref: ServiceRef, where: string, carried: CarriedOptions | undefined): string {
  return ecspressoCommand(ref, `rollback ${where}${renderCarried(carried)}`);
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
    `see what was deployed, and ask who did it: ${ecspressoCommand(ref, "history")}`,
    "if it is a rollback, there is nothing to do",
    `if ${shortName(running)} is bad, see what a rollback from it would do: ` +
    `${rollBackCommand(ref, there, carried)} --dry-run`,
  ];
}

/** The command that goes one release further back if the service is back already; `undefined` if there is none. */
export function furtherBackCommand({ reason, subject, carried }: Plan): string | undefined {
  if (reason?.code !== "isBack" || reason.further === undefined) return undefined;
  return rollBackCommand(subject, `--revision ${nameFrom(reason.target, reason.further)}`, carried);
}

/** @param deployment ARN of the service deployment; the command has only its ID */
export function rollBackToCommand(ref: ServiceRef, deployment: string, carried?: CarriedOptions): string {
  return rollBackCommand(ref, `--deployment ${deployment.split("/").at(-1)}`, carried);
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

/** How each option is typed; an option that is off is left out. */
const TYPED: { readonly [Name in keyof HowToRollBack]-?: (value: NonNullable<HowToRollBack[Name]>) => string } = {
  pin: (policy) => `--pin ${policy}`,
  restore: (policy) => `--restore ${policy}`,
  preflight: (limit) => `--preflight ${limit === "off" ? limit : `${limit / 1000}s`}`,
  failAfter: (limit) => limit === "breaker" ? "" : `--fail-after ${limit}`,
  reregister: (isGiven) => isGiven ? "--reregister" : "",
  allowUnproven: (isGiven) => isGiven ? "--allow-unproven" : "",
  deregister: (isGiven) => isGiven ? "--deregister" : "",
  wait: (isGiven) => isGiven ? "" : "--no-wait",
  fast: (isGiven) => isGiven ? "--fast" : "",
  suspendAutoScaling: (isGiven) => isGiven ? "--suspend-auto-scaling" : "",
  resumeAutoScaling: (isGiven) => isGiven ? "--resume-auto-scaling" : "",
  bake: (ms) => `--bake ${formatDuration(ms)}`,
  alarm: (names) => names.map((name) => writeOption(["--alarm", name])).join(" "),
  givenTimeoutMs: (ms) => `--timeout ${ms / 1000}s`,
};

/** ` --pin never --deregister`: the options of the given rollback that a suggested one keeps. */
function renderCarried(given: CarriedOptions = {}): string {
  return Object.keys(TYPED)
    .map((name) => name as keyof HowToRollBack)
    .filter((name) => given[name] !== undefined)
    .map((name) => TYPED[name](given[name] as never))
    .filter((typed) => typed !== "")
    .map((typed) => ` ${typed}`).join("");
}

/** The same options for a rollback to another target, which nobody has allowed to be unproven. */
export function withoutProof(given: CarriedOptions | undefined): CarriedOptions {
  return { ...given, allowUnproven: false };
}

/** The command that holds a service for that long; of the reason, only the characters that a tag allows. */
export function holdCommand(ref: ServiceRef, forMs: number, reason = ""): string {
  const text = asTagText(reason);
  return ecspressoCommand(ref, `hold --for ${formatDuration(forMs)}${text === "" ? "" : ` --reason '${text}'`}`);
}

/** Who holds a service, until when and why, as a clause: `alice holds it until 2023/01/01 14:10:00 (bad release)`. */
export function describeHold(hold: Hold): string {
  if (hold.untilMs === undefined) return `its tag ${HOLD_KEY} holds it, with a value that is not this program's`;
  return `${hold.by} holds it until ${formatLocalTime(hold.untilMs)}${inBrackets(hold.reason)}`;
}

export function describeLastRollback({ by, atMs, from, to, reason }: LastRollback): string {
  return `${by} rolled it back from ${from} to ${to} at ${formatLocalTime(atMs)}${inBrackets(reason)}`;
}

function inBrackets(reason: string | undefined): string {
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
