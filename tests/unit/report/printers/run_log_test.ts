import assert from "node:assert/strict";
import { isLogged, RunLog } from "../../../../src/report/printers/run_log.ts";
import { EMPTY_STATE } from "../../../../src/report/state.ts";
import { reduce } from "../../../../src/report/reduce.ts";
import type { RunEvent } from "../../../../src/rollout/events.ts";
import type { Cause } from "../../../../src/diagnosis/cause.ts";
import { deployment, revision, serviceDeployment, serviceEvent } from "../../made_up.ts";
import { AWAIT, PLANNED, progress, rollout, started } from "../live/made_up_run.ts";

/** What the log says of each event, in seconds since the start. */
function logOf(events: readonly (readonly [seconds: number, event: RunEvent])[], isVerbose = false): string[] {
  const log = new RunLog();
  const other = new RunLog();
  let state = EMPTY_STATE;
  const all = [[0, started()], [0, PLANNED], [0, rollout({ kind: "stepStarted", step: AWAIT })], ...events] as const;
  return all.flatMap(([seconds, event]) => {
    state = reduce(state, event, seconds * 1_000);
    const lines = log.describe(event, state, isVerbose);
    assert.deepEqual(other.describe(event, state, !isVerbose), lines, "a job summary has the same lines either way");
    return lines.filter((line) => isLogged(line, isVerbose)).map(([level, text]) => `${seconds} ${level} ${text}`);
  }).slice(1);
}

const says = (...messages: readonly string[]) =>
  progress({ events: messages.map((message, index) => serviceEvent(String(index), message)) });

/** The new deployment, and the one before it. */
const counts = (runningCount: number, pendingCount: number, old = 2, desiredCount = 2) =>
  progress({
    deployments: [
      deployment({ id: "ecs-svc/5", taskDefinition: revision(3).arn, desiredCount, runningCount, pendingCount }),
      deployment({ id: "ecs-svc/4", status: "ACTIVE", runningCount: old }),
    ],
  });

const causes = (...all: readonly Partial<Cause>[]) =>
  rollout({
    kind: "causes",
    causes: all.map((changes): Cause => {
      const of = { code: "exited", container: "app", exitCode: 1, said: "it ended", count: 2 } as const;
      return { ...of, about: {}, taskArn: "arn:aws:ecs:r:1:task/default/a", atMs: undefined, ...changes };
    }),
  });

Deno.test("the log has one line for all deployments that have tasks, where counts have changed", () => {
  assert.deepEqual(logOf([[1, counts(0, 2)], [2, counts(0, 2)], [3, counts(2, 0, 1)], [4, counts(2, 0, 0)]]), [
    "1 info  PRIMARY myservice:3 desired:2 pending:2 running:0, ACTIVE myservice:4 running:2",
    "3 info  PRIMARY myservice:3 desired:2 pending:0 running:2, ACTIVE myservice:4 running:1",
    "4 info  PRIMARY myservice:3 desired:2 pending:0 running:2",
  ]);
});

Deno.test("the log says counts that come back in a crash loop once", () => {
  const loop = [[1, counts(0, 2)], [20, counts(2, 0)], [40, counts(0, 2)], [60, counts(2, 0)]] as const;
  assert.equal(logOf(loop).length, 2);
});

Deno.test("the log of a large deployment has counts every ten seconds, and those of its end", () => {
  const steps = Array.from({ length: 60 }, (_, index) => [index, counts(index, 1, 60 - index, 60)] as const);
  const lines = logOf([...steps, [60, counts(60, 0, 0, 60)]]);
  assert.deepEqual(lines.map((line) => Number(line.split(" ")[0])), [0, 1, 2, 12, 22, 32, 42, 52, 60]);
});

Deno.test("the log leaves out ECS's events where its own lines say the same, and says the others once", () => {
  const events = [
    [1, says("has started 2 tasks: (task a) (task b).", "(task a) failed container health checks.")],
    [2, says("waits for the end of (task 0123456789abcdef0123456789abcdef).")],
    [3, says("waits for the end of (task 00000000000000000000000000000000).")],
    [4, says("has reached a steady state.")],
  ] as const;
  assert.deepEqual(logOf(events), [
    "2 info (service myservice) waits for the end of (task 0123456789abcdef0123456789abcdef).",
  ]);
  assert.equal(logOf(events, true).length, 5);
});

Deno.test("the log names a cause once, and then how many tasks it has stopped, every 30 s", () => {
  const lines = logOf([
    [1, causes({ count: 2 })],
    [10, causes({ count: 4 })],
    [31, causes({ count: 6 })],
    [40, causes({ count: 8 }, { exitCode: 2, count: 1 })],
    [41, causes({ count: 9 }, { exitCode: 2, count: 2 })],
  ]);
  assert.deepEqual(lines, [
    "1 warn 2 tasks of myservice:3 stopped: container app exited with code 1 (it ended)",
    "31 warn 6 tasks of myservice:3 stopped: container app exited with code 1",
    "40 warn 8 tasks of myservice:3 stopped: container app exited with code 1",
    "40 warn 1 task of myservice:3 stopped: container app exited with code 2 (it ended)",
  ]);
});

Deno.test("the log has the stages of a deployment while it goes on, and every hook that waits", () => {
  const stage = (lifecycleStage: string | undefined, status = "IN_PROGRESS", awaitingHooks: string[] = []) =>
    progress({ serviceDeployment: serviceDeployment({ lifecycleStage, status, awaitingHooks }) });
  const events = [
    [1, stage("BAKE_TIME")],
    [2, stage(undefined, "ROLLBACK_IN_PROGRESS", ["hook-1"])],
    [3, stage(undefined, "ROLLBACK_SUCCESSFUL")],
  ] as const;
  const lines = logOf(events);
  assert.deepEqual(lines.map((line) => line.slice(0, 36)), [
    "1 info service deployment IN_PROGRES",
    "2 warn ECS waits for an answer at li",
    "2 warn or to roll back: aws ecs cont",
  ]);
  assert.equal(logOf(events, true).length, 5);
});
