import assert from "node:assert/strict";
import type { Cause } from "../../../src/diagnosis/cause.ts";
import { closingOf, linesOf } from "../../../src/report/closing.ts";
import { formatClockTime, nameZone } from "../../../src/report/messages/log.ts";
import { reduce } from "../../../src/report/reduce.ts";
import { EMPTY_STATE } from "../../../src/report/state.ts";
import type { RolloutEvent } from "../../../src/rollout/events.ts";
import type { Leftover } from "../../../src/rollout/outcome.ts";
import { DENIED, deployment, revision, serviceDeployment } from "../made_up.ts";
import {
  assertSaid,
  BACK,
  BROKEN,
  CAUSE,
  closed,
  ecspresso,
  ended,
  FAILED,
  LOG,
  seen,
  STILL_LIVE,
  type Story,
  SUSPENDED,
  WHY,
} from "./stories.ts";

const STAYS = "error ECS starts no more tasks of myservice:5, but the service is still set to it.";
const NOT_URGENT =
  "error ECS starts no more tasks of myservice:5. Not urgent, users are on myservice:4: if a task of myservice:4 stops, " +
  "ECS starts another of it.";
const QUOTA_ADVICE =
  "scale down services that are not needed, in this account and region, or raise the quota in Service Quotas (AWS " +
  "Fargate: Fargate On-Demand or Spot vCPU resource count), which may take hours; the release is not to blame";
const QUOTA: Cause = {
  ...{ code: "quotaReached", container: undefined, exitCode: undefined, count: 3, about: { missing: "vCPUs" } },
  ...{ said: "was unable to place a task.", taskArn: undefined, atMs: undefined },
};

const STORIES: Readonly<Record<string, readonly [story: Story, lines: readonly string[]]>> = {
  "a deploy that succeeds": [
    { happened: [seen({}, undefined)], outcome: { kind: "succeeded" }, exitCode: 0 },
    ["info Deployed: myservice:5 is live, 2 of 2 tasks, after 20s."],
  ],
  "a rollback that succeeds with something left to do": [
    {
      ...{ command: "rollback", happened: [seen({}, undefined)], outcome: { kind: "succeeded" } },
      ...{ leftovers: [SUSPENDED], exitCode: 8 },
    },
    [
      "error Rolled back: myservice:5 is live, 2 of 2 tasks, after 20s, but 1 thing is left to do.",
      "error auto scaling of service/default/myservice may still be suspended (ListThings failed: AccessDenied); still to do: aws ",
    ],
  ],
  "a service that is to have no task": [
    {
      command: "wait",
      happened: [seen({ desiredCount: 0, runningCount: 0 }, undefined)],
      outcome: { kind: "succeeded" },
      exitCode: 0,
    },
    ["info myservice:5 is live, with no task (its desired count is 0), after 20s."],
  ],
  "an order that nobody waits for": [
    { outcome: { kind: "submitted" }, exitCode: 0 },
    ["info ECS has accepted the deploy.", `info to follow the deployment: ${ecspresso("wait")}`],
  ],
  "a deploy that fails, of a known cause": [
    { happened: BROKEN, outcome: FAILED, exitCode: 6 },
    [
      `error Deploy of myservice:5 failed: ${WHY}. ${STILL_LIVE}.`,
      NOT_URGENT,
      `error first, so that nothing starts myservice:5 again, ${BACK}`,
      `error then: ${LOG}`,
    ],
  ],
  "a deploy that fails, and not by the release's fault": [
    { happened: [BROKEN[0], { kind: "causes", causes: [QUOTA] }], outcome: FAILED, exitCode: 6 },
    [
      `error Deploy of myservice:5 failed: the account's quota of vCPUs is used up. ${STILL_LIVE}.`,
      `${STAYS} If a task of myservice:4 stops, its replacement may fail in the same way.`,
      `error do not roll back, because that needs new tasks, too; first: ${QUOTA_ADVICE}`,
      "error then start myservice:5 again: aws ecs update-service ",
    ],
  ],
  "what ECS goes on with, and not by the release's fault": [
    {
      command: "wait",
      happened: [BROKEN[0], { kind: "causes", causes: [QUOTA] }],
      outcome: { kind: "givenUp", stopped: 0, unstarted: 3, limit: 3 },
      exitCode: 6,
    },
    [
      "error Deployment of myservice:5 failed: the account's quota of vCPUs is used up; ecspresso gave up on it: ECS could " +
      `not start a task 3 times (--fail-after 3). ${STILL_LIVE}; myservice:5 has 0 of 2 tasks yet. ECS keeps trying.`,
      `error advice: ${QUOTA_ADVICE}`,
      `error see what runs now: ${ecspresso("status")}`,
    ],
  ],
  "a deploy that fails, and ECS alone knows why": [
    {
      happened: [seen({ runningCount: 1, rolloutState: "FAILED" }, 1)],
      outcome: FAILED,
      plan: { from: undefined },
      exitCode: 6,
    },
    [
      "error Deploy of myservice:5 failed: ECS deployment circuit breaker: tasks failed to start. Both are live: myservice:5 " +
      "with 1 of 2 tasks, myservice:4 with 1.",
      STAYS,
      "error why its tasks stopped: aws ecs list-tasks ",
    ],
  ],
  "a deploy that has taken the old tasks away": [
    { happened: [seen({ runningCount: 0, rolloutState: "FAILED" }, 0), BROKEN[1]], outcome: FAILED, exitCode: 6 },
    [
      `error Deploy of myservice:5 failed: ${WHY}. NOTHING is live: myservice:5 has 0 of 2 tasks.`,
      STAYS,
      `error first set the service back to myservice:4: ${ecspresso("rollback --revision 4 --from 5")}`,
      `error then: ${LOG}`,
    ],
  ],
  "a deploy with no task on its way": [
    {
      happened: [seen({ runningCount: 0 }, 2), seen({ runningCount: 0 }, 0), seen({}, undefined)],
      ...{ outcome: { kind: "succeeded" }, exitCode: 0 },
    },
    [
      "info Deployed: myservice:5 is live, 2 of 2 tasks, after 40s. " +
      `OUTAGE from ${formatClockTime(40_000)} to ${formatClockTime(50_000)} (${
        nameZone(0)
      }): no task ran for about 10s.`,
    ],
  ],
  "a rollback that ECS turns back": [
    {
      command: "rollback",
      happened: BROKEN,
      outcome: {
        ...{ kind: "rolledBackByEcs", reason: "(service myservice) rolling back to deployment ecs-svc/4." },
        to: deployment({ rolloutState: "IN_PROGRESS", runningCount: 1 }),
      },
      exitCode: 6,
    },
    [
      `error Rollback to myservice:5 failed: ${WHY}. ${STILL_LIVE}; myservice:5 has 0 of 2 tasks yet. ECS is rolling back ` +
      "to myservice:4.",
      `error advice: ${LOG}`,
      `error list the revisions (then type ecspresso rollback --config c.yml --revision N): ${
        ecspresso("revisions --output table")
      }`,
    ],
  ],
  "a deploy that an alarm ends, and that is not rolled back": [
    {
      happened: [BROKEN[0], { kind: "causes", causes: [{ ...CAUSE, taskArn: "arn:task" }] }],
      outcome: FAILED,
      afterwards: [
        { kind: "alarmsTriggered", names: ["web-5xx"] },
        {
          ...{ kind: "rollbackDecided", trigger: "DEPLOYMENT_STOP_ON_ALARM", unless: "notNamed" },
          named: ["DEPLOYMENT_FAILURE"],
        },
      ],
      exitCode: 6,
    },
    [
      "error Deploy of myservice:5 failed: CloudWatch alarm web-5xx fired. NOT rolled back: an alarm failed this deploy " +
      `(DEPLOYMENT_STOP_ON_ALARM), and --rollback-events names only DEPLOYMENT_FAILURE. ${STILL_LIVE}.`,
      NOT_URGENT,
      `error ${BACK}`,
    ],
  ],
  "somebody else's deployment": [
    {
      happened: [seen({ runningCount: 0 }, 2)],
      outcome: { kind: "superseded", by: deployment({ id: "ecs-svc/6" }) },
      exitCode: 6,
    },
    [
      "error Deploy of myservice:5 was superseded: somebody else started deployment ecs-svc/6 to myservice:4. " +
      `${STILL_LIVE}; myservice:5 has 0 of 2 tasks yet.`,
      `error see what runs now: ${ecspresso("status")}`,
    ],
  ],
  "a service that is deleted": [
    { outcome: { kind: "gone", status: "DRAINING" }, exitCode: 6 },
    [
      "error Somebody deleted the service during the deploy (it is DRAINING).",
      `error see what runs now: ${ecspresso("status")}`,
    ],
  ],
};

