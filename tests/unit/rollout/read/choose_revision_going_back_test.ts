import assert from "node:assert/strict";
import type { ServiceSnapshot } from "../../../../src/model/service.ts";
import type { PastDeployment } from "../../../../src/model/service_deployment.ts";
import type { LeftChoice } from "../../../../src/rollout/read/revision_choice.ts";
import { deployment, revision, service, serviceEvent } from "../../made_up.ts";
import { awsError } from "../scripted_ports.ts";
import { choose, history } from "./chosen_revisions.ts";

Deno.test("chooseRevision() takes what the service shows to be replaced, where the record may not be read", async () => {
  const denied = { past: awsError("denied", "AccessDeniedException"), registered: [5, 4, 3, 2] };
  const beside = (changes: object, primary: object = {}) =>
    service({
      taskDefinition: revision(5).arn,
      deployments: [
        deployment({ id: "ecs-svc/5", taskDefinition: revision(5).arn, createdAtMs: 5_000, ...primary }),
        deployment({ status: "ACTIVE", taskDefinition: revision(2).arn, ...changes }),
      ],
    });
  const numbers = async (shown: ServiceSnapshot) => {
    const made = await choose({ kind: "previous" }, denied, { shown });
    return made.kind === "chosen" ? [made.revision, !made.isUnproven] : made;
  };
  assert.deepEqual(await numbers(beside({})), [2, true]);
  assert.deepEqual(await numbers(beside({}, { rolloutState: "FAILED" })), [2, true], "ECS has left what failed");
  assert.deepEqual(await numbers(beside({ rolloutState: undefined })), [2, true], "a Classic load balancer");
  assert.deepEqual(await numbers(beside({ rolloutState: "IN_PROGRESS" })), [4, false], "it was never completed");
});

const FAILED = deployment({
  id: "ecs-svc/5",
  status: "ACTIVE",
  taskDefinition: revision(5).arn,
  rolloutState: "FAILED",
});
const REVERTING = deployment({ rolloutState: "IN_PROGRESS" });
const EVENT = serviceEvent("e", "rolling back to deployment ecs-svc/4.", 6_000);
const SHOWN: [string, ServiceSnapshot][] = [
  ["FAILED", service({ deployments: [REVERTING, FAILED] })],
  [
    "still IN_PROGRESS",
    service({
      deployments: [REVERTING, {
        ...FAILED,
        rolloutState: "IN_PROGRESS",
        rolloutStateReason: "ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/4.",
      }],
    }),
  ],
  ["the event", service({ events: [EVENT] })],
  ["under an id of its own", service({ deployments: [deployment({ createdAtMs: 6_100 })], events: [EVENT] })],
];

Deno.test("chooseRevision() stays where the service shows that ECS goes back, whatever the record says", async () => {
  for (const [name, snapshot] of SHOWN) {
    for (const past of [history("2", "3", "4", "5?"), awsError("denied", "AccessDeniedException")]) {
      const made = await choose({ kind: "previous" }, { past, registered: [5, 4, 3] }, { shown: snapshot });
      assert.equal(made.kind === "chosen" && made.revision, 4, name);
      assert.equal(made.reason?.code, "ecsWentBack", name);
    }
  }
  const since = service({ deployments: [deployment({ createdAtMs: 70_000 })], events: [EVENT] });
  const made = await choose({ kind: "previous" }, { past: history("3", "4") }, { shown: since });
  assert.equal(made.kind === "chosen" && made.revision, 3, "somebody has deployed since");
  const soon = service({ deployments: [deployment({ createdAtMs: 7_000 })], events: [EVENT] });
  const again: PastDeployment = { ...history("4")[0]!, arn: "arn:sd/again", createdAtMs: 7_000 };
  const anew = await choose({ kind: "previous" }, { past: [...history("3", "5!"), again] }, { shown: soon });
  assert.equal(anew.kind === "chosen" && anew.revision, 3, "somebody has deployed within a minute");
  const failedBack = service({ deployments: [deployment({ rolloutState: "FAILED" }), FAILED] });
  const further = await choose({ kind: "previous" }, { past: history("3", "4", "5x", "4x") }, { shown: failedBack });
  assert.equal(further.kind === "chosen" && further.revision, 3, "the way back has failed, too");
  const named = { shown: SHOWN[2]![1], from: { kind: "number", revision: 4 } as const };
  const left = await choose({ kind: "previous" }, { past: history("3", "4", "5!") }, named);
  assert.equal(left.kind === "chosen" && left.revision, 3, "what ECS has gone back to is named as what is to be left");
  const over = service({ deployments: [REVERTING, { ...FAILED, taskDefinition: revision(3).arn }] });
  const deployed = await choose({ kind: "previous" }, { past: history("2", "3x", "4?") }, { shown: over });
  assert.equal(deployed.kind === "chosen" && deployed.revision, 2, "what failed was replaced by a newer one");
});

