import type { ServiceSnapshot } from "../../model/service.ts";
import type { RolloutEvent } from "../events.ts";

/** Names the members of the service definition that ECS's answer to the order lacks, as `describeLost()` does for a task definition. */
export function* tellUnkept(
  { unkept = [] }: ServiceSnapshot,
  done: "updated" | "created",
): Generator<RolloutEvent, void, void> {
  if (unkept.length === 0) return;
  const message = `ECS has ${done} the service without this of the service definition, as far as its answer shows: ` +
    `${unkept.join(", ")}. Until the file no longer says it, every deploy updates the service again`;
  yield { kind: "notice", message };
}
