import { type Revision, shortName } from "../../model/arn.ts";
import type { ScalableTarget, SuspendedState } from "../../model/scalable_target.ts";
import type { ServiceRef, TypedOption } from "../../model/service.ts";
import { asTagText } from "../../model/service_notes.ts";
import { ecspressoCommand, quoteArgument, restoreScalingCommand, writeOption } from "./typed_commands.ts";
import type { RunEvent } from "../../rollout/events.ts";
import type { Bake } from "../../rollout/judge/judge_bake.ts";
import type { CarriedOptions, HowToRollBack } from "../../rollout/plan/options.ts";
import type { Plan, Repetition } from "../../rollout/plan/plan.ts";
import type { Named } from "./cases.ts";
import { formatDuration } from "./log.ts";

// The commands of this program that messages suggest. Here alone a purpose becomes a command.

/** The command for each purpose. */
const COMMANDS = {
  look: "status",
  seeHistory: "history",
  listRevisions: "revisions",
  chooseRevision: "revisions --output table",
  watch: "wait",
  goBack: "rollback --revision previous",
  goBackTo: "rollback --revision N",
  compare: "diff",
  deploy: "deploy",
  register: "register",
  deregister: "deregister",
  releaseHold: "hold --release",
  resumeScaling: "scale --resume-auto-scaling",
  writeFiles: "init",
};

/** A command with the options that name the service; `ref` may have those alone. */
export function commandTo(purpose: keyof typeof COMMANDS, ref: Pick<ServiceRef, "options">): string {
  return ecspressoCommand(ref, COMMANDS[purpose]);
}

export function namingConfig(command: string): string {
  return ecspressoCommand({ options: [["--config", "FILE"]] }, command);
}

/** The command as it was typed, with one more option. */
export function retyped(args: readonly string[], option: TypedOption): string {
  return ["ecspresso", ...args.map(quoteArgument), writeOption(option)].join(" ");
}

/** Names a revision for the command line: `5`, or `web:5` if the service runs another family. */
export function nameFrom(running: Pick<Revision, "family">, named: Pick<Revision, "family" | "revision">): string {
  return named.family === running.family ? String(named.revision) : shortName(named);
}

export function deployCommand(ref: ServiceRef, { revision }: Pick<Revision, "revision">): string {
  return ecspressoCommand(ref, `deploy --revision ${revision}`);
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

/** `ecspresso rollback --revision 2 --from 3`: refused if somebody has deployed meanwhile. */
export function leaveCommand(ref: ServiceRef, { from, to }: Record<"from" | "to", Revision>, restores = false): string {
  const where = `--revision ${nameFrom(from, to)} --from ${nameFrom(to, from)}`;
  return ecspressoCommand(ref, `rollback ${where}${restores ? " --restore service" : ""}`);
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

/** The bake that is suggested after a rollback without one. */
export const SUGGESTED_BAKE = { forMs: 300_000, named: [] };

export function watchCommand(ref: ServiceRef, bake: Parameters<typeof waitFor>[0]): string {
  return ecspressoCommand(ref, waitFor(bake));
}

/** `wait`, with the options of the bake if one was asked for. */
export function waitFor(step: Pick<Bake, "forMs" | "named"> | undefined): string {
  if (step === undefined) return "wait";
  const alarms = step.named.map((name) => ` ${writeOption(["--alarm", name])}`).join("");
  return `wait --bake ${formatDuration(step.forMs)}${alarms}`;
}

/** The command that carries a plan out; it can be repeated until all is done. */
export function planFileCommand(
  { path, options }: Pick<Named<RunEvent, "kind", "planFile">, "path" | "options">,
): string {
  return ecspressoCommand({ options }, `rollback ${writeOption(["--plan", path])}`);
}

/** The command that restores auto scaling: from the record, or, without one, by setting the flags. */
export function resumeCommand(ref: ServiceRef, target: ScalableTarget, to: SuspendedState, hasRecord: boolean): string {
  return hasRecord ? commandTo("resumeScaling", ref) : restoreScalingCommand(target, to, undefined);
}
