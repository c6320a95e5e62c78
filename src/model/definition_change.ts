/** One difference between what runs and what is to run. Where `from` and `to` are left out, the values may be secret. */
export interface DefinitionChange {
  /** What it is part of: the task, one of its containers, or the service. */
  readonly scope: "task" | "service" | { readonly container: string };
  /** What differs: a member (`image`, `cpu`), a variable or a secret; of a service, the path of a setting. */
  readonly attribute: string | VariableName;
  readonly kind: "added" | "removed" | "changed";
  readonly from?: string;
  readonly to?: string;
}

/** A variable of a container. */
export interface VariableName {
  readonly kind: "environment" | "secret";
  readonly name: string;
}

/** The setting that a change is about, or is part of, in the names of UpdateService; `undefined`: of no service. */
export function settingOf({ scope, attribute }: DefinitionChange): string | undefined {
  return scope === "service" ? String(attribute).split(".")[0] : undefined;
}

/** What undoes a change. */
export function reverseChange({ scope, attribute, kind, from, to }: DefinitionChange): DefinitionChange {
  const reversed = { added: "removed", removed: "added", changed: "changed" } as const;
  return {
    scope,
    attribute,
    kind: reversed[kind],
    ...(to !== undefined && { from: to }),
    ...(from !== undefined && { to: from }),
  };
}
