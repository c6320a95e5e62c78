import type { Environment } from "../host.ts";

/** Whether a CI system runs the program: it has terminals that nobody types on, and keeps what is printed. */
export function isCi(env: Pick<Environment, "get">): boolean {
  return !["", "0", "false"].includes((env.get("CI") ?? "").toLowerCase());
}
