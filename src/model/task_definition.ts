import type { Revision } from "./arn.ts";
import { findTag } from "./service_notes.ts";
import { type JsonObject, numberIn, objectIn, objectsIn, textIn, textsIn } from "./json.ts";

/** What a task definition offers to the service that runs it, and the service's settings may require. */
export interface TaskCapabilities {
  readonly networkMode: string | undefined;
  /** The launch types that it was registered for; empty when the author named none. */
  readonly requiresCompatibilities: readonly string[];
  /** The launch types that AWS found it fit for; empty while it is not registered. */
  readonly compatibilities: readonly string[];
  /** `LINUX`, `WINDOWS_SERVER_2019_CORE`, ...; `undefined` when the author did not say. */
  readonly operatingSystem: string | undefined;
  /** The volumes that the service configures (`configuredAtLaunch`). */
  readonly launchVolumes: readonly string[];
  readonly containers: readonly ContainerCapabilities[];
}

export interface ContainerCapabilities {
  readonly name: string;
  readonly containerPorts: readonly number[];
  /** The first and the last port of each range. */
  readonly portRanges: readonly (readonly [number, number])[];
  readonly portNames: readonly string[];
}

/** A registered task definition. */
export interface TaskDefinition extends Revision, TaskCapabilities {
  /** `ACTIVE`, `INACTIVE` (deregistered) or `DELETE_IN_PROGRESS`. */
  readonly status: string;
  readonly registeredAtMs: number | undefined;
  /** AWS's whole description, in the names of the API, `tags` among its members. It may hold secrets. */
  readonly raw: JsonObject;
  /** Paths of members that the bundled API model does not know: `containerDefinitions.app.isolation`. */
  readonly unknownMembers: readonly string[];
}

/** @param definition the user's or AWS's; a value of the wrong type counts as left out */
export function readTaskCapabilities(definition: JsonObject): TaskCapabilities {
  return {
    networkMode: textIn(definition.networkMode),
    requiresCompatibilities: textsIn(definition.requiresCompatibilities),
    compatibilities: textsIn(definition.compatibilities),
    operatingSystem: textIn(objectIn(definition.runtimePlatform).operatingSystemFamily),
    launchVolumes: textsIn(
      objectsIn(definition.volumes).filter((volume) => volume.configuredAtLaunch === true).map(({ name }) => name),
    ),
    containers: objectsIn(definition.containerDefinitions).map(readContainer),
  };
}

function readContainer({ name, portMappings }: JsonObject): ContainerCapabilities {
  const mappings = objectsIn(portMappings);
  return {
    name: textIn(name) ?? "",
    containerPorts: mappings.flatMap(({ containerPort }) => numberIn(containerPort) ?? []),
    portRanges: mappings.flatMap(({ containerPortRange }) => {
      const match = /^(\d+)-(\d+)$/.exec(textIn(containerPortRange) ?? "");
      return match === null ? [] : [[Number(match[1]), Number(match[2])] as const];
    }),
    portNames: textsIn(mappings.map(({ name }) => name)),
  };
}

/** A number of MiB, which ECS writes as digits; `undefined` for anything else. */
export function mebibytesIn(value: unknown): number | undefined {
  return typeof value === "string" && /^[1-9]\d{0,8}$/.test(value) ? Number(value) : undefined;
}

/** Whether the definition is for Fargate alone; it may be the user's or AWS's. */
export function isForFargateOnly({ requiresCompatibilities }: JsonObject): boolean {
  const launchTypes = textsIn([requiresCompatibilities ?? null].flat());
  return launchTypes.length > 0 && launchTypes.every((type) => type === "FARGATE");
}

/** The key of the tag that names the revision that a copy was made of. */
export const COPIED_FROM_KEY = "ecspresso:copied-from";

/** The key of the tag with the image tags that a copy has replaced by digests. */
export const IMAGE_TAG_KEY = "ecspresso:image-tag";

/** The number of the revision that a task definition is a copy of; `undefined`: no copy, or of another family. */
export function copiedFrom(definition: JsonObject, family: string): number | undefined {
  const origin = findTag(definition, COPIED_FROM_KEY) ?? "";
  const [, ofFamily, revision] = /^(.*):([1-9][0-9]{0,9})$/.exec(origin) ?? [];
  return ofFamily === family ? Number(revision) : undefined;
}
