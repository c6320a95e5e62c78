import assert from "node:assert/strict";
import { diagnoseEvents, isRoutineEvent } from "../../../src/diagnosis/diagnose_events.ts";
import { serviceEvent } from "../made_up.ts";

const FAILURES: readonly (readonly [message: string, code: string])[] = [
  ["was unable to place a task because no container instance met all of its requirements.", "noRoom"],
  ["was unable to place a task. Reason: Capacity is unavailable at this time.", "capacityUnavailable"],
  ["was unable to place a task. Reason: a new one.", "notPlaced"],
  ["was unable to place a task. Reason: Task failed to start.", "tasksFailedToStart"],
  ["(task ca675154981d4ebd81b7a97747141a2e) failed container health checks.", "containerUnhealthy"],
  ["(port 8000) is unhealthy in (target-group arn:aws:x) due to (reason Health checks failed).", "targetUnhealthy"],
  ["is unable to consistently start tasks successfully.", "startsImpaired"],
  ["operations are being throttled on ELB. Will try again later.", "throttled"],
  ["(deployment ecs-svc/4) deployment failed: tasks failed to start.", "tasksFailedToStart"],
  ["(deployment ecs-svc/4) deployment failed: alarm detected.", "alarm"],
  ["has started 1 tasks: (task t).  Amazon ECS replaced 1 tasks due to an unhealthy status.", "unhealthy"],
  [
    "failed to register targets in (target-group arn:aws:x) with (error The following targets are not in the target group VPC)",
    "targetNotRegistered",
  ],
  [
    "was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the " +
    "minimumHealthyPercent or maximumPercent value and try again.",
    "deploymentBlocked",
  ],
  ["failed in a way that nobody has seen.", "unknown"],
];

for (const [message, code] of FAILURES) {
  Deno.test(`diagnoseEvents() takes for ${code}: ${message.slice(0, 80)}`, () => {
    const event = { id: "1", createdAtMs: 1, message: `(service retry-alarm) ${message}` };
    const found = diagnoseEvents([event], 0);
    assert.deepEqual(found.map((cause) => cause.code), [code]);
    assert.doesNotMatch(found[0]!.said, /retry-alarm/);
  });
}

Deno.test("diagnoseEvents() leaves out what went well, whatever it is named", () => {
  const messages = [
    "has started 1 tasks: (task ca675154981d4ebd81b7a97747141a2e).",
    "registered 1 targets in (target-group arn:aws:x/failed-unhealthy)",
    "has reached a steady state.",
    "(deployment ecs-svc/4) deployment completed.",
    "rolling back to deployment ecs-svc/3.",
  ];
  const events = messages.map((message, index) => serviceEvent(String(index), `(service retry-failed) ${message}`));
  assert.deepEqual(diagnoseEvents(events, 0), []);
});

Deno.test("diagnoseEvents() gives the events since a time, oldest first", () => {
  const events = [9_000, 8_000, 5_000, 4_000].map((at) =>
    serviceEvent(String(at), "was unable to place a task. Reason: Capacity is unavailable at this time.", at)
  );
  assert.deepEqual(diagnoseEvents(events, 5_000).map(({ atMs }) => atMs), [8_000, 9_000]);
});

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
