import { writeOption } from "../../model/typed_commands.ts";
import type { AnyRefusal } from "../../rollout/events.ts";
import { formatLocalTime } from "../messages/log.ts";
import { planFileCommand } from "../plan_file_text.ts";
import type { RunState, ServiceState } from "../state.ts";
import { type ByFate, hasNothingToDo } from "./fate.ts";
import { commandsFor } from "./commands.ts";
import { listNames, nameIn } from "./names.ts";
import { explainUnplanned } from "./plan_table.ts";
import { VERBS } from "../messages/work_words.ts";
import { isTyped, typedForOthers, wholeCommand } from "./typed_again.ts";

/** The option with which the program does what it refuses; `undefined` if there is none. */
export function remedyOf(refusal: AnyRefusal | undefined): string | undefined {
  return refusal?.code === "targetNotActive" ? "--reregister" : undefined;
}

/** What to type after a dry run; the same command without `--dry-run` comes last. */
export function commandsAfterDryRun(state: RunState): string[] {
  const { all, planFile, services } = state;
  if (services.every(hasNothingToDo)) return [];
  if (planFile !== undefined) return [`to carry it out: ${planFileCommand(planFile)}`];
  // Named by the time, since a plan file is never overwritten.
  const [day, time] = formatLocalTime(all?.atMs ?? 0).replaceAll(/[/:]/g, "").split(" ");
  const keeping = `to carry it out and keep the plan: ${again(state, `--plan-out rollback-${day}-${time}.json`)}`;
  return [...(services[0]?.command === "rollback" ? [keeping] : []), `to carry it out: ${again(state)}`];
}

/** What to type if refused services kept the run from beginning; the command that does most comes first. */
export function commandsWhenRefused(state: RunState, { refused, failed, notBegun, planned }: ByFate): string[] {
  const out = [...refused, ...failed];
  const [mended, left] = partition(out);
  const others = [...notBegun, ...planned].filter(({ main }) => main?.plan.isReached !== true).length;
  const verb = `to ${VERBS[out[0]!.command]}`;
  const stay = (some: readonly ServiceState[]) =>
    `${listNames(state, some)} ${some.length === 1 ? "stays as it is" : "stay as they are"}`;
  const copies = asCopies(mended, state);
  const mend = left.length === 0
    ? `${verb} all ${state.services.length} (${copies}): ${again(state, "--reregister")}`
    : `${verb} ${others + mended.length} (${copies}; ${stay(left)}): ${again(state, "--reregister", "--skip-refused")}`;
  return [
    ...(mended.length === 0 ? [] : [mend]),
    ...(others === 0
      ? []
      : [`${verb} the other ${others === 1 ? "one" : others} (${stay(out)}): ${again(state, "--skip-refused")}`]),
  ];
}

/** What to type for services that a run left out because they are refused. */
export function commandsForRefused(state: RunState, refused: readonly ServiceState[]): string[] {
  const { all, planFile } = state;
  const [{ command }] = refused as [ServiceState];
  // A plan file says how its services are rolled back, so no option can be added.
  const [mended, left] = planFile === undefined ? partition(refused) : [[], refused];
  const typed = typedForOthers(all?.typed ?? []).filter(([name]) => name !== "--skip-refused");
  const resume = [command, ...typed.map(writeOption)].join(" ");
  return [
    ...commandsFor(mended, `${resume} --reregister`).map((typed) =>
      `to ${VERBS[command]} ${asCopies(mended, state)}: ${typed}`
    ),
    ...(left.length === 1 || planFile !== undefined || command === "wait"
      ? left.slice(0, 1).flatMap((service) => adviceOn(service, state))
      : commandsFor(left, `${resume} --dry-run`).map((typed) =>
        `what to do about the ${left.length} that are refused: ${typed}`
      )),
  ];
}

/** The advice from when the plan was made. */
function adviceOn(service: ServiceState, state: RunState): string[] {
  const [, ...advice] = explainUnplanned(service);
  return advice.map((line, index) => index === 0 ? `${nameIn(state, service.ref)}: ${line}` : line);
}

function asCopies(mended: readonly ServiceState[], state: RunState): string {
  return `${listNames(state, mended)} to ${mended.length === 1 ? "a copy" : "copies"}`;
}

function partition(refused: readonly ServiceState[]): [mended: ServiceState[], left: ServiceState[]] {
  const isMended = ({ refusal }: ServiceState) => remedyOf(refusal) !== undefined;
  return [refused.filter(isMended), refused.filter((one) => !isMended(one))];
}

/** The typed command, with more options. */
function again(state: RunState, ...options: string[]): string {
  return [wholeCommand(state), ...options.filter((option) => !isTyped(state, option))].join(" ");
}
