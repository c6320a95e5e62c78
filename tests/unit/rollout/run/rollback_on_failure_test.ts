import assert from "node:assert/strict";
import type { ServiceDeployment } from "../../../../src/model/service_deployment.ts";
import type { RollbackEvent } from "../../../../src/rollout/judge/assess.ts";
import type { OutcomeKind } from "../../../../src/rollout/outcome.ts";
import { classifyEnd } from "../../../../src/rollout/run/rollback_on_failure.ts";
import { deployment, serviceDeployment } from "../../made_up.ts";

function failed(reason: string): OutcomeKind {
  return { kind: "failed", reason };
}

function turnedBack(reason: string): OutcomeKind {
  return { kind: "rolledBackByEcs", reason, to: undefined };
}

const BY_BREAKER = serviceDeployment({ status: "ROLLBACK_IN_PROGRESS", triggered: ["circuitBreaker"] });
const BY_ALARM = serviceDeployment({ status: "ROLLBACK_SUCCESSFUL", triggered: ["alarm"] });
const BY_REQUEST = serviceDeployment({ status: "ROLLBACK_REQUESTED" });
const PLAIN = serviceDeployment({ status: "IN_PROGRESS" });
const HOOK = serviceDeployment({ status: "ROLLBACK_SUCCESSFUL", statusReason: "A lifecycle hook returned FAILED." });

const TIMED_OUT = { kind: "timedOut", ordered: "yes" } as const;

const ENDS: [string, OutcomeKind, ServiceDeployment | undefined, RollbackEvent | undefined][] = [
  ["success", { kind: "succeeded" }, BY_BREAKER, undefined],
  ["nothing to do", { kind: "unchanged", taskDefinition: "myservice:4" }, BY_BREAKER, undefined],
  ["submitted", { kind: "submitted" }, BY_BREAKER, undefined],
  ["stale plan", { kind: "stalePlan", by: undefined }, BY_BREAKER, undefined],
  ["superseded", { kind: "superseded", by: deployment() }, BY_BREAKER, undefined],
  ["gone", { kind: "gone", status: "DRAINING" }, BY_BREAKER, undefined],
  ["interrupted", { kind: "interrupted", ordered: "yes" }, BY_BREAKER, undefined],
  ["timed out with failing tasks", { ...TIMED_OUT, isCrashLooping: true }, undefined, "DEPLOYMENT_FAILURE"],
  ["timed out with tasks that only take long", TIMED_OUT, PLAIN, undefined],
  ["timed out before the order", { ...TIMED_OUT, ordered: "no", isCrashLooping: true }, undefined, undefined],
  ["timed out, the order unknown", { ...TIMED_OUT, ordered: "unknown", isCrashLooping: true }, undefined, undefined],
  ["failed, no record", failed("tasks failed to start."), undefined, "DEPLOYMENT_FAILURE"],
  [
    "failed, by the breaker's words",
    failed("ECS deployment circuit breaker: x"),
    undefined,
    "DEPLOYMENT_FAILURE",
  ],
  ["failed, by the alarm's words", failed("an ALARM went off"), undefined, "DEPLOYMENT_STOP_ON_ALARM"],
  ["failed, by the record of the breaker", failed("x"), BY_BREAKER, "DEPLOYMENT_FAILURE"],
  ["failed, by the record of an alarm", failed("circuit breaker"), BY_ALARM, "DEPLOYMENT_STOP_ON_ALARM"],
  ["failed, on request", failed("x"), BY_REQUEST, "DEPLOYMENT_STOP_ON_REQUEST"],
  ["failed, the record has nothing to say", failed("x"), PLAIN, "DEPLOYMENT_FAILURE"],
  ["turned back, no record", turnedBack("rolling back to deployment"), undefined, "DEPLOYMENT_FAILURE"],
  ["turned back by the breaker", turnedBack("x"), BY_BREAKER, "DEPLOYMENT_FAILURE"],
  ["turned back by an alarm", turnedBack("x"), BY_ALARM, "DEPLOYMENT_STOP_ON_ALARM"],
  ["turned back on request", turnedBack("x"), BY_REQUEST, "DEPLOYMENT_STOP_ON_REQUEST"],
  [
    "turned back, the alarm in the record's reason",
    turnedBack("x"),
    { ...BY_REQUEST, rollback: { reason: "Alarm my-alarm", revisionArn: undefined } },
    "DEPLOYMENT_STOP_ON_ALARM",
  ],
  ["turned back by a lifecycle hook", turnedBack("x"), HOOK, "DEPLOYMENT_FAILURE"],
  ["stopped", failed("x"), serviceDeployment({ status: "STOPPED" }), "DEPLOYMENT_STOP_ON_REQUEST"],
];

for (const [name, outcome, record, expected] of ENDS) {
  Deno.test(`classifyEnd(): ${name} is ${expected ?? "no event"}`, () => {
    assert.equal(classifyEnd({ ...outcome, leftovers: [] }, record), expected);
  });
}
