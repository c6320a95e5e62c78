import type { ContainerDefinition, TaskDefinition } from "../../model/task_definition.ts";

/** One difference between two task definitions. Where `from` and `to` are left out, the values are not for showing. */
export interface TaskDefinitionChange {
  /** `task`, or the container's name as `container NAME`. */
  readonly scope: string;
  /** What differs: `image`, `cpu`, `environment LOG_LEVEL`, `secret DB_PASSWORD`, `command`, ... */
  readonly attribute: string;
  readonly kind: "added" | "removed" | "changed";
  readonly from?: string;
  readonly to?: string;
}

/**
 * Lists what a service gets when it goes from one task definition to the other: images, CPU, memory and roles with
 * their values, secrets with the references that they are read from, environment variables and everything else by
 * name only (a value may be a secret that somebody put into the wrong place).
 */
export function compareTaskDefinitions(from: TaskDefinition, to: TaskDefinition): TaskDefinitionChange[] {
  return [
    ...compareShown("task", [
      ["cpu", from.cpu, to.cpu],
      ["memory", from.memory, to.memory],
      ["taskRoleArn", from.taskRoleArn, to.taskRoleArn],
      ["executionRoleArn", from.executionRoleArn, to.executionRoleArn],
      ["networkMode", from.networkMode, to.networkMode],
      ["requiresCompatibilities", joined(from.requiresCompatibilities), joined(to.requiresCompatibilities)],
    ]),
    ...compareHidden("task", "", from.others, to.others),
    ...compareContainers(from.containers, to.containers),
  ];
}

function compareContainers(
  from: readonly ContainerDefinition[],
  to: readonly ContainerDefinition[],
): TaskDefinitionChange[] {
  const before = new Map(from.map((container) => [container.name, container]));
  const after = new Map(to.map((container) => [container.name, container]));
  return namesOfBoth(before, after).flatMap((name): TaskDefinitionChange[] => {
    const [old, new_] = [before.get(name), after.get(name)];
    const scope = `container ${name}`;
    if (old === undefined) {
      return [{ scope, attribute: "image", kind: "added", ...(new_?.image && { to: new_.image }) }];
    }
    if (new_ === undefined) {
      return [{ scope, attribute: "image", kind: "removed", ...(old.image && { from: old.image }) }];
    }
    return compareContainer(scope, old, new_);
  });
}

function compareContainer(scope: string, from: ContainerDefinition, to: ContainerDefinition): TaskDefinitionChange[] {
  return [
    ...compareShown(scope, [
      ["image", from.image, to.image],
      ["cpu", from.cpu, to.cpu],
      ["memory", from.memory, to.memory],
      ["memoryReservation", from.memoryReservation, to.memoryReservation],
    ]),
    ...compareHidden(scope, "environment ", from.environment, to.environment),
    ...compareShown(
      scope,
      namesOfBoth(from.secrets, to.secrets).map((name) =>
        [`secret ${name}`, from.secrets.get(name), to.secrets.get(name)] as const
      ),
    ),
    ...compareHidden(scope, "", from.others, to.others),
  ];
}

function compareShown(
  scope: string,
  values: readonly (readonly [attribute: string, from: string | number | undefined, to: string | number | undefined])[],
): TaskDefinitionChange[] {
  return values.filter(([, from, to]) => from !== to).map(([attribute, from, to]) => ({
    scope,
    attribute,
    kind: kindOf(from, to),
    ...(from !== undefined && { from: String(from) }),
    ...(to !== undefined && { to: String(to) }),
  }));
}

function compareHidden(
  scope: string,
  prefix: string,
  from: ReadonlyMap<string, string>,
  to: ReadonlyMap<string, string>,
): TaskDefinitionChange[] {
  return namesOfBoth(from, to)
    .filter((name) => from.get(name) !== to.get(name))
    .map((name) => ({ scope, attribute: prefix + name, kind: kindOf(from.get(name), to.get(name)) }));
}

function kindOf(from: unknown, to: unknown): TaskDefinitionChange["kind"] {
  if (from === undefined) return "added";
  return to === undefined ? "removed" : "changed";
}

function namesOfBoth(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].sort();
}

function joined(values: readonly string[]): string | undefined {
  return values.length === 0 ? undefined : [...values].sort().join(", ");
}
