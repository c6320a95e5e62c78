import type { JsonObject } from "../model/json.ts";
import { isObject, sameJson } from "./canonicalize.ts";
import { normalizeService } from "./normalize_service.ts";

/**
 * Which members of a service do not mean what they meant before. Pure.
 *
 * @param was the service before, as AWS had described it
 * @param now the service as it is
 * @param names the members that count
 */
export function findUnrestored(was: JsonObject, now: JsonObject, names: readonly string[]): string[] {
  const before = withoutOff(normalizeService(was));
  const after = withoutOff(normalizeService(now));
  return names.filter((name) => {
    // ECS answers with the name LATEST or with its number.
    const isLatest = name === "platformVersion" && (before[name] ?? "LATEST") === "LATEST";
    return !isLatest && !sameJson(before[name], after[name]);
  });
}

/** A service that had no Service Connect gets back to that by its being turned off. */
function withoutOff({ serviceConnectConfiguration, ...members }: JsonObject): JsonObject {
  const isOn = isObject(serviceConnectConfiguration) && serviceConnectConfiguration.enabled === true;
  return isOn ? { ...members, serviceConnectConfiguration } : members;
}
