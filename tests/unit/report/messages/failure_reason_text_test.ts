import { equal } from "node:assert/strict";
import type { FailureReason } from "../../../../src/rollout/judge/assess.ts";
import { describeReason } from "../../../../src/report/messages/failure_reason_text.ts";
import { revision } from "../../made_up.ts";

const ENDED = { code: "endedBefore", running: revision(3) } as const;

const REASONS: [FailureReason, string][] = [
  ["tasks failed to start", "tasks failed to start"],
  [{ ...ENDED, status: "STOPPED", said: "by alice" }, "by alice (it is STOPPED; the service is at myservice:3)"],
  [
    { ...ENDED, status: "ROLLBACK_FAILED", said: undefined },
    "ECS gives no reason (ECS did not succeed in going back; the service is at myservice:3)",
  ],
  [
    { code: "serviceDeploymentEnded", status: "ROLLBACK_FAILED" },
    "ECS gives no reason (service deployment ROLLBACK_FAILED)",
  ],
];

for (const [reason, expected] of REASONS) {
  Deno.test(`describeReason() says: ${expected}`, () => equal(describeReason(reason), expected));
}