for (const [about, [story, lines]] of Object.entries(STORIES)) {
  Deno.test(`closingOf() ${about}`, () => assertSaid(story, lines));
}

Deno.test("closingOf() says of each line which part it is, of advice only where the cause's own is all of it", () => {
  const partsOf = (story: Partial<Story>) => {
    const state = ended({ happened: BROKEN, outcome: FAILED, exitCode: 6, ...story });
    return linesOf(closingOf(state, state.services[0])!).map(([, , , part]) => part);
  };
  assert.deepEqual(partsOf({ command: "rollback", leftovers: [SUSPENDED], happened: [seen({}, 2), BROKEN[1]] }), [
    ...["message", undefined, "leftover", "nextStep", "nextStep"],
  ]);
  const awaitingHooks: RolloutEvent = {
    kind: "progress",
    progress: {
      events: [],
      deployments: [],
      serviceDeployment: serviceDeployment({ awaitingHooks: ["hook-1"] }),
    },
  };
  const waits = (code: Cause["code"]) =>
    partsOf({
      happened: [seen({ runningCount: 1 }, 2), { kind: "causes", causes: [{ ...CAUSE, code }] }, awaitingHooks],
      outcome: { kind: "timedOut", ordered: "yes" },
    });
  assert.deepEqual(waits("exited"), ["message", "advice", "nextStep"]);
  assert.deepEqual(waits("networkMissing"), ["message", undefined, "nextStep"]);
});

Deno.test("closingOf() never loses what is left to do, however much that is", () => {
  const leftovers = [1, 2, 3, 4, 5, 6].map((number): Leftover => {
    return { code: "notDeregistered", taskDefinition: revision(number), mayBe: false, error: DENIED };
  });
  const lines = closed({ happened: BROKEN, outcome: FAILED, leftovers, exitCode: 6 });
  for (const { revision } of [1, 2, 3, 4, 5, 6].map((revision) => ({ revision }))) {
    assert.equal(lines.filter((line) => line.includes(`myservice:${revision} is not deregistered`)).length, 1);
  }
});

Deno.test("closingOf() a run that has shown what was asked for says nothing", () => {
  const state = reduce(EMPTY_STATE, { kind: "finished", exitCode: 9 }, 0);
  assert.equal(closingOf(state, undefined), undefined);
});
