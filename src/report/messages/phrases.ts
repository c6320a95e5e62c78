import { type Revision, shortName } from "../../model/arn.ts";
import { asTagText, type Hold, HOLD_KEY, type LastRollback } from "../../model/service_notes.ts";
import type { ServiceRef } from "../../model/service.ts";
import { ecspressoCommand, writeOption } from "../../model/typed_commands.ts";
import type { CarriedOptions, HowToRollBack } from "../../rollout/plan/options.ts";
import type { Plan, Repetition } from "../../rollout/plan/plan.ts";
import type { Refusal } from "../../rollout/plan/refusal.ts";
import type { ListedRevisions } from "../../rollout/read/revision_choice.ts";
import type { Cases } from "../cases.ts";
import { formatDuration, formatLocalTime } from "../log.ts";

/** What cannot be done, with what, and why; then what to do instead, a line each, with commands to paste into a shell. */
export type RefusalLines = readonly [message: string, ...advice: readonly string[]];

/** What follows `cannot roll back myservice/default`, such as `to revision 3`, or nothing; why; and what to do instead. */
export type ExplainedRefusal = readonly [to: string, why: string, ...advice: readonly string[]];

/** The texts of some of the codes. */
export type RefusalTexts<Code extends Refusal["code"]> = Pick<Cases<Refusal, "code", ExplainedRefusal>, Code>;

/** `: tasks failed to start`, as far as AWS gives a reason. */
export function becauseOf(reason: string | undefined): string {
  return reason === undefined ? "" : `: ${reason}`;
}

/** How one revision is named where another runs: `5`, or `web:5` where the number alone would be one of another family. */
export function nameFrom(running: Pick<Revision, "family">, named: Pick<Revision, "family" | "revision">): string {
  return named.family === running.family ? String(named.revision) : shortName(named);
}

/** The command that goes back from what runs now, or to one place, and nowhere else, however often it is given. */
export function repeatableCommand(ref: ServiceRef, { from, to, names }: Repetition, carried?: CarriedOptions): string {
  if (names !== undefined && names !== "number") return rollBackToCommand(ref, names, carried);
  const target = names === "number" ? nameFrom(from, to) : `previous --from ${nameFrom(to, from)}`;
  return rollBackCommand(ref, `--revision ${target}`, carried);
}

/** A rollback that is carried out as the one that was asked for. `where`: such as `--revision 3`. */
export function rollBackCommand(ref: ServiceRef, where: string, carried: CarriedOptions | undefined): string {
  return ecspressoCommand(ref, `rollback ${where}${renderCarried(carried)}`);
}

/** What is safe after somebody else has deployed: who and what comes first, and what goes back is shown before it is done. */
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

/** The command that goes further back from where a service is back already; `undefined` where there is nothing before. */
export function furtherBackCommand({ reason, subject, carried }: Plan): string | undefined {
  if (reason?.code !== "isBack" || reason.further === undefined) return undefined;
  return rollBackCommand(subject, `--revision ${nameFrom(reason.target, reason.further)}`, carried);
}

/** @param deployment its ARN, of which the last part is enough */
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

/** ` (did you mean web or api?)`; nothing where there is no such name. */
export function describeNearest(names: readonly string[]): string {
  if (names.length === 0) return "";
  return ` (did you mean ${[...names.slice(0, -2), names.slice(-2).join(" or ")].join(", ")}?)`;
}

/** How each option is typed; one that is not given, or is off, is not. */
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

/** ` --pin never --deregister`: what a suggested rollback has of the options of the one that was asked for. */
function renderCarried(given: CarriedOptions = {}): string {
  return Object.keys(TYPED)
    .map((name) => name as keyof HowToRollBack)
    .filter((name) => given[name] !== undefined)
    .map((name) => TYPED[name](given[name] as never))
    .filter((typed) => typed !== "")
    .map((typed) => ` ${typed}`).join("");
}

/** The same for a rollback to somewhere else: that such a thing may be unproven was not said of it. */
export function withoutProof(given: CarriedOptions | undefined): CarriedOptions {
  return { ...given, allowUnproven: false };
}

/** What has a service held for so long. Its reason is as the tag has it: nothing in that means something to a shell. */
export function holdCommand(ref: ServiceRef, forMs: number, reason = ""): string {
  const text = asTagText(reason);
  return ecspressoCommand(ref, `hold --for ${formatDuration(forMs)}${text === "" ? "" : ` --reason '${text}'`}`);
}

/** Who holds a service, until when and why, as a clause: `alice holds it until 2023/01/01 14:10:00 (bad release)`. */
export function describeHold(hold: Hold): string {
  if (hold.untilMs === undefined) return `its tag ${HOLD_KEY} holds it, with a value that is not this program's`;
  return `${hold.by} holds it until ${formatLocalTime(hold.untilMs)}${inBrackets(hold.reason)}`;
}

/** Who rolled a service back last, and why. */
export function describeLastRollback({ by, atMs, from, to, reason }: LastRollback): string {
  return `${by} rolled it back from ${from} to ${to} at ${formatLocalTime(atMs)}${inBrackets(reason)}`;
}

function inBrackets(reason: string | undefined): string {
  return reason === undefined ? "" : ` (${reason})`;
}

/** `, or until 3 of its tasks have failed and none is healthy`: what ends waiting, besides time. */
export function renderFailAfter(failAfter: Plan["failAfter"] = 0): string {
  if (failAfter === 0) return "";
  const howMany = failAfter === "breaker"
    ? "as many of its tasks have failed as trip the circuit breaker"
    : failAfter === 1
    ? "1 of its tasks has failed"
    : `${failAfter} of its tasks have failed`;
  return `, or until ${howMany} and none is healthy`;
}
