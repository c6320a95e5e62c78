import type { BakeVerdict } from "../../rollout/judge_bake.ts";
import { capitalize } from "../messages/log.ts";
import type { RunState } from "../state.ts";
import { listNames } from "./names.ts";

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
