import assert from "node:assert/strict";
import fc from "fast-check";
import type { StoppedTask } from "../../src/model/service.ts";
import { diagnose } from "../../src/diagnosis/diagnose.ts";
import { adviseOnCause, describeCause, renderCauses } from "../../src/report/messages/causes/cause_text.ts";
import { onOneLine } from "../../src/report/messages/log.ts";

const ID = "ecs-svc/4";
const hex = fc.stringMatching(/^[0-9a-f]{32}$/);
const anyText = fc.string({ unit: "binary", maxLength: 700 });

const awsText = fc.oneof(
  fc.constantFrom(
    "Essential container in task exited",
    "OutOfMemoryError: Container killed due to memory usage",
    "Task failed container health checks",
    "RESOURCE:CPU",
    "",
  ),
  fc.tuple(
    fc.constantFrom(
      "CannotPullContainerError: ",
      "ResourceInitializationError: ",
      "failed to resolve ref ",
      "a\nb\u2028",
    ),
    anyText,
  ).map((parts) => parts.join("")),
  anyText,
);

const container = fc.record({
  name: fc.oneof(fc.constantFrom("app", "log"), fc.string()),
  exitCode: fc.option(fc.constantFrom(0, 1, 137, 139, 143), { nil: undefined }),
  reason: fc.option(awsText, { nil: undefined }),
});

const shared = {
  arn: hex.map((id) => `arn:aws:ecs:ap-northeast-1:123456789012:task/default/${id}`),
  stoppedAtMs: fc.option(fc.nat(), { nil: undefined }),
  containers: fc.array(container, { maxLength: 3 }),
};

/** Stopped by itself, and not by the scheduler or by somebody. */
const qualifying: fc.Arbitrary<StoppedTask> = fc.record({
  ...shared,
  startedBy: fc.constant(ID),
  stopCode: fc.constantFrom("TaskFailedToStart", "EssentialContainerExited", "New", undefined),
  stoppedReason: fc.option(awsText, { nil: undefined }),
});

const replaced: fc.Arbitrary<StoppedTask> = fc.record({
  ...shared,
  startedBy: fc.constant(ID),
  stopCode: fc.constantFrom("ServiceSchedulerInitiated", undefined),
  stoppedReason: fc.string().map((end) => `Scaling activity initiated by ${end}`),
});

const others: fc.Arbitrary<StoppedTask> = fc.record({
  ...shared,
  startedBy: fc.constantFrom("ecs-svc/3", "ecs-svc/44", undefined),
  stopCode: fc.constantFrom("TaskFailedToStart", "ServiceSchedulerInitiated"),
  stoppedReason: awsText,
});

Deno.test("diagnose() counts every task that qualifies, once, in any order", () => {
  const worlds = fc.record({
    counted: fc.array(qualifying, { maxLength: 20 }),
    left: fc.array(fc.oneof(replaced, others), { maxLength: 20 }),
  });
  fc.assert(fc.property(worlds, ({ counted, left }) => {
    const causes = diagnose({ deploymentId: ID, tasks: [...left, ...counted] });
    assert.equal(causes.reduce((sum, { count }) => sum + count, 0), counted.length);
  }));
});

Deno.test("diagnose() says the same in whatever order AWS lists the tasks", () => {
  const distinct = fc.uniqueArray(fc.oneof(qualifying, replaced, others), {
    selector: ({ arn }) => arn,
    maxLength: 20,
  });
  fc.assert(fc.property(distinct, (tasks) => {
    const inReverse = tasks.map((task) => ({ ...task, containers: task.containers.toReversed() })).toReversed();
    const unambiguous = tasks.every(({ containers }) =>
      new Set(containers.map(({ name }) => name)).size === containers.length
    );
    fc.pre(unambiguous);
    assert.deepEqual(diagnose({ deploymentId: ID, tasks: inReverse }), diagnose({ deploymentId: ID, tasks }));
  }));
});

Deno.test("renderCauses() gives a line for each, and one for each advice, without line breaks or control characters in the log", () => {
  fc.assert(fc.property(fc.array(fc.oneof(qualifying, replaced, others), { maxLength: 20 }), (tasks) => {
    const causes = diagnose({ deploymentId: ID, tasks });
    const lines = renderCauses(causes);
    const advice = new Set(causes.map(adviseOnCause).filter((one) => one !== undefined));
    assert.equal(lines.length, causes.length + advice.size);
    for (const line of lines) assert.doesNotMatch(onOneLine(line), /[\x00-\x1f\x7f-\x9f]/);
    for (const { said } of causes) assert.doesNotMatch(said, /[\r\n\u2028\u2029]/);
  }));
});

Deno.test("any text of AWS's gives one line, loses nothing where no rule knows it, and one advice at most", () => {
  fc.assert(fc.property(awsText, fc.boolean(), (text, isEvent) => {
    const event = { id: "1", createdAtMs: 2, message: `(service web) was unable to place a task. Reason: ${text}` };
    const task = { arn: "t", startedBy: ID, stopCode: "New", stoppedReason: text, stoppedAtMs: 1, containers: [] };
    const causes = isEvent
      ? diagnose({ deploymentId: ID, tasks: [], events: [event], sinceMs: 1 })
      : diagnose({ deploymentId: ID, tasks: [task] });
    assert.ok(causes.length <= 1);
    for (const cause of causes) {
      const lines = renderCauses([cause]).map(onOneLine);
      assert.ok(lines.length <= 2);
      for (const line of lines) assert.doesNotMatch(line, /[\x00-\x1f\x7f-\x9f]/);
      if (cause.code === "unknown") assert.ok(describeCause(cause).includes(cause.said));
    }
  }));
});
