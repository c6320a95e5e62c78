/** Tasks that run, and are found unhealthy. */
import { failingHealthCheck, failingTargetGroup } from "../../emulator/behaviours.ts";
import { ROLL_BACK, type Row } from "../row.ts";
import { APP, ENVOY, TARGET_GROUP } from "../scene.ts";

const HEALTH_CHECK = {
  command: ["CMD-SHELL", "curl -f localhost:8080/health"],
  interval: 10,
  retries: 3,
  startPeriod: 5,
};
const CHECKED = { ...APP, healthCheck: HEALTH_CHECK };
const CONTAINER_PAGE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/healthcheck.html";
const PAGE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-unhealthy-event-messages.html";
const behind = (containerName: string, containerPort: number) => ({
  service: { loadBalancers: [{ targetGroupArn: TARGET_GROUP, containerName, containerPort }] },
});

export const HEALTH_ROWS: readonly Row[] = [
  {
    name: "health: the container's own check fails",
    source: CONTAINER_PAGE,
    scene: { containers: [CHECKED], fails: failingHealthCheck() },
    expects: {
      code: "containerUnhealthy",
      container: "app",
      cause: [/container app/, /health check/],
      advice: [/startPeriod/, /command/],
      never: [/memory/i, /security group/i, /healthCheckGracePeriodSeconds/, /target group/],
      next: ROLL_BACK,
    },
  },
  {
    name: "health: a sidecar's own check fails",
    source: CONTAINER_PAGE,
    scene: {
      containers: [CHECKED, { ...ENVOY, healthCheck: HEALTH_CHECK }],
      fails: failingHealthCheck({}, "envoy"),
    },
    expects: {
      code: "containerUnhealthy",
      container: "envoy",
      cause: [/container envoy/, /health check/],
      never: [/container app/, /memory/i],
      next: ROLL_BACK,
    },
  },
  {
    name: "health: the load balancer gets a 404",
    source: PAGE,
    scene: {
      ...behind("app", 8080),
      fails: failingTargetGroup(TARGET_GROUP, 8080, "Health checks failed with these codes: [404]"),
    },
    expects: {
      code: "targetUnhealthy",
      container: "app",
      cause: [/404/, /load balancer|target group|health check/i, /container app/],
      advice: [/path/],
      never: [/security group/i, /startPeriod/, /memory/i],
      next: ROLL_BACK,
    },
  },
  {
    name: "health: the load balancer gets a 502",
    source: PAGE,
    scene: {
      ...behind("app", 8080),
      fails: failingTargetGroup(TARGET_GROUP, 8080, "Health checks failed with these codes: [502]"),
    },
    expects: {
      code: "targetUnhealthy",
      container: "app",
      cause: [/502/, /container app/],
      never: [/security group/i, /startPeriod/],
      next: ROLL_BACK,
    },
  },
  {
    name: "health: the load balancer gets no answer",
    source: PAGE,
    scene: { ...behind("app", 8080), fails: failingTargetGroup(TARGET_GROUP, 8080, "Request timed out") },
    expects: {
      code: "targetUnhealthy",
      container: "app",
      cause: [/time|answer/, /8080/, /container app/],
      advice: [/security group/i, /healthCheckGracePeriodSeconds/],
      never: [/startPeriod/],
      next: ROLL_BACK,
    },
  },
  {
    name: "health: the load balancer asks the proxy",
    source: PAGE,
    scene: {
      containers: [APP, ENVOY],
      ...behind("envoy", 9901),
      fails: failingTargetGroup(TARGET_GROUP, 9901, "Health checks failed"),
    },
    expects: {
      code: "targetUnhealthy",
      container: "envoy",
      cause: [/container envoy/, /9901/],
      advice: [/healthCheckGracePeriodSeconds/],
      never: [/container app/, /startPeriod/],
      next: ROLL_BACK,
    },
  },
];
