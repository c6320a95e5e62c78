import type { Cause } from "../../../diagnosis/cause.ts";
import { actionOf, roleOf, type SomeWords } from "./cause_words.ts";

const missing = ({ about }: Cause) => about.missing === undefined ? undefined : MISSING[about.missing] ?? about.missing;
const MISSING: Readonly<Record<string, string>> = { CPU: "CPU", MEMORY: "memory", GPU: "GPU" };

export const PLATFORM_WORDS = {
  noRoom: {
    what: (cause) => `no container instance has enough ${missing(cause) ?? "room"} for the task`,
    saysAll: (cause) => missing(cause) !== undefined,
    advice: (cause) => `add container instances with enough ${missing(cause) ?? "cpu and memory"}`,
  },
  portTaken: {
    what: () => "the host port of the task is in use on every container instance",
    advice: () =>
      "add instances, leave hostPort out (a dynamic port), or lower minimumHealthyPercent so that one can stop",
  },
  attributeMissing: {
    what: () => "the container instances lack an attribute that the task needs",
    advice: () =>
      "run instances that have it: the newest ECS agent, the log driver, and for awsvpc one in the service's subnets",
  },
  constraintUnmet: {
    what: () => "no container instance meets the placement constraints",
    advice: () => "correct placementConstraints of the service or the task definition, or add instances that meet them",
  },
  platformUnfit: {
    what: () => "the task definition does not fit the service's launch type or platform version",
    advice: () => "check requiresCompatibilities, runtimePlatform and platformVersion against the capacity provider",
  },
  notPlaced: { what: () => "ECS could not place the task" },
  launchDenied: {
    what: ({ about: { capacityProvider } }) =>
      `ECS is not allowed to launch instances of ${capacityProvider ?? "the capacity provider"}`,
    advice: (cause) =>
      `allow ${actionOf(cause, "what ECS's words name")} to ` +
      roleOf(cause, "the capacity provider's infrastructure role"),
  },
  deploymentBlocked: {
    what: () => "minimumHealthyPercent and maximumPercent let ECS neither start nor stop a task",
    advice: () => "raise maximumPercent, or lower minimumHealthyPercent, in deploymentConfiguration of the service",
  },
  capacityUnavailable: {
    what: ({ about: { capacityProvider } }) =>
      `AWS has no capacity in the zone at the moment${capacityProvider === undefined ? "" : ` (${capacityProvider})`}`,
    advice: () => "add subnets in other zones, use FARGATE instead of FARGATE_SPOT, or try again later",
  },
  quotaReached: {
    what: (cause) => `the account's quota${missing(cause) ? ` of ${missing(cause)}` : ""} is used up`,
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html
    advice: (cause) =>
      "scale down services that are not needed, in this account and region, or raise the quota in Service Quotas" +
      (cause.about.missing === "vCPUs" ? " (AWS Fargate: Fargate On-Demand or Spot vCPU resource count)" : "") +
      ", which may take hours",
    saysAll: (cause) => missing(cause) !== undefined,
  },
  noInstances: {
    what: () => "the cluster has no container instance",
    advice: () => "check the Auto Scaling group of the cluster, and that its instances register in this cluster",
  },
  spotInterrupted: {
    what: () => "AWS took the Spot capacity back",
    advice: () => "ECS starts the task again; use FARGATE or On-Demand instances for a part of the tasks",
    saysAll: () => true,
  },
  hostLost: {
    what: () => "the task's host was lost",
    advice: () => "ECS starts the task again; if it goes on, look at the instances of the cluster",
  },
  hostMaintenance: {
    what: () => "AWS does maintenance on the task's host",
    advice: () => "ECS starts the task again on another host",
    saysAll: () => true,
  },
  agentDisconnected: {
    what: () => "the ECS agent of the container instance is not connected",
    advice: () => "restart the agent on the instance (systemctl restart ecs), or replace the instance",
  },
  throttled: {
    what: () => "the calls that ECS makes for the tasks are throttled by AWS",
    advice: () => "wait, ECS tries again; if it goes on, ask AWS for a higher API limit",
  },
  internalError: {
    what: () => "AWS had an internal error",
    advice: () => "wait, ECS tries again; on Fargate check that the subnets' zones are supported",
  },
  accountBlocked: { what: () => "AWS has blocked the account", advice: () => "contact AWS Support" },
} satisfies SomeWords;
