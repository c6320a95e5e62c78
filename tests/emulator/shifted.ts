import { ask } from "./asking.ts";
import type { Emulator } from "./emulator.ts";
import type { JsonObject } from "./model.ts";

export const UPDATE = { service: "myservice", taskDefinition: "myservice:3" };

export function current(emulator: Emulator) {
  const serviceDeploymentArns = [String(emulator.describeService("myservice").currentServiceDeployment)];
  return ask(emulator, "DescribeServiceDeployments", { serviceDeploymentArns }).output.serviceDeployments[0];
}

/** How many tasks of each deployment run, newest deployment first. */
export function running(emulator: Emulator) {
  const { deployments } = emulator.describeService("myservice");
  return (deployments as JsonObject[]).map(({ taskDefinition, runningCount }) => [
    String(taskDefinition).split("/").at(-1),
    runningCount,
  ]);
}
