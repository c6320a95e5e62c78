import assert from "node:assert/strict";
import { addToLiveState, type LiveState, NOTHING_LIVE } from "../../../../src/report/live/live_state.ts";
import type { RunEvent } from "../../../../src/report/run_event.ts";
import { revision, serviceDeployment } from "../../made_up.ts";
import { AWAIT, FINISHED, HALFWAY, progress, rollout, started } from "./made_up_run.ts";

const AT = 1_000_000;

function stateAfter(...events: RunEvent[]): LiveState {
  return events.reduce((state, event) => addToLiveState(state, event, AT), NOTHING_LIVE);
}

const WAITING = [started(), rollout({ kind: "stepStarted", step: AWAIT })];

Deno.test("a state has something to show while a deployment is waited for, and only then", () => {
  assert.equal(stateAfter(started()).wait, undefined);
  assert.equal(stateAfter(started(), progress({ deployments: HALFWAY })).wait, undefined);
  assert.deepEqual(stateAfter(...WAITING), {
    subject: "myservice/default",
    sinceMs: AT,
    timeoutMs: 600_000,
    wait: { intent: "rollback", deployments: [], serviceDeployment: undefined },
  });
  const ends: RunEvent[] = [
    FINISHED,
    rollout({ kind: "stepStarted", step: { kind: "deregister", taskDefinition: revision(4) } }),
    rollout({ kind: "leftGoing", ordered: "yes" }),
    { kind: "takingBack", event: "DEPLOYMENT_FAILURE" },
    { kind: "failed", failure: { kind: "aws", message: "no", advice: [] } },
    { kind: "hadEnded", outcome: { kind: "failed", reason: "", leftovers: [] } },
    { kind: "refused", refusal: { code: "latestNotRegistered", family: "myservice" } },
    { kind: "finished", exitCode: 0 },
  ];
  for (const end of ends) assert.equal(stateAfter(...WAITING, end).wait, undefined, JSON.stringify(end));
  const others: RunEvent[] = [
    rollout({ kind: "causes", causes: [] }),
    rollout({ kind: "notice", message: "" }),
    { kind: "logged", level: "info", message: "" },
  ];
  for (const other of others) assert.notEqual(stateAfter(...WAITING, other).wait, undefined, JSON.stringify(other));
});

Deno.test("what is not told again is as it was", () => {
  const stage = serviceDeployment({ lifecycleStage: "SCALE_UP" });
  const { wait } = stateAfter(
    ...WAITING,
    progress({ deployments: HALFWAY }),
    progress({ serviceDeployment: stage }),
    progress({}),
  );
  assert.deepEqual([wait?.deployments, wait?.serviceDeployment], [HALFWAY, stage]);
  const anew = stateAfter(...WAITING, progress({ deployments: HALFWAY }), ...WAITING.slice(1));
  assert.deepEqual(anew.wait?.deployments, [], "another wait knows nothing of the one before");
});

Deno.test("the way back has its time to itself", () => {
  const state = addToLiveState(stateAfter(...WAITING), { kind: "takingBack", event: "DEPLOYMENT_FAILURE" }, AT + 5_000);
  assert.deepEqual([state.sinceMs, state.timeoutMs], [AT + 5_000, 600_000]);
});
