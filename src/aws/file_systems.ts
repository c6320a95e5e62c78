import type { ReferenceChecker } from "../model/ports.ts";
import { lazyApi } from "./api.ts";
import type { ConnectionOptions } from "./connection.ts";
import { count, readNamed, required, text, undefinedWhen } from "./read_answer.ts";

/** Asks Amazon EFS, where the service is. */
export function checkFileSystems(
  options: ConnectionOptions,
): Pick<ReferenceChecker, "readFileSystem" | "readAccessPoint"> {
  const fileSystems = lazyApi(options, () => import("./clients/efs.ts"), (sdk) => sdk.EFSClient);
  return {
    async readFileSystem(id, signal) {
      const { sdk, api } = await fileSystems();
      const command = new sdk.DescribeFileSystemsCommand({ FileSystemId: id });
      const reading = api.read(command, signal, ({ FileSystems }) => {
        const found = required(FileSystems?.[0], "FileSystems");
        return {
          state: text(found.LifeCycleState, "LifeCycleState"),
          mountTargets: count(found.NumberOfMountTargets, "NumberOfMountTargets"),
        };
      });
      return await undefinedWhen(["FileSystemNotFound"], reading);
    },

    async readAccessPoint(id, signal) {
      const { sdk, api } = await fileSystems();
      const command = new sdk.DescribeAccessPointsCommand({ AccessPointId: id });
      const reading = api.read(command, signal, ({ AccessPoints }) => {
        const found = required(AccessPoints?.[0], "AccessPoints");
        readNamed(found.AccessPointId, "AccessPointId");
        return {
          state: text(found.LifeCycleState, "LifeCycleState"),
          fileSystem: text(found.FileSystemId, "FileSystemId"),
        };
      });
      return await undefinedWhen(["AccessPointNotFound"], reading);
    },
  };
}
