import type { Emulator } from "./emulator.ts";
import type { JsonObject } from "./model.ts";

export const TARGET_GROUP = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web/0123456789abcdef";
export const page = { nextToken: "no", maxResults: 1 };

/** A request, and another value for each of its optional members. */
export interface Case {
  base?: JsonObject | ((emulator: Emulator) => JsonObject);
  others: JsonObject;
  /** The request is refused as it is. */
  isRefused?: true;
}
