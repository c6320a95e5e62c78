import type { ServiceSnapshot } from "../../model/service.ts";
import type { Bake } from "../judge/judge_bake.ts";
import type { HowToRollBack } from "./options.ts";

/**
 * Plans what is watched after the deployment to see whether it has helped; `undefined` where the user does not ask.
 *
 * @param isInPlace nothing is deployed or waited for
 */
export function planBake(
  service: ServiceSnapshot,
  { bake: forMs, alarm = [] }: Pick<HowToRollBack, "bake" | "alarm">,
  isInPlace: boolean,
): Bake | undefined {
  if (forMs === undefined) return undefined;
  return { kind: "bake", forMs, ...findHealthSignals(service, alarm), named: [...new Set(alarm)], isInPlace };
}

/** Whether alarms or load balancers show the service's health. */
export function showsHealth(service: ServiceSnapshot): boolean {
  const { alarms, targetGroups, loadBalancers } = findHealthSignals(service);
  return alarms.length + targetGroups.length + loadBalancers.length > 0;
}

/** What shows a service's health: its own alarms and the named ones, its target groups and load balancers. */
function findHealthSignals(
  { deploymentSettings, attachments }: ServiceSnapshot,
  named: readonly string[] = [],
): Pick<Bake, "alarms" | "targetGroups" | "loadBalancers"> {
  const alarms = [...new Set([...deploymentSettings.armedAlarms, ...named])];
  const names = attachments.filter(({ kind }) => kind === "loadBalancer")
    .flatMap(({ name, alternate }) => [name, alternate]);
  const all = [...new Set(names.filter((name) => name !== undefined))];
  const isTargetGroup = (name: string) => name.startsWith("arn:");
  // A Classic Load Balancer has a name only.
  return { alarms, targetGroups: all.filter(isTargetGroup), loadBalancers: all.filter((name) => !isTargetGroup(name)) };
}
