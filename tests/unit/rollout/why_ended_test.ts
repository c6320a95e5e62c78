import assert from "node:assert/strict";
import type { ServiceDeployment } from "../../../src/model/service_deployment.ts";
import { type Ender, whyEnded } from "../../../src/rollout/why_ended.ts";
import { serviceDeployment } from "../made_up.ts";

const STOPPED = serviceDeployment({ status: "STOPPED" });
const BACK = serviceDeployment({ status: "ROLLBACK_SUCCESSFUL" });
const BREAKER = serviceDeployment({ status: "ROLLBACK_SUCCESSFUL", triggered: ["circuit breaker"] });
const because = (statusReason: string) => ({ ...BACK, statusReason });

const CASES: [string, ServiceDeployment | undefined, string | undefined, Ender][] = [
  ["the record of an alarm", serviceDeployment({ triggered: ["alarm"] }), "circuit breaker", "alarm"],
  ["the record of the breaker, whatever is named", BREAKER, "an alarm went off", "failure"],
  ["the record's reason", because("The alarm was triggered."), "circuit breaker", "alarm"],
  [
    "the reason of the going back",
    { ...BACK, rollback: { reason: "Alarm: cpu", revisionArn: undefined } },
    undefined,
    "alarm",
  ],
  ["a text alone", undefined, "Alarms in ALARM state: cpu-high", "alarm"],
  ["a text alone about the breaker", undefined, "ECS deployment circuit breaker: tasks failed to start.", "failure"],
  ["no word at all", undefined, undefined, "failure"],
  ["a service of that name", BACK, "(service cpu-alarm) rolling back to deployment ecs-svc/1.", "request"],
  ["a service called just that", BACK, "(service alarm) rolling back to deployment ecs-svc/1.", "request"],
  ["a service called just that, without brackets", BACK, "service alarm was stopped", "request"],
  [
    "an ARN with that name",
    BACK,
    "arn:aws:ecs:eu-west-1:1:service/default/alarm was stopped by alarm-admin",
    "request",
  ],
  ["a service of that name, without a record", undefined, "(service alarm) (deployment ecs-svc/1) failed", "failure"],
  ["a service of that name and an alarm", BACK, "(service cpu-alarm) was stopped by an alarm.", "alarm"],
  [
    "a hook",
    because("Service deployment rolled back because PRE_SCALE_UP lifecycle hook(s) failed."),
    undefined,
    "failure",
  ],
  [
    "a fault",
    because("Service deployment rolled back because of invalid networking configuration: x"),
    undefined,
    "failure",
  ],
  ["a request", because("Service deployment rolled back because it was requested."), undefined, "request"],
  ["a stop without words", STOPPED, undefined, "request"],
  ["a deployment under way", serviceDeployment(), "x", "failure"],
];

for (const [name, record, reason, expected] of CASES) {
  Deno.test(`whyEnded(): ${name} means ${expected}`, () => {
    assert.equal(whyEnded(record, reason), expected);
  });
}
