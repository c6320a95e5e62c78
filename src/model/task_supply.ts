import type { JsonObject } from "./json.ts";
import { numberIn, objectIn, objectsIn, textIn, textsIn } from "./read_json.ts";

/** What a task definition has for the service that runs it: what a service's settings may ask for. */
export interface TaskSupply {
  readonly networkMode: string | undefined;
  /** What it was registered for; empty when the author did not say. */
  readonly requiresCompatibilities: readonly string[];
  /** What AWS found it to be fit for; empty while AWS has not seen it. */
  readonly compatibilities: readonly string[];
  /** `LINUX`, `WINDOWS_SERVER_2019_CORE`, ...; `undefined` when the author did not say. */
  readonly operatingSystem: string | undefined;
  /** The volumes that are left to the service to configure (`configuredAtLaunch`). */
  readonly launchVolumes: readonly string[];
  readonly containers: readonly ContainerSupply[];
}

export interface ContainerSupply {
  readonly name: string;
  readonly containerPorts: readonly number[];
  /** The first and the last port of each range. */
  readonly portRanges: readonly (readonly [number, number])[];
  /** The names of its port mappings. */
  readonly portNames: readonly string[];
}

/** Of a port mapping, whatever stands there. */
export function readPorts(mappings: unknown): Omit<ContainerSupply, "name"> {
  const list = objectsIn(mappings);
  return {
    containerPorts: list.flatMap(({ containerPort }) => numberIn(containerPort) ?? []),
    portRanges: list.flatMap(({ containerPortRange }) => {
      const match = /^(\d+)-(\d+)$/.exec(textIn(containerPortRange) ?? "");
      return match === null ? [] : [[Number(match[1]), Number(match[2])] as const];
    }),
    portNames: list.flatMap(({ name }) => textIn(name) ?? []),
  };
}

/** The names of the volumes that the service configures, whatever stands there. */
export function readLaunchVolumes(volumes: unknown): string[] {
  return objectsIn(volumes).flatMap(({ name, configuredAtLaunch }) =>
    configuredAtLaunch === true ? textIn(name) ?? [] : []
  );
}

/** The operating system in `runtimePlatform`, whatever stands there. */
export function readOperatingSystem(runtimePlatform: unknown): string | undefined {
  return textIn(objectIn(runtimePlatform).operatingSystemFamily);
}

/** Of a definition that is not registered yet. What is not of the kind that AWS wants is AWS's to refuse. */
export function readTaskSupply(definition: JsonObject): TaskSupply {
  return {
    networkMode: textIn(definition.networkMode),
    requiresCompatibilities: textsIn(definition.requiresCompatibilities),
    compatibilities: [],
    operatingSystem: readOperatingSystem(definition.runtimePlatform),
    launchVolumes: readLaunchVolumes(definition.volumes),
    containers: objectsIn(definition.containerDefinitions).map(({ name, portMappings }) => ({
      name: textIn(name) ?? "",
      ...readPorts(portMappings),
    })),
  };
}
