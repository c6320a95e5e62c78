import assert from "node:assert/strict";
import { TASK_DEFINITION_READ_ONLY } from "../../src/model/api_members.ts";

/** A value of parsed JSON. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** What Kayac's tool takes from its config, and writes into a service definition that does not name it. */
const ADDED = ["serviceName"];

/**
 * Where a definition that was rendered by Kayac's tool and by ours differs in meaning, as lines; none when it is the
 * same. Kayac's sends files through the types of its SDK: there a member that the file has not can appear with its
 * type's zero (such as `"cpu": 0`), and an empty one can disappear.
 *
 * @param path where in the definition `kayac` and `ours` stand
 */
export function differences(kayac: Json, ours: Json, path = ""): string[] {
  if (isObject(kayac) && isObject(ours)) {
    return [...new Set([...Object.keys(kayac), ...Object.keys(ours)])].flatMap((key) => {
      const [theirs, own] = [kayac[key], ours[key]];
      const isTop = path === "";
      if (own === undefined && (isZero(theirs) || isTop && ADDED.includes(key))) return [];
      if (theirs === undefined && (isZero(own) || isTop && TASK_DEFINITION_READ_ONLY.includes(key))) return [];
      return differences(theirs ?? null, own ?? null, `${path}.${key}`);
    });
  }
  if (Array.isArray(kayac) && Array.isArray(ours) && kayac.length === ours.length) {
    return kayac.flatMap((item, index) => differences(item, ours[index] ?? null, `${path}[${index}]`));
  }
  if (JSON.stringify(kayac) === JSON.stringify(ours)) return [];
  return [`${path}: ${JSON.stringify(kayac)} by Kayac's, ${JSON.stringify(ours)} by ours`];
}

function isObject(value: Json): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value says no more than its absence does. */
function isZero(value: Json | undefined): boolean {
  if (value === null || value === false || value === 0 || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && Object.values(value).every(isZero);
}

/** Throws an AssertionError that names each difference. */
export function assertSame(kayac: unknown, ours: unknown): void {
  const found = differences(kayac as Json, ours as Json);
  assert.deepEqual(found, [], found.join("\n"));
}
