import type { UpdatableMembers } from "../model/api_members.ts";
import type { DefinitionChange } from "../model/definition_change.ts";
import { isList, isObject, type Json, type JsonObject, objectIn, objectsIn, textIn } from "../model/json.ts";
import { sameJson } from "./canonicalize.ts";
import { type ChangedMember, compareServices, isLatestPlatform } from "./compare_services.ts";

/** How the settings of a service differ from those in a service revision. */
export interface SettingChanges {
  /** Members of UpdateService that restore the revision's settings, and turn off what it did not have. */
  readonly attributes: JsonObject;
  readonly differences: readonly SettingDifference[];
}

/** One setting that differs. */
export interface SettingDifference {
  /** What would bring the revision's setting back. */
  readonly change: DefinitionChange;
  /** Whether an update of the service restores it; `alternating`: blue/green itself swaps the target groups. */
  readonly comesBack: "byUpdate" | "never" | "alternating";
}

/**
 * Compares the settings in a service revision with those of now, in their canonical forms. What a revision does not
 * hold (the number of tasks, for one) and what no update changes (the launch type) is left out. Pure.
 *
 * @param was AWS's description of a service revision; `now`: of another one, or of the service
 * @param unread members that `now` does not show
 */
export function findSettingChanges(
  was: JsonObject,
  now: JsonObject,
  updatable: UpdatableMembers,
  unread: readonly string[] = [],
): SettingChanges {
  const names = [...updatable.known].flatMap(([name, { isInRevision }]) =>
    isInRevision && !unread.includes(name) ? [name] : []
  );
  const wanted = settingsToRestore(was, now, names, updatable);
  const compared = compareServices(wanted, now, [], was).filter(({ name }) => names.includes(name));
  const differing = withoutDoubtful(compared, was, now);
  const comesBack = (name: string) => {
    if (!sameJson(pairsIn(was[name]), pairsIn(now[name]))) return "alternating";
    return Object.hasOwn(wanted, name) ? "byUpdate" : "never";
  };
  const restored = differing.filter(({ name }) => comesBack(name) === "byUpdate");
  return {
    attributes: Object.fromEntries(restored.map(({ name }) => [name, wanted[name]!])),
    differences: differing.flatMap(({ name, changes }) =>
      changes.map((change) => ({ change, comesBack: comesBack(name) }))
    ),
  };
}

/** The revision's settings as UpdateService takes them: what it did not have is turned off, where that is possible. */
function settingsToRestore(
  was: JsonObject,
  now: JsonObject,
  names: readonly string[],
  updatable: UpdatableMembers,
): JsonObject {
  // Where the revision has neither, the service had its cluster's default.
  const hasCapacity = [was.launchType, was.capacityProviderStrategy].some((value) => (value ?? null) !== null);
  const settings = names.flatMap((name) => {
    if (name === "capacityProviderStrategy" && !hasCapacity) return [];
    const value = was[name] ?? updatable.known.get(name)?.off;
    return value === undefined ? [] : [[name, keepPairs(value, now[name])] as const];
  });
  const { launchType = null } = was;
  return { ...Object.fromEntries(settings), launchType };
}

/**
 * ECS describes the latest platform by that name or by its number, and its sources disagree on when. So the two count
 * as the same unless the number is an old one, and where nothing else differs, even then.
 */
function withoutDoubtful(
  differing: readonly ChangedMember[],
  was: JsonObject,
  now: JsonObject,
): readonly ChangedMember[] {
  const [then = "LATEST", today = "LATEST"] = [was.platformVersion ?? undefined, now.platformVersion ?? undefined];
  const isAgainstNumber = then === "LATEST" || today === "LATEST";
  const isDoubtful = isAgainstNumber &&
    (isLatestPlatform(today, then) || isLatestPlatform(then, today) || differing.length === 1);
  return isDoubtful ? differing.filter(({ name }) => name !== "platformVersion") : differing;
}

/** The two target groups that blue/green shifts traffic between: each deployment may change which comes first. */
function pairOf({ targetGroupArn, advancedConfiguration }: JsonObject): string | undefined {
  const alternate = textIn(objectIn(advancedConfiguration).alternateTargetGroupArn);
  return alternate === undefined ? undefined : [textIn(targetGroupArn), alternate].sort().join(" ");
}

function pairsIn(value: Json | undefined): string[] {
  return objectsIn(value).flatMap((one) => pairOf(one) ?? []).sort();
}

/** The earlier list with each pair of target groups in its present order: they are never sent in another one. */
function keepPairs(was: Json, now: Json | undefined): Json {
  if (!isList(was)) return was;
  return was.map((one) => {
    const pair = isObject(one) ? pairOf(one) : undefined;
    const same = pair === undefined ? undefined : objectsIn(now).find((other) => pairOf(other) === pair);
    if (!isObject(one) || same === undefined) return one;
    const { alternateTargetGroupArn } = objectIn(same.advancedConfiguration);
    const advancedConfiguration = { ...objectIn(one.advancedConfiguration), alternateTargetGroupArn };
    return { ...one, targetGroupArn: same.targetGroupArn, advancedConfiguration } as JsonObject;
  });
}
