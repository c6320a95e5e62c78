import type { Plan } from "../../rollout/plan/plan.ts";
import { isStillTagged, renderImages, renderShipped } from "../messages/image_text.ts";
import { describePlanNotice } from "../messages/notice_text.ts";
import { describeChoice } from "../messages/reason_text.ts";
import { renderChangesByScope } from "../plan_text.ts";
import type { RunState, ServiceState } from "../state.ts";
import { listNames } from "./names.ts";
import { sortByWave } from "./plan_table.ts";

/** So many names stand in a heading. */
const MOST_NAMES = 10;

/**
 * What the table of many plans does not say: what changes, and what needs a look. What is the same for several services is
 * said once.
 */
export function renderFleetDetails(state: RunState): string[] {
  const services = sortByWave(state.services.filter(({ main }) => main !== undefined));
  const lines = SECTIONS.flatMap(([heading, linesOf]) => {
    const said = services.map((service) => ({ service, lines: linesOf(service.main!.plan) }));
    const groups = [...Map.groupBy(said, ({ lines }) => lines.join("\n")).values()];
    return groups.filter(([first]) => first!.lines.length > 0).flatMap((group) => [
      `${heading} ${nameGroup(group.map(({ service }) => service), services, state)}`,
      ...group[0]!.lines.map((line) => `  ${line}`),
    ]);
  });
  return lines.length === 0 ? [] : ["", ...lines];
}

function nameGroup(group: readonly ServiceState[], all: readonly ServiceState[], state: RunState): string {
  const isAll = group.length === all.length && group.length > 1;
  return isAll
    ? `(the same for ${all.length === 2 ? "both" : `all ${all.length}`})`
    : `of ${listNames(state, group, MOST_NAMES)}`;
}

const SECTIONS: readonly (readonly [heading: string, linesOf: (plan: Plan) => readonly string[]])[] = [
  ["Target", ({ reason }) => reason === undefined || reason.code === "deployedBefore" ? [] : [describeChoice(reason)]],
  ["Images", describeImages],
  ["Changes", describeChanges],
  ["Notices", ({ notices }) => notices.map(describePlanNotice)],
];

/** The table has those that start by their tag, where that names what ran. */
function describeImages({ intent, isReached, images = [], to }: Plan): readonly string[] {
  if (intent === "deploy") return renderShipped(images);
  return isReached ? [] : renderImages(images.filter((image) => !isStillTagged(image)), to);
}

/** Of a deploy, the difference stands below. */
function describeChanges({ intent, isReached, skipped, changes }: Plan): readonly string[] {
  if (intent !== "rollback" || isReached || skipped !== undefined) return [];
  return changes.length === 0 ? ["none in the task definition"] : renderChangesByScope(changes);
}
