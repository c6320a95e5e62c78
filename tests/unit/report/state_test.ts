import type { PrintedEvent } from "../../../src/report/printer.ts";
import assert from "node:assert/strict";
import { isWaiting } from "../../../src/report/live/render_frame.ts";
import { EMPTY_STATE, type RunState } from "../../../src/report/state.ts";
import { reduce } from "../../../src/report/reduce.ts";
import { REF, revision, serviceDeployment } from "../made_up.ts";
import { AWAIT, FINISHED, HALFWAY, PLANNED, progress, rollout, started } from "./live/made_up_run.ts";

const stateAfter = (...events: PrintedEvent[]): RunState => events.reduce(reduce, EMPTY_STATE);
const isShown = (...events: PrintedEvent[]) => stateAfter(...events).services.some(isWaiting);

const WAITING = [started(), PLANNED, rollout({ kind: "stepStarted", step: AWAIT })];

Deno.test("a service is waited for from the step that waits to the end of that step", () => {
  assert.equal(isShown(started(), PLANNED), false);
  assert.equal(isShown(started(), PLANNED, progress({ deployments: HALFWAY })), false);
  assert.equal(isShown(...WAITING), true);
  const ends: PrintedEvent[] = [
    FINISHED,
    rollout({ kind: "stepStarted", step: { kind: "deregister", taskDefinition: revision(4) } }),
    rollout({ kind: "detached", ordered: "yes" }),
  ];
  for (const end of ends) assert.equal(isShown(...WAITING, end), false, JSON.stringify(end));
  const others: PrintedEvent[] = [
    rollout({ kind: "causes", causes: [] }),
    rollout({ kind: "notice", notice: { code: "noTaskDesired" } }),
    { kind: "logged", level: "info", message: "" },
  ];
  for (const other of others) assert.equal(isShown(...WAITING, other), true, JSON.stringify(other));
});

Deno.test("what a progress leaves out is as it was, and another wait begins with what was last seen", () => {
  const stage = serviceDeployment({ lifecycleStage: "SCALE_UP" });
  const seen = [progress({ deployments: HALFWAY }), progress({ serviceDeployment: stage }), progress({})];
  const { main } = stateAfter(...WAITING, ...seen).services[0]!;
  assert.deepEqual([main?.deployments, main?.serviceDeployment], [HALFWAY, stage]);
  const anew = stateAfter(...WAITING, ...seen, ...WAITING.slice(2)).services[0]!;
  assert.deepEqual([anew.main?.deployments, anew.main?.serviceDeployment], [HALFWAY, undefined]);
});

Deno.test("each service has a story of its own", () => {
  const other = { ...REF, service: "other" };
  const { services } = stateAfter(
    ...WAITING,
    { kind: "started", command: "deploy", isDryRun: true, timeoutMs: 1, atMs: 0, service: other },
    FINISHED,
  );
  assert.deepEqual(
    services.map(({ ref, command, main }) => [ref.service, command, main?.outcome?.kind]),
    [["myservice", "rollback", "succeeded"], ["other", "deploy", undefined]],
  );
});

Deno.test("services of two accounts have a story each, though they are called the same", () => {
  const [one, other] = ["one", "other"].map((role) => ({ ...REF, role }));
  const begins = { kind: "started", command: "rollback", isDryRun: false, timeoutMs: 0, atMs: 0, wave: 1 } as const;
  const { services } = stateAfter(
    ...[one!, other!].map((service): PrintedEvent => ({ ...begins, service })),
    { kind: "notBegun", because: "otherFailed", service: other! },
  );
  assert.deepEqual(services.map(({ notBegun }) => notBegun), [undefined, "otherFailed"]);
});

Deno.test("how a command names a service does not make two of one", () => {
  const { services } = stateAfter(
    { kind: "started", command: "rollback", isDryRun: false, timeoutMs: 0, atMs: 0, service: REF },
    { kind: "notBegun", because: "otherFailed", service: { ...REF, options: [["--config", "b.yml"]] } },
  );
  assert.deepEqual(services.map(({ notBegun }) => notBegun), ["otherFailed"]);
});
