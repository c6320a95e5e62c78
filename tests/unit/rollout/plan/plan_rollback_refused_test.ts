import assert from "node:assert/strict";
import { planRollback } from "../../../../src/rollout/plan/plan_rollback.ts";
import type { Refusal, RefusalReason } from "../../../../src/rollout/plan/refusal.ts";
import type { CurrentState } from "../../../../src/rollout/read/current_state.ts";
import type { ListedRevisions } from "../../../../src/rollout/read/chosen_revision.ts";
import {
  chosen,
  currentState,
  deployment,
  REF,
  refusalOf,
  revision,
  ROLLBACK_OPTIONS,
  service,
  taskDefinition,
  taskSet,
} from "../../made_up.ts";
import { DOUBT, NEXT, PREVIOUS } from "./planned_rollbacks.ts";

const LISTED: ListedRevisions = { numbers: [7, 6, 4], deployed: { 6: "STOPPED" } };

function refusal(state: CurrentState): Refusal {
  return refusalOf(planRollback(state, ROLLBACK_OPTIONS));
}

const RUNS = { running: revision(4) };
const TARGET = revision(3);
const ATTACHMENT = { kind: "loadBalancer" as const, name: "arn:tg", containerName: "app", containerPort: 8080 };

const REFUSED: [Partial<CurrentState>, RefusalReason][] = [
  [{ service: undefined }, { code: "serviceMissing" }],
  [{ service: service({ status: "DRAINING" }) }, { code: "serviceNotActive", status: "DRAINING" }],
  [{ service: service({ status: "INACTIVE" }) }, { code: "serviceNotActive", status: "INACTIVE" }],
  [
    {
      service: service({
        deploymentController: "CODE_DEPLOY",
        taskSets: [taskSet({ externalId: undefined }), taskSet({ externalId: "d-ABC" })],
        attachments: [{ ...ATTACHMENT, kind: "serviceRegistry" }, ATTACHMENT],
      }),
      target: undefined,
    },
    {
      code: "deployedByCodeDeploy",
      codeDeploy: { deploymentId: "d-ABC", taskDefinition: revision(4), loadBalancer: ATTACHMENT, revision: 3 },
    },
  ],
  [
    { service: service({ deploymentController: "EXTERNAL", taskDefinition: undefined }) },
    { code: "deployedElsewhere", controller: "EXTERNAL" },
  ],
  [{ service: service({ taskDefinition: undefined }) }, { code: "noDeployment" }],
  [
    { choice: PREVIOUS, chosen: { kind: "none", reason: { code: "nothingRuns" } }, target: undefined },
    { code: "noneChosen", choice: PREVIOUS, reason: { code: "nothingRuns" } },
  ],
  [
    { chosen: chosen(9), target: undefined, newestRevisions: LISTED },
    { code: "notRegistered", choice: "number", target: revision(9), ...RUNS, newest: LISTED },
  ],
  [
    { choice: PREVIOUS, chosen: { ...chosen(3, NEXT, [DOUBT]), isUnproven: true } },
    { code: "unproven", choice: "previous", target: TARGET, ...RUNS, doubt: DOUBT },
  ],
  [
    { choice: PREVIOUS, chosen: { ...chosen(3, NEXT), leavesRollback: true } },
    { code: "justRolledBack", target: TARGET, ...RUNS, isProven: true },
  ],
  [{ choice: PREVIOUS, left: revision(5) }, { code: "runsAnother", ...RUNS, left: revision(5) }],
  [
    { target: taskDefinition(3, { status: "DELETE_IN_PROGRESS" }) },
    { code: "targetNotActive", target: TARGET, status: "DELETE_IN_PROGRESS" },
  ],
  [
    { target: taskDefinition(3, { requiresCompatibilities: ["EC2"] }) },
    {
      code: "cannotRollBackTo",
      target: revision(3),
      ...RUNS,
      isActive: true,
      misfits: [{ code: "launchType", launchType: "FARGATE", fitFor: ["EC2"] }],
      isRestorable: false,
    },
  ],
  [
    {
      chosen: chosen(4),
      target: taskDefinition(4),
      service: service({ deployments: [deployment({ rolloutState: "FAILED", rolloutStateReason: "it broke." })] }),
    },
    {
      code: "targetFailed",
      choice: "number",
      target: revision(4),
      ...RUNS,
      deployment: { name: "ecs-svc/4", reason: "it broke." },
      isRestorable: false,
    },
  ],
];

Deno.test("planRollback() refuses what cannot be done, with what the way out needs", () => {
  for (const [changes, reason] of REFUSED) {
    assert.deepEqual(refusal(currentState(changes)), { ...reason, intent: "rollback", ref: REF });
  }
});
