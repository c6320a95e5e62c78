import assert from "node:assert/strict";
import type { Deployment } from "../../../src/model/service.ts";
import { describeLiveOf } from "../../../src/report/live_now.ts";
import { formatLocalTime } from "../../../src/report/messages/log.ts";
import { deployment, revision } from "../made_up.ts";

const SINCE = formatLocalTime(4_000).slice(0, -3);
const of = (number: number, changes: Partial<Deployment> = {}) =>
  deployment({ id: `ecs-svc/${number}`, taskDefinition: revision(number).arn, ...changes });
const old = (number: number, runningCount = 2) => of(number, { status: "ACTIVE", runningCount });
/** Revision 5 was to replace 4, and has failed. */
const FAILED = revision(5).arn;

const CASES: readonly (readonly [
  deployments: readonly Deployment[],
  facts: Parameters<typeof describeLiveOf>[1],
  said: string,
])[] = [
  [[], {}, ""],
  [[of(5)], {}, "myservice:5 is live: 2 of 2 tasks."],
  [[of(5, { runningCount: 0 })], {}, "NOTHING is live: myservice:5 has 0 of 2 tasks."],
  [[of(5, { runningCount: 0 }), old(4)], {
    failed: FAILED,
    hasEnded: true,
  }, `myservice:4 is still live: 2 of 2 tasks (deployed ${SINCE}).`],
  [
    [of(5, { runningCount: 1 }), old(4)],
    {},
    `myservice:4 is still live: 2 of 2 tasks (deployed ${SINCE}); myservice:5 has 1 of 2 tasks yet.`,
  ],
  [[of(5, { runningCount: 1 }), old(4, 1)], {}, "Both are live: myservice:5 with 1 of 2 tasks, myservice:4 with 1."],
  // ECS rolls back: PRIMARY is the old one again.
  [
    [of(4, { runningCount: 0 }), old(5)],
    { failed: FAILED },
    "The failed myservice:5 is STILL LIVE: 2 tasks; myservice:4 has 0 of 2 tasks yet.",
  ],
  [
    [of(4), old(5)],
    { failed: FAILED, traffic: "old" },
    "myservice:4 is still live: its 2 tasks get all production traffic, the 2 of myservice:5 get none.",
  ],
  [
    [of(4), old(5)],
    { failed: FAILED, traffic: "moving" },
    "Both are live: production traffic is moving between myservice:5 (2 tasks) and myservice:4 (2 tasks).",
  ],
  [
    [of(4), old(5)],
    { failed: FAILED, traffic: "unknown" },
    "myservice:5 has 2 tasks and myservice:4 2: which of them gets the production traffic is not known.",
  ],
  // ECS does not roll back, or not yet.
  [
    [of(5), old(4)],
    { failed: FAILED, traffic: "new" },
    "The failed myservice:5 is STILL LIVE: its 2 tasks get all production traffic, the 2 of myservice:4 get none.",
  ],
  [
    [of(5, { runningCount: 0 }), of(5, { id: "ecs-svc/1", status: "ACTIVE" })],
    {},
    `The earlier deployment of myservice:5 is still live: 2 of 2 tasks (deployed ${SINCE}); myservice:5 has 0 of 2 tasks yet.`,
  ],
];

for (const [deployments, facts, said] of CASES) {
  Deno.test(`describeLiveOf(): ${said}`, () => assert.equal(describeLiveOf(deployments, facts), said));
}
