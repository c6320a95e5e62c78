import type { JsonObject } from "../../../src/model/json.ts";

export type Pair = readonly [one: JsonObject, other: JsonObject];

export const deployment = (members: JsonObject): JsonObject => ({ deploymentConfiguration: members });
export const network = (members: JsonObject): JsonObject => ({
  networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1", "subnet-2"], ...members } },
});
export const hook = (members: JsonObject): JsonObject =>
  deployment({ lifecycleHooks: [{ hookTargetArn: "arn:a", ...members }] });
export const connect = (members: JsonObject): JsonObject => ({
  serviceConnectConfiguration: { enabled: true, ...members },
});
export const ebs = (members: JsonObject): JsonObject => ({
  volumeConfigurations: [{ name: "data", managedEBSVolume: { roleArn: "arn:r", sizeInGiB: 10, ...members } }],
});
