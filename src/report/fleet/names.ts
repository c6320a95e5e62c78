import { type ServiceRef, subjectName } from "../../model/service.ts";
import type { RunState, ServiceState } from "../state.ts";

/** `service/cluster`; with the region, or its options, if several services of the run have that name. */
export function nameIn({ services }: Pick<RunState, "services">, ref: ServiceRef): string {
  const name = subjectName(ref);
  const others = services.filter((other) => subjectName(other.ref) === name);
  if (others.length <= 1) return name;
  const isOneOfRegion = others.filter(({ ref: { region } }) => region === ref.region).length === 1;
  const which = isOneOfRegion ? ref.region : ref.options?.flat().join(" ");
  return which === undefined ? name : `${name} (${which})`;
}

/** The first names, and how many more there are. */
export function listNames(state: RunState, services: readonly ServiceState[], most = 3): string {
  const names = services.slice(0, services.length === most + 1 ? most + 1 : most).map(({ ref }) => nameIn(state, ref));
  const more = services.length - names.length;
  return more === 0 ? names.join(", ") : `${names.join(", ")} and ${more} more`;
}
