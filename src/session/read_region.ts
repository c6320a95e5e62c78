import { isRegion, NO_REGION } from "../model/arn.ts";
import { ConfigError } from "../errors.ts";
import type { Environment } from "../host.ts";

/** The AWS CLI reads the second one, too, and users of it have it set; the SDK alone does not. */
const VARIABLES = ["AWS_REGION", "AWS_DEFAULT_REGION"];

/**
 * The region that the environment names; one that is empty is not set.
 *
 * @throws ConfigError for what is none; it does not quote the value
 */
export function readRegion(env: Pick<Environment, "get">): string | undefined {
  const name = VARIABLES.find((variable) => env.get(variable));
  const region = name && env.get(name);
  if (region && !isRegion(region)) throw new ConfigError(`${name} ${NO_REGION}: set it anew, or unset it`);
  return region;
}
