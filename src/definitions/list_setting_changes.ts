import type { DefinitionChange } from "../model/definition_change.ts";
import { isList, isObject, type Json, type JsonObject, objectIn } from "../model/json.ts";
import { FREE_MEMBERS, freeFrom } from "../secrets/exposure.ts";
import { own, sameJson } from "./canonicalize.ts";

/** A setting of a service: in its canonical form, which lacks what is at its default, and as it is written. */
interface Setting {
  readonly canonical: Json | undefined;
  readonly written: Json | undefined;
}

/**
 * Lists what changes in a setting: its innermost members that differ, with both values where these are short and none
 * of them is free text. Where two lists differ in one element each, these two are compared. Pure.
 */
export function listSettingChanges(path: readonly string[], from: Setting, to: Setting): DefinitionChange[] {
  if (sameJson(from.canonical, to.canonical)) return [];
  const [members, others] = [membersOf(from), membersOf(to)];
  if (members !== undefined && others !== undefined) {
    const keys = [...new Set([...Object.keys(members), ...Object.keys(others)])].sort();
    return keys.flatMap((key) => listSettingChanges([...path, key], memberOf(from, key), memberOf(to, key)));
  }
  const [one, other] = [onlyElementWithout(from, to), onlyElementWithout(to, from)];
  if (one !== undefined && other !== undefined) return listSettingChanges(path, one, other);
  return [changeOf(path, valueOf(from), valueOf(to))];
}

/** An object that is at its defaults has no canonical form. */
function membersOf({ canonical, written }: Setting): JsonObject | undefined {
  if (canonical === undefined) return isObject(written) ? {} : undefined;
  return isObject(canonical) ? canonical : undefined;
}

function memberOf({ canonical, written }: Setting, key: string): Setting {
  return { canonical: own(objectIn(canonical), key), written: own(objectIn(written), key) };
}

/** The only element of a list that the other one lacks, where it is an object. */
function onlyElementWithout({ canonical, written }: Setting, { canonical: others }: Setting): Setting | undefined {
  if (!isList(canonical) || !isList(others)) return undefined;
  const [element, ...more] = canonical.filter((one) => !others.some((other) => sameJson(one, other)));
  if (!isObject(element) || more.length > 0) return undefined;
  // A canonical form has another order: which element was written is clear only where there is one.
  return { canonical: element, written: isList(written) && written.length === 1 ? written[0] : undefined };
}

/** A default is shown where it was written. */
function valueOf({ canonical, written }: Setting): Json | undefined {
  if (canonical !== undefined) return canonical;
  return written === null || isList(written) || isObject(written) ? undefined : written;
}

/** A line has room for two of this length. */
const LONGEST = 100;

function changeOf(path: readonly string[], from: Json | undefined, to: Json | undefined): DefinitionChange {
  const [was, is] = [from, to].map((value) => typeof value === "string" ? value : JSON.stringify(value));
  const isShown = [was, is].every((text = "") => text.length <= LONGEST) &&
    [from, to].every((value) => value === undefined || isPlain(value, path));
  return {
    scope: "service",
    attribute: path.join("."),
    kind: from === undefined ? "added" : to === undefined ? "removed" : "changed",
    ...(isShown && was !== undefined && { from: was }),
    ...(isShown && is !== undefined && { to: is }),
  };
}

/** Whether a value may be shown: none of it is free text. ECS takes a name, a number, an ARN or a fixed word there. */
export function isPlain(value: Json | undefined, path: readonly (string | number)[]): boolean {
  if (isList(value)) return value.every((element, index) => isPlain(element, [...path, index]));
  if (isObject(value)) return Object.entries(value).every(([name, member]) => isPlain(member, [...path, name]));
  if (typeof value === "string") return freeFrom(path) === undefined;
  return !path.some((name) => typeof name === "string" && FREE_MEMBERS.has(name));
}
