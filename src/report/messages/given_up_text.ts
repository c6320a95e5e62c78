import type { OutcomeKind } from "../../rollout/outcome.ts";
import type { Named } from "../cases.ts";

/** Why a deployment was given up: `3 of its tasks stopped and none was healthy`. */
export function describeGivenUp({ stopped, unstarted }: Named<OutcomeKind, "kind", "givenUp">): string {
  const tasks = `${stopped} of its tasks`;
  const attempts = unstarted === 1 ? "ECS could not start a task" : `ECS could not start a task ${unstarted} times`;
  if (unstarted === 0) return `${tasks} stopped and none was healthy`;
  return stopped === 0 ? attempts : `${tasks} stopped, ${attempts} and none was healthy`;
}
