import assert from "node:assert/strict";
import { service, serviceEvent } from "../../made_up.ts";
import { awsError } from "../scripted_ports.ts";
import { AWAIT, carryOut, DONE, FAILED, noticesOf, rollingBack, UPDATE } from "./carried_out_plans.ts";

const CRASHED = {
  arn: "task-1",
  startedBy: "ecs-svc/5",
  stopCode: "EssentialContainerExited",
  stoppedReason: "Essential container in task exited",
  stoppedAtMs: 5_500,
  containers: [{ name: "app", exitCode: 1, reason: undefined }],
};

Deno.test("runPlan() reports why tasks stop while it goes on, and again at the end only when there is more", async () => {
  const moving = [1, 0, 1, 0, 1, 0].map((pendingCount) => rollingBack({ pendingCount }));
  const { events } = await carryOut([UPDATE, AWAIT], {
    reads: [service(), ...Array(6).fill(moving).flat(), FAILED],
    update: rollingBack(),
    stoppedTasks: [CRASHED, { ...CRASHED, arn: "task-2", startedBy: "ecs-svc/4" }],
  });
  const counts = events.flatMap((event) => event.kind === "causes" ? [event.causes.map(({ count }) => count)] : []);
  assert.deepEqual(counts, [[1]], "tasks of other deployments do not count");
});

Deno.test("runPlan() goes on without the causes where they may not be read, and says so once", async () => {
  const moving = [1, 0, 1, 0, 1, 0].map((pendingCount) => rollingBack({ pendingCount }));
  const { outcome, events, calls } = await carryOut([UPDATE, AWAIT], {
    reads: [service(), ...Array(6).fill(moving).flat(), FAILED],
    update: rollingBack(),
    stoppedTasks: awsError("denied", "AccessDeniedException"),
  });
  assert.equal(outcome?.kind, "failed");
  assert.equal(events.filter((event) => event.kind === "notice").length, 1);
  assert.equal(calls.filter((call) => call === "listStoppedTasks").length, 1);
});

Deno.test("runPlan() takes the causes from the service's events where no task says more", async () => {
  const failure = (message: string) => serviceEvent(message, message, 6_000);
  const failed = "(deployment ecs-svc/5) deployment failed: tasks failed to start.";
  const codesOf = async (...messages: string[]) => {
    const { events } = await carryOut([UPDATE, AWAIT], {
      reads: [service(), { ...FAILED, events: messages.map(failure) }],
      update: rollingBack(),
    });
    return events.flatMap((event) => event.kind === "causes" ? event.causes.map(({ code }) => code) : []);
  };
  assert.deepEqual(await codesOf(failed), ["tasksFailedToStart"]);
  assert.deepEqual(await codesOf(failed, "was unable to place a task. Reason: RESOURCE:CPU."), ["noRoom"]);
});

Deno.test("runPlan() warns at the end of a success on whose way tasks have stopped", async () => {
  const moving = [1, 0, 1, 0, 1, 0].map((pendingCount) => rollingBack({ pendingCount }));
  const { outcome, events } = await carryOut([UPDATE, AWAIT], {
    reads: [service(), ...Array(6).fill(moving).flat(), DONE],
    update: rollingBack(),
    stoppedTasks: [CRASHED],
  });
  assert.equal(outcome?.kind, "succeeded");
  assert.deepEqual(noticesOf(events), [{ code: "tasksCrashedOnTheWay", count: 1 }]);
});
