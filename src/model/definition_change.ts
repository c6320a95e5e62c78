/** One difference between what runs and what is to run. Where `from` and `to` are left out, the values may be secret. */
export interface DefinitionChange {
  /** `task`, the container's name as `container NAME`, or `service`. */
  readonly scope: string;
  /** What differs: `image`, `cpu`, `environment LOG_LEVEL`, `secret DB_PASSWORD`; of a service, the path of a setting. */
  readonly attribute: string;
  readonly kind: "added" | "removed" | "changed";
  readonly from?: string;
  readonly to?: string;
}

/** The scope of a service's settings. */
export const OF_SERVICE = "service";

/** The setting that a change is about, or is part of, in the names of UpdateService. */
export function settingOf({ attribute }: DefinitionChange): string {
  return attribute.split(".")[0]!;
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
