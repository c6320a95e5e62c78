import { NO_REGION } from "../model/arn.ts";
import { ConfigError } from "../errors.ts";

/**
 * What to tell the user when the SDK does not take the region.
 *
 * @param region what it was given; what it has looked for itself is the user's setting
 */
export function explainRegion(error: unknown, region: string | undefined): ConfigError | undefined {
  if (region !== undefined || !(error instanceof Error)) return undefined;
  if (error.message === "Region is missing") {
    return new ConfigError("no AWS region is set (set region in the config, AWS_REGION, or region in the AWS profile)");
  }
  return error.message.startsWith("Region not accepted")
    ? new ConfigError(`what the AWS profile has as region ${NO_REGION}`)
    : undefined;
}
