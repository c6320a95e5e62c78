import type { Environment } from "../host.ts";

/**
 * Has `AWS_DEFAULT_PROFILE` stand in for `AWS_PROFILE` where that is not set: the AWS CLI (botocore's `configprovider`) and
 * the AWS SDK for Go read both, and the SDK for JavaScript the one alone. Programs that are started later see it, too.
 */
export function settleProfile(env: Pick<Environment, "get" | "set">): void {
  const name = env.get("AWS_DEFAULT_PROFILE");
  if (name && !env.get("AWS_PROFILE")) env.set("AWS_PROFILE", name);
}
