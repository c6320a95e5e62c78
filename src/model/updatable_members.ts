import type { Json } from "./json.ts";

/** A member of a service that UpdateService changes, as far as the API's own model shows. */
interface UpdatableMember {
  /** What takes the member away again; `undefined` where the model shows no such value. */
  readonly off: Json | undefined;
  /** A service revision holds it: going back to the revision, ECS brings it back. */
  readonly isInRevision: boolean;
  /** ECS describes it in service revisions, and nowhere else. */
  readonly isInRevisionOnly: boolean;
}

/** What UpdateService changes of a service; it leaves as it is what it is not given. */
export class UpdatableMembers {
  /**
   * @param known by name
   * @param fixed what the API knows of a service and UpdateService does not take
   */
  constructor(readonly known: ReadonlyMap<string, UpdatableMember>, readonly fixed: ReadonlySet<string>) {}

  /** What the model does not know at all may be newer than it: that is for ECS to decide. */
  takes(name: string): boolean {
    return !this.fixed.has(name);
  }

  /** The names of those that only service revisions show. */
  get inRevisionOnly(): string[] {
    return [...this.known].filter(([, { isInRevisionOnly }]) => isInRevisionOnly).map(([name]) => name);
  }
}
