import { isOfAnyTask, isOfNetwork } from "../diagnosis/cause.ts";
import { shortName } from "../model/arn.ts";
import { hasFailed } from "../model/outcome_kinds.ts";
import { outcomeOf } from "./ending.ts";
import { adviseOnCause } from "./messages/causes/cause_text.ts";
import type { ServiceState } from "./state.ts";
import { type Trouble, troubleOf } from "./way_out.ts";

/** What to do about the cause of a failure, as a clause. `isOfCauseAlone`: it is the usual advice for that cause. */
export interface Advice {
  readonly text: string;
  readonly isOfCauseAlone: boolean;
}

export function adviceFor(service: ServiceState): Advice | undefined {
  const outcome = outcomeOf(service);
  const isBad = outcome !== undefined && (hasFailed(outcome) || outcome.kind === "timedOut");
  return isBad ? adviceOn(troubleOf(service)) : undefined;
}

export function adviceOn(trouble: Trouble): Advice | undefined {
  const { cause, isAlarmed } = trouble;
  const advice = cause === undefined || isAlarmed ? undefined : adviseOnCause(cause);
  if (advice === undefined) return undefined;
  const network = describeNetwork(trouble);
  return { text: network === "" ? advice : `${network}; ${advice}`, isOfCauseAlone: network === "" };
}

/**
 * Whether a rollback helps if tasks do not start because of the network; empty for other causes. A rollback starts new
 * tasks, and restores only the service's earlier network.
 */
function describeNetwork({ cause, way, primary }: Trouble): string {
  if (cause === undefined || way === undefined || !isOfNetwork(cause)) return "";
  const name = shortName(way.to);
  const network = primary?.network;
  const which = network === undefined ? "subnets and security groups" : `subnets (${network.subnets.join(", ")}) and ` +
    `security groups (${network.securityGroups.join(", ") || "none named"})`;
  if (way.sharesNetwork === true) {
    if (!isOfAnyTask(cause)) return "";
    return `do not roll back, and leave the running tasks alone: ${name} is in the same ${which}`;
  }
  return way.sharesNetwork === false
    ? `${name} is in other subnets or security groups, and the rollback restores them`
    : "a rollback helps only if the subnets or security groups were changed";
}
