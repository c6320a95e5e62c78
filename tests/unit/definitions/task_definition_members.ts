import type { JsonObject } from "../../../src/model/json.ts";

export type Pair = readonly [one: JsonObject, other: JsonObject];

export const container = (members: JsonObject, others: JsonObject = {}): JsonObject => ({
  ...others,
  containerDefinitions: [{ name: "app", image: "app:1", ...members }],
});
export const port = (mapping: JsonObject, networkMode?: string): JsonObject =>
  container({ portMappings: [mapping] }, networkMode === undefined ? {} : { networkMode });
export const volume = (members: JsonObject): JsonObject => ({ volumes: [{ name: "data", ...members }] });
export const efs = (members: JsonObject): JsonObject =>
  volume({ efsVolumeConfiguration: { fileSystemId: "fs-1", ...members } });
export const docker = (members: JsonObject): JsonObject => volume({ dockerVolumeConfiguration: members });
export const tag = (key: string, value = "v"): JsonObject => ({ key, value });
export const variable = (name: string, value = "v"): JsonObject => ({ name, value });
