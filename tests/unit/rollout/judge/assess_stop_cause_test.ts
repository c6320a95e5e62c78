import assert from "node:assert/strict";
import type { ServiceDeployment } from "../../../../src/model/service_deployment.ts";
import { findStopCause, type RollbackEvent } from "../../../../src/rollout/judge/assess.ts";
import { serviceDeployment } from "../../made_up.ts";

const STOPPED = serviceDeployment({ status: "STOPPED" });
const BACK = serviceDeployment({ status: "ROLLBACK_SUCCESSFUL" });
const BREAKER = serviceDeployment({ status: "ROLLBACK_SUCCESSFUL", triggered: ["circuitBreaker"] });
const because = (statusReason: string) => ({ ...BACK, statusReason });

const CASES: [string, ServiceDeployment | undefined, string | undefined, RollbackEvent][] = [
  [
    "the record of an alarm",
    serviceDeployment({ triggered: ["alarm"] }),
    "circuit breaker",
    "DEPLOYMENT_STOP_ON_ALARM",
  ],
  ["the record of the breaker, whatever is named", BREAKER, "an alarm went off", "DEPLOYMENT_FAILURE"],
  ["the record's reason", because("The alarm was triggered."), "circuit breaker", "DEPLOYMENT_STOP_ON_ALARM"],
  [
    "the reason of the going back",
    { ...BACK, rollback: { reason: "Alarm: cpu", revisionArn: undefined } },
    undefined,
    "DEPLOYMENT_STOP_ON_ALARM",
  ],
  ["a text alone", undefined, "Alarms in ALARM state: cpu-high", "DEPLOYMENT_STOP_ON_ALARM"],
  [
    "a text alone about the breaker",
    undefined,
    "ECS deployment circuit breaker: tasks failed to start.",
    "DEPLOYMENT_FAILURE",
  ],
  ["no word at all", undefined, undefined, "DEPLOYMENT_FAILURE"],
  [
    "a service of that name",
    BACK,
    "(service cpu-alarm) rolling back to deployment ecs-svc/1.",
    "DEPLOYMENT_STOP_ON_REQUEST",
  ],
  [
    "a service called just that",
    BACK,
    "(service alarm) rolling back to deployment ecs-svc/1.",
    "DEPLOYMENT_STOP_ON_REQUEST",
  ],
  ["a service called just that, without brackets", BACK, "service alarm was stopped", "DEPLOYMENT_STOP_ON_REQUEST"],
  [
    "an ARN with that name",
    BACK,
    "arn:aws:ecs:eu-west-1:1:service/default/alarm was stopped by alarm-admin",
    "DEPLOYMENT_STOP_ON_REQUEST",
  ],
  [
    "a service of that name, without a record",
    undefined,
    "(service alarm) (deployment ecs-svc/1) failed",
    "DEPLOYMENT_FAILURE",
  ],
  [
    "a service of that name and an alarm",
    BACK,
    "(service cpu-alarm) was stopped by an alarm.",
    "DEPLOYMENT_STOP_ON_ALARM",
  ],
  [
    "a hook",
    because("Service deployment rolled back because PRE_SCALE_UP lifecycle hook(s) failed."),
    undefined,
    "DEPLOYMENT_FAILURE",
  ],
  [
    "a fault",
    because("Service deployment rolled back because of invalid networking configuration: x"),
    undefined,
    "DEPLOYMENT_FAILURE",
  ],
  [
    "a request",
    because("Service deployment rolled back because it was requested."),
    undefined,
    "DEPLOYMENT_STOP_ON_REQUEST",
  ],
  ["a stop without words", STOPPED, undefined, "DEPLOYMENT_STOP_ON_REQUEST"],
  ["a deployment under way", serviceDeployment(), "x", "DEPLOYMENT_FAILURE"],
];

for (const [name, record, reason, expected] of CASES) {
  Deno.test(`findStopCause(): ${name} means ${expected}`, () => {
    assert.equal(findStopCause(record, reason), expected);
  });
}