Deno.test("chooseRevision() says that a way back is left, for an hour, by AWS's clock", async () => {
  const leaves = async (awsNowMs: number, made: string[], from?: LeftChoice) => {
    const chosen = await choose({ kind: "previous" }, { past: history(...made), awsNowMs }, from && { from });
    return chosen.kind === "chosen" && [chosen.revision, chosen.leavesRollback];
  };
  const back = ["3", "4", "5", "4"];
  assert.deepEqual(await leaves(3_500 + 3_599_000, back), [3, true]);
  assert.deepEqual(await leaves(-1_000_000, back), [3, true], "a clock that is slow");
  assert.deepEqual(await leaves(3_500 + 3_600_000, back), [3, false]);
  assert.deepEqual(await leaves(4_000, back, { kind: "number", revision: 4 }), [3, false], "what is left is named");
  assert.deepEqual(await leaves(4_000, ["3", "5", "4"]), [5, false], "4 was deployed, and not brought back");
  assert.deepEqual(await leaves(9_000, ["3", "4", "5", "4", "4"]), [3, true], "and deployed once more");
  assert.deepEqual(await leaves(9_000, ["3", "4", "5", "4", "4x"]), [3, true], "once more, which failed");
  assert.deepEqual(await leaves(9_000, ["3", "4", "5", "4x"]), [5, false], "the way back has failed");
  assert.deepEqual(await leaves(9_000, ["3", "4", "3", "4"]), [3, false], "4 was deployed anew after it was left");
});

Deno.test("chooseRevision() goes back from what is named, however often it is asked", async () => {
  const running4 = service();
  const running5 = service({
    taskDefinition: revision(5).arn,
    deployments: [deployment({ id: "ecs-svc/5", taskDefinition: revision(5).arn, createdAtMs: 5_000 })],
  });
  const from: LeftChoice = { kind: "number", revision: 5 };
  const numberOf = async (shown: ServiceSnapshot, ...made: string[]) => {
    const chosen = await choose({ kind: "previous" }, { past: history(...made), registered: [5, 4, 3] }, {
      shown,
      from,
    });
    return chosen.kind === "chosen" ? chosen.revision : chosen.kind;
  };
  assert.equal(await numberOf(running5, "3", "4", "5"), 4, "the first time");
  assert.equal(await numberOf(running4, "3", "4", "5", "4?"), 4, "under way");
  assert.equal(await numberOf(running4, "3", "4", "5", "4"), 4, "the second time");
  assert.equal(await numberOf(running4, "3", "4", "5!"), 4, "ECS was faster");
  assert.equal(await numberOf(running4, "3", "4", "5x", "4"), 4, "rolled back");
  const four: LeftChoice = { kind: "number", revision: 4 };
  const leaving4 = async (...made: string[]) => {
    const chosen = await choose({ kind: "previous" }, { past: history(...made) }, { shown: running4, from: four });
    return chosen.kind === "chosen" ? chosen.revision : chosen.kind;
  };
  assert.equal(await leaving4("3", "4", "3!"), 3, "once more, where ECS has turned the way back around");
  assert.equal(await leaving4("3", "4", "5!"), 3, "what ECS has gone back to is named");
  assert.equal(await leaving4("3", "4", "5x", "4"), 3, "what has been rolled back to is named");
  assert.equal(await leaving4("3", "4", "4!"), 4, "only the deployment of it once more has failed");
  const running6 = service({
    taskDefinition: revision(6).arn,
    deployments: [deployment({ taskDefinition: revision(6).arn })],
  });
  assert.equal(await numberOf(running6, "3", "4", "5", "4", "6"), 4, "what somebody has deployed since is not it");
});
