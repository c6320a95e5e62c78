import assert from "node:assert/strict";
import { isRoutineEvent } from "../../../src/model/is_routine_event.ts";

/** As ECS words them. */
const MESSAGES: Readonly<Record<"routine" | "news", readonly string[]>> = {
  routine: [
    "(service web) has started 2 tasks: (task cac81a09) (task ddb93b15).",
    "(service web, taskSet ecs-svc/1000011009725853704) has started 1 tasks: (task cac81a09).",
    "(service web) has stopped 2 running tasks: (task cac81a09) (task ddb93b15).",
    "(service web) stopped 1 pending tasks.",
    "(service web) registered 1 targets in (target-group arn:aws:elasticloadbalancing:x:1:targetgroup/web/1)",
    "(service web) deregistered 1 targets in (target-group arn:aws:elasticloadbalancing:x:1:targetgroup/web/1)",
    "(service web, taskSet ecs-svc/1) has begun draining connections on 2 tasks.",
    "(service web) has reached a steady state.",
    "(service web) (deployment ecs-svc/1) deployment completed.",
    "(service web) (deployment ecs-svc/1) deployment failed: tasks failed to start.",
    "(service web) (deployment ecs-svc/1) deployment failed: alarm detected.",
    "(service web) rolling back to deployment ecs-svc/1000011009725853704.",
  ],
  news: [
    "(service web) (task cac81a09) failed container health checks.",
    "(service web) (port 8080) is unhealthy in (target-group arn:aws:elasticloadbalancing:x:1:targetgroup/web/1) due " +
    "to (reason Health checks failed with these codes: [503])",
    "(service web) (instance i-0123456789abcdef0) is unhealthy in (elb web) due to (reason Instance has failed at " +
    "least the UnhealthyThreshold number of health checks consecutively.)",
    "(service web) (task cac81a09) (port 8080) is unhealthy in (target-group arn:aws:x) due to (reason Request timed out)",
    "(service web) was unable to place a task because no container instance met all of its requirements.",
    "(service web) is unable to consistently start tasks successfully. For more information, see the Troubleshooting " +
    "section of the Amazon ECS Developer Guide.",
    "(service web) operations are being throttled on elb. Will try again later.",
    "(service web) (deployment ecs-svc/1) deployment failed: lifecycle hook failed.",
    "(service has started 2 tasks) was unable to place a task.",
    "(service web) has reached a limit.",
    "",
  ],
};

for (const [kind, messages] of Object.entries(MESSAGES)) {
  for (const message of messages) {
    Deno.test(`isRoutineEvent() takes for ${kind}: ${message}`, () =>
      assert.equal(isRoutineEvent(message), kind === "routine"));
  }
}
