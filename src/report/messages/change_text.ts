import { type DefinitionChange, settingOf } from "../../model/definition_change.ts";
import type { JsonObject } from "../../model/json.ts";
import type { Plan } from "../../rollout/plan/plan.ts";
import { withShortImages } from "./image_text.ts";

/** Says that the containers stay the same; a deploy may still register a revision with other tags or family. */
export function describeNoChange({ steps }: Pick<Plan, "steps">): string {
  const isRegistered = steps.some(({ kind }) => kind === "register");
  return `none in the task definition${isRegistered ? " except its tags or family" : ""}`;
}

/** A change with words for what it is part of, and what differs: `container app`, `environment LOG_LEVEL`. */
export function inWords(change: DefinitionChange) {
  const { scope, attribute } = change;
  return {
    ...change,
    scope: typeof scope === "string" ? scope : `container ${scope.container}`,
    attribute: typeof attribute === "string" ? attribute : `${attribute.kind} ${attribute.name}`,
  };
}

/** One line per change; with values only if `DefinitionChange` has them. */
export function renderChanges(changes: readonly DefinitionChange[]): string[] {
  return changes.map((change) => `${inWords(change).scope}: ${renderChange(change)}`);
}

/** One line for the task, and one for each container: `container app: image 1.3.0 -> 1.2.0, environment LEVEL changed`. */
export function renderChangesByScope(changes: readonly DefinitionChange[]): string[] {
  const scopes = Map.groupBy(changes, (change) => inWords(change).scope);
  return Array.from(scopes, ([scope, ofScope]) => `${scope}: ${ofScope.map(renderChange).join(", ")}`);
}

/** Without its scope: `image 1.3.0 -> 1.2.0`, `secret API_KEY added arn:...`, `environment LEVEL changed`. */
export function renderChange(change: DefinitionChange): string {
  const { attribute, kind, from, to } = inWords(withShortImages(change));
  const values = from !== undefined && to !== undefined ? `${from} -> ${to}` : from ?? to;
  const verb = kind === "changed" && values !== undefined ? "" : ` ${kind}`;
  return `${attribute}${verb}${values === undefined ? "" : ` ${values}`}`;
}

/** What changes in these settings of a service: `enableExecuteCommand true -> false, desiredCount 3 -> 2`. */
export function renderSettings(changes: readonly DefinitionChange[], attributes: JsonObject): string {
  return changes.filter((change) => Object.hasOwn(attributes, settingOf(change) ?? "")).map(renderChange).join(", ");
}
