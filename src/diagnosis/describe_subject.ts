import type { StoppedTask } from "../model/service.ts";
import type { Cause, CauseCode, CauseSubject } from "./cause.ts";
import { withoutFiller } from "./clean_text.ts";
import { findSubject } from "./find_subject.ts";
import { type DefinitionFacts, withoutUndefined } from "./read_definition.ts";

/** What a task's end shows by itself. */
export type Finding = Pick<Cause, "code" | "container" | "exitCode" | "said">;

/** What a task's end is about: by its texts, and where they name nothing, by the container and the definitions. */
export function describeSubject(finding: Finding, task: StoppedTask, definition: DefinitionFacts): CauseSubject {
  const { code } = finding;
  const named = findSubject([finding.said, withoutFiller(task.stoppedReason ?? "")].join(" "));
  const container = task.containers.find(({ name }) => name === finding.container);
  return withoutUndefined({
    image: container?.image,
    role: BY_EXECUTION_ROLE.has(code) ? definition.executionRole : undefined,
    secret: code.startsWith("secret") ? findSecret(named.key, finding.container, definition) : undefined,
    fileSystem: code.startsWith("efs") ? onlyOne(definition.fileSystems) : undefined,
    ...aboutContainer(finding, definition),
    ...(code === "outOfMemory" && memoryOf(finding, task, definition)),
    ...named,
  }) as CauseSubject;
}

/**
 * The secret that the task wants this key of, or the only one that it wants at all: `ARN:JSON_KEY:STAGE:VERSION`, of which
 * the last two may be empty. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
 */
function findSecret(key: string | undefined, container: string | undefined, { containers }: DefinitionFacts) {
  const wanted = containers.filter(({ name }) => container === undefined || name === container)
    .flatMap(({ secrets }) => secrets.map((valueFrom) => valueFrom.split(":")));
  const withKey = wanted.filter((parts) => key === undefined || parts[JSON_KEY_PART] === key);
  return onlyOne(withKey.map((parts) => parts.slice(0, JSON_KEY_PART).join(":")));
}

/** Behind the seven parts of a secret's ARN. */
const JSON_KEY_PART = 7;

/** What ECS does with the task's execution role. */
const BY_EXECUTION_ROLE: ReadonlySet<CauseCode> = new Set<CauseCode>([
  ...["imageDenied", "secretDenied", "keyDenied", "envFileDenied", "logDenied"] as const,
]);

function aboutContainer({ code, container }: Finding, { containers }: DefinitionFacts): CauseSubject {
  const facts = containers.find(({ name }) => name === container)?.about;
  const dependents = containers.filter(({ dependsOn }) => dependsOn.includes(container ?? "")).map(({ name }) => name);
  const groups = containers.flatMap(({ about }) => about.logGroup ?? []);
  const hasCheck = code === "containerUnhealthy" || code === "dependencyFailed";
  const logGroup = code.startsWith("log") ? facts?.logGroup ?? onlyOne(groups) : undefined;
  return withoutUndefined({
    logGroup,
    healthCheckSeconds: hasCheck ? facts?.healthCheckSeconds : undefined,
    dependents: code === "dependencyFailed" && dependents.length > 0 ? dependents : undefined,
  }) as CauseSubject;
}

/** The limit that the container ran into: its own, or that of the whole task. */
function memoryOf({ container }: Finding, task: StoppedTask, { containers, memoryMiB }: DefinitionFacts): CauseSubject {
  const own = task.containers.find(({ name }) => name === container)?.memoryMiB ??
    containers.find(({ name }) => name === container)?.about.memoryMiB;
  if (own !== undefined) return { memoryMiB: own, memoryOf: "container" };
  const ofTask = task.memoryMiB ?? memoryMiB;
  return ofTask === undefined ? {} : { memoryMiB: ofTask, memoryOf: "task" };
}

function onlyOne(values: readonly string[]): string | undefined {
  const [first, ...others] = new Set(values);
  return others.length === 0 ? first : undefined;
}
