import assert from "node:assert/strict";
import type { RunEvent } from "../../../src/rollout/events.ts";
import { describeEvent } from "../../../src/report/event_text.ts";
import { isWaiting } from "../../../src/report/live/render_frame.ts";
import { EMPTY_STATE, reduce, type RunState } from "../../../src/report/state.ts";
import { deployment, REF, revision, serviceDeployment } from "../made_up.ts";
import { AWAIT, FINISHED, HALFWAY, PLANNED, progress, rollout, started } from "./live/made_up_run.ts";

const stateAfter = (...events: RunEvent[]): RunState => events.reduce(reduce, EMPTY_STATE);
const isShown = (...events: RunEvent[]) => stateAfter(...events).services.some(isWaiting);

const WAITING = [started(), PLANNED, rollout({ kind: "stepStarted", step: AWAIT })];

Deno.test("a service is waited for from the step that waits to the end of that step", () => {
  assert.equal(isShown(started(), PLANNED), false);
  assert.equal(isShown(started(), PLANNED, progress({ deployments: HALFWAY })), false);
  assert.equal(isShown(...WAITING), true);
  const ends: RunEvent[] = [
    FINISHED,
    rollout({ kind: "stepStarted", step: { kind: "deregister", taskDefinition: revision(4) } }),
    rollout({ kind: "detached", ordered: "yes" }),
  ];
  for (const end of ends) assert.equal(isShown(...WAITING, end), false, JSON.stringify(end));
  const others: RunEvent[] = [
    rollout({ kind: "causes", causes: [] }),
    rollout({ kind: "notice", notice: { code: "noTaskDesired" } }),
    { kind: "logged", level: "info", message: "" },
  ];
  for (const other of others) assert.equal(isShown(...WAITING, other), true, JSON.stringify(other));
});

Deno.test("what a progress leaves out is as it was, and another wait begins with nothing", () => {
  const stage = serviceDeployment({ lifecycleStage: "SCALE_UP" });
  const seen = [progress({ deployments: HALFWAY }), progress({ serviceDeployment: stage }), progress({})];
  const { main } = stateAfter(...WAITING, ...seen).services[0]!;
  assert.deepEqual([main?.deployments, main?.serviceDeployment], [HALFWAY, stage]);
  const anew = stateAfter(...WAITING, ...seen, ...WAITING.slice(2)).services[0]!;
  assert.deepEqual([anew.main?.deployments, anew.main?.serviceDeployment], [[], undefined]);
});

Deno.test("each service has a story of its own", () => {
  const other = { ...REF, service: "other" };
  const { services } = stateAfter(
    ...WAITING,
    { kind: "started", command: "deploy", isDryRun: true, timeoutMs: 1, service: other },
    FINISHED,
  );
  assert.deepEqual(
    services.map(({ ref, command, main }) => [ref.service, command, main?.outcome?.kind]),
    [["myservice", "rollback", "succeeded"], ["other", "deploy", undefined]],
  );
});

Deno.test("a run that was stored and read again makes the same state and the same words", () => {
  const events: RunEvent[] = [
    ...WAITING,
    progress({ deployments: [deployment()] }),
    rollout({ kind: "causes", causes: [{ kind: "exited", container: "app", exitCode: 1, reason: "", count: 2 }] }),
    rollout({ kind: "notice", notice: { code: "stillWatching", error: "Throttled" } }),
    rollout({ kind: "rolloutEnded", outcome: { kind: "failed", reason: "no", leftovers: [] } }),
    rollout({ kind: "rollbackDecided", trigger: "DEPLOYMENT_FAILURE", unless: "notNamed", named: [] }),
    { kind: "failed", failure: { kind: "unforeseen", exitCode: 1, message: "x" }, region: undefined },
    { kind: "finished", exitCode: 6 },
  ];
  const tell = (all: readonly RunEvent[]) => {
    let state = EMPTY_STATE;
    const lines = all.flatMap((event) => describeEvent(event, state = reduce(state, event)));
    return { state: JSON.parse(JSON.stringify(state)), lines };
  };
  const told = tell(events);
  assert.ok(told.lines.length > events.length);
  assert.deepEqual(tell(JSON.parse(JSON.stringify(events))), told);
});
