import { ConfigError } from "../errors.ts";

/**
 * What to say to the user when the SDK does not take the region.
 *
 * @param region what it was given; what it has looked for itself is the user's setting
 */
export function explainRegion(error: unknown, region: string | undefined): ConfigError | undefined {
  if (region !== undefined || !(error instanceof Error)) return undefined;
  if (/^Region is missing$/.test(error.message)) return new ConfigError({ code: "regionNotSet" });
  return /^Region not accepted/.test(error.message) ? new ConfigError({ code: "profileRegion" }) : undefined;
}
