import type { ServiceSnapshot } from "../../model/service.ts";
import type { Bake } from "../judge_bake.ts";
import type { HowToRollBack } from "./options.ts";

/**
 * What is looked at afterwards, where the user wants to know whether it has helped.
 *
 * @param isInPlace nothing is deployed, and nothing is waited for
 */
export function planBake(
  service: ServiceSnapshot,
  { bake: forMs, alarm = [] }: Pick<HowToRollBack, "bake" | "alarm">,
  isInPlace: boolean,
): Bake | undefined {
  if (forMs === undefined) return undefined;
  return { kind: "bake", forMs, ...findShowing(service, alarm), named: [...new Set(alarm)], isInPlace };
}

/** Whether anything shows how a service does. */
export function isJudgeable(service: ServiceSnapshot): boolean {
  const { alarms, targetGroups, loadBalancers } = findShowing(service);
  return alarms.length + targetGroups.length + loadBalancers.length > 0;
}

/** What shows how a service does: its own alarms and those that are named, its target groups and load balancers. */
function findShowing(
  { deploymentSettings, attachments }: ServiceSnapshot,
  named: readonly string[] = [],
): Pick<Bake, "alarms" | "targetGroups" | "loadBalancers"> {
  const alarms = [...new Set([...deploymentSettings.armedAlarms, ...named])];
  const names = attachments.filter(({ kind }) => kind === "load balancer")
    .flatMap(({ name, alternate }) => [name, alternate]);
  const all = [...new Set(names.filter((name) => name !== undefined))];
  const isTargetGroup = (name: string) => name.startsWith("arn:");
  // A Classic Load Balancer has a name only.
  return { alarms, targetGroups: all.filter(isTargetGroup), loadBalancers: all.filter((name) => !isTargetGroup(name)) };
}
