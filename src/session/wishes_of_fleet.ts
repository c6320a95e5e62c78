import type { FleetEntry } from "../config/load_fleet.ts";
import { isRoleArn } from "./global_options.ts";
import { type ServiceWish, wishFor } from "./service_wish.ts";

/** Which services a fleet file names. Throws a ConfigError with the place of what is no name or ARN. */
export function wishesOfFleet(entries: readonly FleetEntry[]): ServiceWish[] {
  return entries.map((entry) => {
    const { config, role, wave, fail } = entry;
    if (role !== undefined && !isRoleArn(role)) fail("role", { code: "noRole" });
    if (config !== undefined) return { kind: "config", path: config, mayBePattern: true, role, wave };
    return { ...readNames(entry), role, wave };
  });
}

function readNames({ service = "", cluster, region, fail }: FleetEntry): ServiceWish {
  const wish = wishFor({ service, cluster, region });
  if (!("code" in wish)) return wish;
  return fail(wish.code === "noName" ? wish.kind : "service", wish);
}
