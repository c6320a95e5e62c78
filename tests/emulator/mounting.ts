/** A revision whose tasks mount a file system of Amazon EFS by an access point. */
import type { Emulator } from "./emulator.ts";
import { myservice, taskDefinition } from "./myservice.ts";

export const FILE_SYSTEM = "fs-0a1b2c3d";
export const ACCESS_POINT = "fsap-0a1b2c3d4e5f60718";

/** Registers it as revision 5. @param change what is there of it, which is nothing before that */
export function mounting(change: (emulator: Emulator) => void): Emulator {
  const emulator = myservice();
  const efsVolumeConfiguration = {
    fileSystemId: FILE_SYSTEM,
    transitEncryption: "ENABLED",
    authorizationConfig: { accessPointId: ACCESS_POINT },
  };
  emulator.registerTaskDefinition({ ...taskDefinition(4), volumes: [{ name: "data", efsVolumeConfiguration }] });
  change(emulator);
  return emulator;
}
