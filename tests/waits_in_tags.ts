import { findWaitsRecord, formatWaitsRecord, type FoundWaitsRecord } from "../src/model/waits.ts";
import type { Emulator } from "./emulator/emulator.ts";
import type { JsonObject } from "./emulator/model.ts";

/** Reads the record of waits in the service's tags. */
export function waitsRecordOf(emulator: Emulator): FoundWaitsRecord {
  const { services } = emulator.call("AmazonEC2ContainerServiceV20141113.DescribeServices", {
    services: ["myservice"],
    include: ["TAGS"],
  }) as { services: JsonObject[] };
  return findWaitsRecord(services[0] as never);
}

/** Writes a record of what its deployments wait for into the service's tags, as a run does that is killed then. */
export function recordWaits(
  emulator: Emulator,
  before: JsonObject,
  { atMs = emulator.now(), service = "myservice" } = {},
): void {
  const tags = formatWaitsRecord({ before: before as never, run: "killed01", atMs, by: "alice" });
  emulator.call("AmazonEC2ContainerServiceV20141113.TagResource", {
    resourceArn: emulator.describeService(service).serviceArn as string,
    tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
  });
}

/** The keys of all tags of the service. */
export function tagKeysOf(emulator: Emulator): string[] {
  const { services } = emulator.call("AmazonEC2ContainerServiceV20141113.DescribeServices", {
    services: ["myservice"],
    include: ["TAGS"],
  }) as { services: { tags: { key: string }[] }[] };
  return services[0]!.tags.map(({ key }) => key);
}

/** Adds so many tags of the team's own to the service. */
export function fillTags(emulator: Emulator, count: number): void {
  emulator.call("AmazonEC2ContainerServiceV20141113.TagResource", {
    resourceArn: emulator.describeService("myservice").serviceArn as string,
    tags: Array.from({ length: count }, (_, index) => ({ key: `team-${index + 1}`, value: "web" })),
  });
}
