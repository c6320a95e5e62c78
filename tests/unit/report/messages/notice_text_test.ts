import assert from "node:assert/strict";
import { NONE_SUSPENDED } from "../../../../src/model/scalable_target.ts";
import type { PlanNotice } from "../../../../src/rollout/plan/notice.ts";
import type { ChoiceReason, Doubt, NoChoiceReason } from "../../../../src/rollout/read/chosen_revision.ts";
import { describePlanNotice } from "../../../../src/report/messages/notice_text.ts";
import { describeChoice, describeNoChoice } from "../../../../src/report/messages/reason_text.ts";
import { DENIED, revision, scalableTarget } from "../../made_up.ts";

const RUNS = { running: revision(4) };
const target = scalableTarget();
const MOVING = { shift: { steps: 4, stepMinutes: 5 }, bakeMinutes: 45, minutes: 60 };
const PAUSE = { stages: ["PRE_SCALE_UP", "PRE_PRODUCTION_TRAFFIC_SHIFT"], timeoutMinutes: 1_440 };
const SHIFTS = "traffic is shifted in 4 steps, 5 minutes apart";
const STAYS = "the old tasks stay for 45 minutes after the traffic was shifted (bake time)";

const NOT_READ = { code: "notRead", denial: DENIED, alsoDenied: [] } as const;

const NOTICES: [PlanNotice, RegExp | string][] = [
  [
    { ...NOT_READ, parts: ["ran"], intent: "rollback", target: revision(3), startsByTags: true },
    "ListThings failed: AccessDenied; what ran with myservice:3 is not known: its tasks start what the image tags name today, and the " +
    "service keeps the settings that it has now",
  ],
  [
    {
      ...NOT_READ,
      parts: ["ran"],
      intent: "rollback",
      target: revision(3),
      startsByTags: false,
      restoresNothing: true,
    },
    "ListThings failed: AccessDenied; what ran with myservice:3 is not known: --restore service restores nothing",
  ],
  [
    { ...NOT_READ, alsoDenied: ["Other"], parts: ["underWay", "ran"], intent: "rollback", target: revision(3) },
    "ListThings failed: AccessDenied; Other failed, too; whether ECS can roll back by itself is not known; what ran with myservice:3 is not known",
  ],
  [{ ...NOT_READ, parts: ["underWay"], intent: "wait" }, /; whether ECS is rolling the deployment back is not known$/],
  [{ ...NOT_READ, parts: ["underWay"], intent: "deploy" }, /; whether ECS is rolling a deployment back is not known$/],
  [
    { ...NOT_READ, parts: ["settings"], intent: "deploy", members: ["monitoring", "volumeConfigurations"] },
    /; the service's monitoring, volumeConfigurations may not be read: it gets what the service definition says$/,
  ],
  [
    { code: "scalingNotRead", denial: DENIED },
    "ListThings failed: AccessDenied; whether auto scaling has set the number of tasks is not known",
  ],
  [{ code: "cannotChange", name: "role" }, /^role stays as it is: it differs/],
  [{ code: "notInDefinition", name: "loadBalancers" }, /^loadBalancers stays as it is: /],
  [
    { code: "staysAfterFailure", name: "monitoring", isUnread: false },
    /: the service has none yet, and no update removes it$/,
  ],
  [
    { code: "deploymentHasFailed", deployment: "ecs-svc/4", reason: undefined },
    /ecs-svc\/4, .* FAILED: ECS gives no reason$/,
  ],
  [{ code: "alarmsNotNamed", alarms: ["5xx"] }, /^NOT rolled back if the alarm 5xx ends this deploy: /],
  [
    { code: "alarmsNotNamed", alarms: ["5xx", "latency"] },
    /^NOT rolled back if an alarm \(5xx, latency\) ends this deploy: /,
  ],
  [
    { code: "pauses", ...PAUSE, timeoutAction: "ROLLBACK", steps: 2, isForeseen: false },
    "a rollback waits at PRE_SCALE_UP and at PRE_PRODUCTION_TRAFFIC_SHIFT, 2 times, until somebody answers (PAUSE " +
    "hook); after 24 hours ECS rolls it back",
  ],
  [
    { code: "pauses", ...PAUSE, timeoutMinutes: 90, timeoutAction: "CONTINUE", steps: 1, isForeseen: true },
    /PRE_PRODUCTION_TRAFFIC_SHIFT until .*; after 90 minutes it goes on by itself$/,
  ],
  [
    { code: "wholeDeployment", ...MOVING, shorterTimeoutMs: undefined, isForeseen: false },
    `a rollback takes at least 1 hour, plus the start of its tasks: ${SHIFTS}, ${STAYS}`,
  ],
  [
    { code: "wholeDeployment", ...MOVING, bakeMinutes: 0, shorterTimeoutMs: 90_000, isForeseen: false },
    /minutes apart; it will not be completed within the timeout of 90 seconds: give a longer --timeout/,
  ],
  [
    { code: "shiftsBack", ...MOVING, shorterTimeoutMs: 60_000, isForeseen: false },
    /^ECS may shift traffic back as slowly .*; it may not be back within the timeout of 1 minute: /,
  ],
  [
    { code: "suspendedBefore", by: "", atMs: 0 },
    /^somebody suspended auto scaling with ecspresso at 1970-01-01T00:00:00\.000Z: /,
  ],
  [
    {
      code: "suspensionNotRecorded",
      why: { code: "tagsDenied", denial: DENIED },
      target,
      prior: { ...NONE_SUSPENDED, scheduledScalingSuspended: true },
    },
    /^only this run knows .* \(ListThings failed: AccessDenied\).*ScheduledScalingSuspended=true$/,
  ],
  [
    { code: "suspensionNotRead", why: { code: "takesNoTags" }, target },
    /\(.* from before 2023-03-20 and takes no tags\); to resume all of it: aws .*Suspended=false$/,
  ],
  [
    { code: "endedBefore", finishedAtMs: 9_000, ...RUNS, runningCount: 2, desiredCount: 5 },
    "no deployment is under way: the newest ended at 1970-01-01T00:00:09.000Z. Now myservice:4 runs 2 of 5 tasks",
  ],
  [
    { code: "endedBefore", finishedAtMs: undefined, ...RUNS, runningCount: 2, desiredCount: 5 },
    /^no deployment is under way: the newest ended\. Now/,
  ],
  [
    { code: "stoppedOnRequest", stopped: undefined, ...RUNS, reason: undefined },
    "somebody stopped the newest deployment, and ECS went back to myservice:4",
  ],
  [
    { code: "stoppedOnRequest", stopped: revision(5), ...RUNS, reason: "by alice" },
    /^somebody stopped the newest deployment of myservice:5, .* myservice:4: by alice$/,
  ],
  [{ code: "usedByServices", revision: revision(4), services: ["a"] }, /while the service a uses it/],
  [{ code: "usedByServices", revision: revision(4), services: ["a", "b"] }, /while the services a, b use it/],
];

