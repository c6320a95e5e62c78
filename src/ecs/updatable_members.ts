import type { Json } from "./json.ts";

/** A member of a service that UpdateService changes, as far as the API's own model tells. */
export interface UpdatableMember {
  /** What takes the member away again; `undefined` where the model shows no such value. */
  readonly off: Json | undefined;
  /** A service revision holds it: going back to the revision, ECS brings it back. */
  readonly isInRevision: boolean;
  /** ECS answers it in service revisions, and nowhere else. */
  readonly isInRevisionOnly: boolean;
}

/** By name; an update leaves as it is what it does not name. */
export type UpdatableMembers = ReadonlyMap<string, UpdatableMember>;
