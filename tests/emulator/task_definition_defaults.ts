/** The defaults that the API reference names and no public answer shows: ECS may fill them in, or leave them out. */
import type { Json, JsonObject } from "./model.ts";

type Fill = (value: JsonObject) => JsonObject;

/** An answered task definition with every such default in it. */
export function withAllDefaults(task: JsonObject): JsonObject {
  return {
    networkMode: "bridge",
    ...task,
    containerDefinitions: inList(task.containerDefinitions, container),
    volumes: inList(task.volumes, volume),
  };
}

const container: Fill = (one) => ({
  versionConsistency: "enabled",
  ...one,
  mountPoints: inList(one.mountPoints, (point) => ({ readOnly: false, ...point })),
  volumesFrom: inList(one.volumesFrom, (from) => ({ readOnly: false, ...from })),
  ...inMember(one, "restartPolicy", (policy) => ({ restartAttemptPeriod: 300, ignoredExitCodes: [], ...policy })),
  ...inMember(one, "linuxParameters", linuxParameters),
});

const linuxParameters: Fill = (one) => ({
  swappiness: 60,
  tmpfs: [],
  ...one,
  capabilities: { add: [], drop: [], ...one.capabilities as JsonObject | undefined },
  devices: inList(one.devices ?? [], (device) => ({ permissions: ["read", "write", "mknod"], ...device })),
});

const volume: Fill = (one) => ({
  ...one,
  ...inMember(one, "dockerVolumeConfiguration", (docker) => ({
    driverOpts: {},
    labels: {},
    ...(docker.scope === "shared" && { autoprovision: false }),
    ...docker,
  })),
  ...inMember(one, "efsVolumeConfiguration", (efs) => ({
    transitEncryption: "DISABLED",
    ...efs,
    ...inMember(efs, "authorizationConfig", (authorization) => ({ iam: "DISABLED", ...authorization })),
  })),
});

function inList(list: Json | undefined, fill: Fill): JsonObject[] {
  return (list as JsonObject[]).map(fill);
}

function inMember(object: JsonObject, member: string, fill: Fill): JsonObject {
  return object[member] === undefined ? {} : { [member]: fill(object[member] as JsonObject) };
}