const DOUBT: Doubt = { code: "copyNotRead", revision: revision(4), denial: DENIED };

const REASONS: [ChoiceReason, RegExp | string][] = [
  [
    { code: "ecsWentBack", target: revision(4), failed: undefined },
    "ECS rolled back to it from a deployment that failed: myservice:4 ran before it. To go further back, give the number",
  ],
  [
    { code: "turnedBack", target: revision(4), failed: revision(5), isOnceMore: true },
    /, of myservice:5 once more, was rolled back/,
  ],
  [
    { code: "turnedBack", target: revision(4), failed: revision(5), isOnceMore: false },
    /, of myservice:5, was rolled back/,
  ],
];

const NO_CHOICES: [NoChoiceReason, RegExp | string][] = [
  [
    { code: "noLower", from: revision(4), doubt: DOUBT },
    "ListThings failed: AccessDenied; whether myservice:4 is a copy is not known, and no lower revision is registered",
  ],
  [{ code: "foreignAccount", ...RUNS }, /which runs arn:\S+:4$/],
];

function check<Value>(table: [Value, RegExp | string][], describe: (value: Value) => string): void {
  for (const [value, expected] of table) {
    if (typeof expected === "string") assert.equal(describe(value), expected);
    else assert.match(describe(value), expected);
  }
}

Deno.test("a notice says what the user should know", () => check(NOTICES, describePlanNotice));

Deno.test("a reason says why a revision was chosen, or why there is none", () => {
  check(REASONS, describeChoice);
  check(NO_CHOICES, describeNoChoice);
});
