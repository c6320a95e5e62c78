/** Tasks that can never be started: ECS has events only, no task ever stops. */
import { cannotStart, failsToStart, takenByPlatform, unplaceable } from "../../emulator/behaviours.ts";
import { ROLL_BACK, type Row, TRY_AGAIN, WAIT_OR_BACK } from "../row.ts";
import { ON_EC2 } from "../scene.ts";

const PAGE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html";
const CLOSEST = "The closest matching (container-instance 7c5f1b6d0e7b4f4c8d8c4a1f6e2b9a10)";
const MORE = "For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.";
/** Without a circuit breaker ECS goes on trying for ever. */
const NO_BREAKER = { deploymentConfiguration: {} };
const CAPACITY =
  "was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a " +
  `different availability zone. ${MORE}`;

export const PLACEMENT_ROWS: readonly Row[] = [
  {
    name: "placement: no instance has the memory",
    source: PAGE,
    scene: { ...ON_EC2, fails: unplaceable() },
    expects: {
      code: "noRoom",
      cause: [/memory/, /instance/],
      advice: [/instance/],
      never: [/ran out of memory/],
      next: WAIT_OR_BACK,
    },
  },
  {
    name: "placement: no instance has the CPU",
    source: PAGE,
    scene: { ...ON_EC2, fails: unplaceable(`${CLOSEST} has insufficient CPU units available. ${MORE}`) },
    expects: { code: "noRoom", cause: [/CPU/i, /instance/], advice: [/instance/], next: WAIT_OR_BACK },
  },
  {
    name: "placement: the port is taken on every instance",
    source: PAGE,
    scene: { ...ON_EC2, fails: unplaceable(`${CLOSEST} is already using a port required by your task. ${MORE}`) },
    expects: {
      code: "portTaken",
      cause: [/port/],
      advice: [/hostPort|host port/i],
      never: [/cpu or memory/],
      next: ROLL_BACK,
    },
  },
  {
    name: "placement: no instance has the attribute",
    source: PAGE,
    scene: { ...ON_EC2, fails: unplaceable(`${CLOSEST} is missing an attribute required by your task. ${MORE}`) },
    expects: {
      code: "attributeMissing",
      cause: [/attribute/],
      never: [/cpu or memory/],
      next: ROLL_BACK,
    },
  },
  {
    name: "placement: the agent of the instance is disconnected",
    source: PAGE,
    scene: { ...ON_EC2, fails: unplaceable(`${CLOSEST} encountered error "AGENT". ${MORE}`) },
    expects: {
      code: "agentDisconnected",
      cause: [/agent/],
      never: [/cpu or memory/],
      next: TRY_AGAIN,
      isOfPlatform: true,
    },
  },
  {
    name: "placement: there is no instance",
    source: "public reports (No Container Instances were found in your cluster)",
    scene: { ...ON_EC2, fails: unplaceable(`Reason: No Container Instances were found in your cluster. ${MORE}`) },
    expects: {
      code: "noInstances",
      cause: [/instance/],
      never: [/cpu or memory/],
      next: TRY_AGAIN,
      isOfPlatform: true,
    },
  },
  {
    name: "placement: the same event is left out when it is repeated",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages.html",
    scene: { ...ON_EC2, settings: { leavesOutRepeatedEvents: true }, fails: unplaceable() },
    expects: { code: "noRoom", cause: [/memory/, /instance/], next: WAIT_OR_BACK },
  },
  {
    name: "placement: without a circuit breaker, until the time is up",
    source: PAGE,
    scene: {
      ...ON_EC2,
      service: { ...ON_EC2.service, ...NO_BREAKER },
      fails: unplaceable(`${CLOSEST} has insufficient memory available. ${MORE}`),
    },
    expects: { code: "noRoom", cause: [/memory/, /instance/], advice: [/instance/], next: ROLL_BACK },
  },
  {
    name: "placement: Fargate has no capacity",
    source: PAGE,
    scene: { fails: cannotStart(CAPACITY) },
    expects: {
      code: "capacityUnavailable",
      cause: [/capacity/i],
      advice: [/zone|subnet/],
      never: [/cpu or memory/],
      next: TRY_AGAIN,
      isOfPlatform: true,
    },
  },
  {
    name: "placement: Fargate has no capacity, without a circuit breaker",
    source: PAGE,
    scene: { service: NO_BREAKER, options: "--rollback-events DEPLOYMENT_FAILURE", fails: cannotStart(CAPACITY) },
    expects: {
      code: "capacityUnavailable",
      cause: [/capacity/i],
      never: [/cpu or memory/],
      isOfPlatform: true,
    },
  },
  {
    name: "placement: the vCPU quota is reached",
    source: PAGE,
    scene: {
      fails: cannotStart(
        "was unable to place a task. Reason: You've reached the limit on the number of vCPUs you can run concurrently. " +
          MORE,
      ),
    },
    expects: {
      code: "quotaReached",
      cause: [/vCPU/],
      advice: [/Service Quotas/],
      never: [/cpu or memory/],
      next: TRY_AGAIN,
      isOfPlatform: true,
    },
  },
  {
    name: "placement: the capacity provider has no instance",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html",
    scene: { ...ON_EC2, fails: failsToStart("TaskFailedToStart: EMPTY CAPACITY PROVIDER") },
    expects: {
      code: "noInstances",
      cause: [/instance|capacity provider/i],
      never: [/execution role/],
      next: TRY_AGAIN,
      isOfPlatform: true,
    },
  },
  {
    name: "placement: RESOURCE:MEMORY, after a long wait",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html",
    scene: { ...ON_EC2, fails: failsToStart("TaskFailedToStart: RESOURCE:MEMORY") },
    expects: {
      code: "noRoom",
      cause: [/memory/i, /instance|room/],
      never: [/ran out of memory/],
      next: WAIT_OR_BACK,
    },
  },
  {
    name: "placement: the scheduler is throttled",
    source: PAGE,
    scene: { fails: cannotStart("operations are being throttled. Will try again later.", false) },
    expects: {
      code: "throttled",
      cause: [/throttled/],
      never: [/cpu or memory/],
      next: WAIT_OR_BACK,
      isOfPlatform: true,
    },
  },
  {
    name: "platform: Spot takes the tasks",
    source: "the awsdocs' event samples; public reports (SpotInterruption)",
    scene: { fails: takenByPlatform("SpotInterruption", "Your Spot Task was interrupted.") },
    expects: {
      code: "spotInterrupted",
      cause: [/Spot/],
      advice: [/FARGATE|On-Demand|zone/],
      never: [/memory/i, /137/, /container app/],
      next: WAIT_OR_BACK,
      isOfPlatform: true,
    },
  },
  {
    name: "platform: the host is terminated",
    source: "public reports (Host EC2 (instance ...) terminated.)",
    scene: {
      ...ON_EC2,
      fails: takenByPlatform("TerminationNotice", "Host EC2 (instance i-0123456789abcdef0) terminated."),
    },
    expects: {
      code: "hostLost",
      cause: [/i-0123456789abcdef0|host|instance/],
      never: [/memory/i, /137/, /container app/],
      next: WAIT_OR_BACK,
      isOfPlatform: true,
    },
  },
];
