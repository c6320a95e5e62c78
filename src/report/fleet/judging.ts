import type { BakeVerdict } from "../../rollout/judge_bake.ts";
import { describeAlarmsCommand } from "../../model/typed_commands.ts";
import { alarmsOff, mayBeKnownLater, USUAL_BAKE, waitFor } from "../bake_text.ts";
import { capitalize } from "../messages/log.ts";
import { nextSteps } from "../next_steps.ts";
import { describeNextStep } from "../step_text.ts";
import type { RunState, ServiceState } from "../state.ts";
import { commandsFor, few, waitForAll } from "./commands.ts";
import { type ByFate } from "./fate.ts";
import { listNames, nameIn } from "./names.ts";

/** How many rollbacks have helped, and which have not. */
export function describeBakes(state: RunState): string {
  const kinds = Map.groupBy(state.services.filter(({ bake }) => bake?.verdict), ({ bake }) => bake!.verdict!.kind);
  const some = (kind: BakeVerdict["kind"]) => kinds.get(kind) ?? [];
  const bad = some("didNotHelp");
  const said = [
    ...(bad.length === 0 ? [] : [`${bad.length} did NOT help (${listNames(state, bad)})`]),
    ...(some("helped").length === 0 ? [] : [`${some("helped").length} helped`]),
    ...(some("cannotSay").length === 0 ? [] : [`of ${some("cannotSay").length} nobody can say`]),
  ];
  return said.length === 0 ? "" : `${capitalize(said.join(", "))}.`;
}

/** What to type about rollbacks that did not help, or whose effect is not known. */
export function judgingCommands(state: RunState, { done }: ByFate): string[] {
  const { services } = state;
  const bad = services.filter(({ bake }) => bake?.verdict?.kind === "didNotHelp");
  const open = services.filter(({ bake }) => bake?.verdict !== undefined && mayBeKnownLater(bake.verdict));
  const unasked = done.filter((service) => nextSteps(service).some(({ kind }) => kind === "judge"))
    .filter(({ bake }) => bake === undefined);
  return [
    ...lookInto(bad, state),
    ...few(commandsFor(open, waitForAll(open)), "to ask again later whether it helped"),
    ...few(commandsFor(unasked, waitFor(USUAL_BAKE)), "to see whether it helped"),
  ];
}

/** For one service, the commands of a run of one; for several, one command for their alarms, which are often shared. */
function lookInto(bad: readonly ServiceState[], state: RunState): string[] {
  const [first, ...others] = bad;
  if (first === undefined) return [];
  if (others.length === 0) {
    return nextSteps(first).map((step) => `${nameIn(state, first.ref)}: ${describeNextStep(step)}`);
  }
  const byRegion = Map.groupBy(bad, ({ ref }) => ref.region);
  const alarms = [...byRegion].flatMap(([region, services]) => {
    const names = [...new Set(services.flatMap(({ bake }) => alarmsOff(bake!.verdict!)))];
    return names.length === 0 ? [] : [describeAlarmsCommand({ region }, names)];
  });
  return [
    ...few(alarms, "why alarms fired"),
    ...few(commandsFor(bad, "history"), `to see what ran before on those ${bad.length}`),
  ];
}
