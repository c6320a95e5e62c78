/** DescribeFileSystems and DescribeAccessPoints of Amazon EFS */
import { AwsFailure } from "../failure.ts";
import type { Input } from "../input.ts";
import type { JsonObject, World } from "../model.ts";
import type { AccessPoint, FileSystem } from "../stores.ts";
import { epochSeconds } from "../wire.ts";
import type { Actions } from "./action.ts";

function fileSystemShape({ settings }: World, { id, state, mountTargets, createdAtMs }: FileSystem): JsonObject {
  return {
    OwnerId: settings.accountId,
    CreationToken: id,
    FileSystemId: id,
    FileSystemArn: `arn:aws:elasticfilesystem:${settings.region}:${settings.accountId}:file-system/${id}`,
    CreationTime: epochSeconds(createdAtMs),
    LifeCycleState: state,
    NumberOfMountTargets: mountTargets,
    SizeInBytes: { Value: 6_144 },
    PerformanceMode: "generalPurpose",
    Encrypted: true,
    Tags: [],
  };
}

function describeFileSystems(world: World, input: Input): JsonObject {
  const id = input.string("FileSystemId");
  const found = Object.values(world.fileSystems).filter((one) => id === undefined || one.id === id);
  if (id !== undefined && found.length === 0) {
    throw new AwsFailure("FileSystemNotFound", `File system '${id}' does not exist.`, 404);
  }
  return { FileSystems: found.map((one) => fileSystemShape(world, one)) };
}

function accessPointShape({ settings }: World, { id, fileSystemId, state }: AccessPoint): JsonObject {
  return {
    ClientToken: id,
    Tags: [],
    AccessPointId: id,
    AccessPointArn: `arn:aws:elasticfilesystem:${settings.region}:${settings.accountId}:access-point/${id}`,
    FileSystemId: fileSystemId,
    RootDirectory: { Path: "/" },
    OwnerId: settings.accountId,
    LifeCycleState: state,
  };
}

/** "You must provide either an AccessPointId or a FileSystemId" (API reference), of which the first is emulated. */
function describeAccessPoints(world: World, input: Input): JsonObject {
  const id = input.requiredString("AccessPointId");
  const found = world.accessPoints[id];
  if (!found) throw new AwsFailure("AccessPointNotFound", `Access point '${id}' does not exist.`, 404);
  return { AccessPoints: [accessPointShape(world, found)] };
}

export const actions: Actions = {
  DescribeFileSystems: describeFileSystems,
  DescribeAccessPoints: describeAccessPoints,
};
