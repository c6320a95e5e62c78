import type { Environment } from "../host.ts";

/** The user who runs the program, as far as the machine knows. */
export function findActor(env: Pick<Environment, "get">): string {
  return env.get("GITHUB_ACTOR") || env.get("USER") || env.get("LOGNAME") || env.get("USERNAME") || "unknown";
}
