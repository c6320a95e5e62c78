import assert from "node:assert/strict";
import { revision } from "../../made_up.ts";
import {
  ADVICE,
  announce,
  begin,
  FAILED,
  lines,
  OUT_OF_MEMORY,
  start,
  stoppedOf,
  withoutDrawing,
} from "./made_up_run.ts";
import { plan, type ShownRun, showRun } from "./shown_run.ts";
import { readCommands } from "./step_runner.ts";

const FORWARD = plan({
  intent: "deploy",
  to: undefined,
  steps: [
    { kind: "register", family: "myservice", input: {} },
    { kind: "awaitDeployment", taskDefinition: "registered", follows: undefined },
  ],
});
const BACK = plan({ from: revision(5), to: revision(4), notices: [{ code: "alreadySuspended" }] });

function failToDeploy(run: ShownRun): void {
  start(run, "deploy");
  announce(run, FORWARD);
  run.happen({ kind: "stepStarted", step: FORWARD.steps[0]! });
  run.happen({ kind: "registered", taskDefinition: revision(5) });
  run.happen({ kind: "stepStarted", step: FORWARD.steps[1]! });
  run.happen({ kind: "causes", causes: [OUT_OF_MEMORY] });
  run.happen({ kind: "rolloutEnded", outcome: FAILED });
  run.happen({
    kind: "rollbackDecided",
    trigger: "DEPLOYMENT_FAILURE",
    unless: undefined,
    named: ["DEPLOYMENT_FAILURE"],
  });
}

function summaryOfBack(back: string): string {
  return lines(
    "",
    `## \`${back}\``,
    "",
    "### Why tasks stopped",
    "",
    `- \`${stoppedOf("myservice:5")}\``,
    `- \`${ADVICE}\``,
    "",
    "- Service: `myservice/default`",
    "- From: `myservice:4`",
    "- To: `myservice:5`",
    "- Rolled back to: `myservice:4`",
    "- Took: 30s",
    "",
    "### Changes",
    "",
    "```text",
    "container app: image tag 4 -> 3 of repository app",
    "```",
    "",
    "### Warnings",
    "",
    "- `auto scaling is suspended already`",
    "",
  );
}

Deno.test("a deploy that is rolled back says so, from what and to what", async () => {
  const run = showRun("deploy");
  failToDeploy(run);
  begin(run, BACK, true);
  run.wait(30);
  run.happen({ kind: "rolloutEnded", outcome: { kind: "succeeded", leftovers: [] } });
  const check = { to: revision(4), failedBefore: undefined, unrestored: [], unknown: [], reason: undefined };
  run.happen({ kind: "rollbackVerified", check });
  const { stderr, summary, outputs } = await run.finish(6);
  const [error] = readCommands(stderr).filter(({ name }) => name === "error");
  const back =
    "Deploy of myservice:5 failed: container app ran out of memory (exit code 137); 2 of its tasks stopped. " +
    "myservice:4 is live again, 30s after the deploy began. The service is as it was before.";
  assert.deepEqual(error, {
    name: "error",
    properties: { title: "ecspresso deploy of myservice/default" },
    data: [back, ADVICE.replace("advice", "before the next deploy")].join("\n"),
  });
  assert.equal(
    withoutDrawing(summary).split("<details>")[0],
    summaryOfBack(back),
  );
  assert.equal(outputs, lines("from=myservice:4", "to=myservice:5", "outcome=failed"));
});

Deno.test("the summary of a deploy has what differs between the files and what runs", async () => {
  const summaryOf = async (lines: readonly string[]) => {
    const run = showRun("deploy");
    start(run, "deploy");
    announce(run, FORWARD);
    run.happen({ kind: "compared", lines });
    run.happen({ kind: "rolloutEnded", outcome: { kind: "succeeded", leftovers: [] } });
    return (await run.finish(0)).summary;
  };
  const differs = await summaryOf(["--- a", "+++ b", "-1", "+2"]);
  assert.ok(
    differs.includes("\n### How the files differ from what ran\n\n```diff\n--- a\n+++ b\n-1\n+2\n```\n"),
    differs,
  );
  const same = await summaryOf([]);
  assert.ok(same.includes("\n### How the files differ from what ran\n\nNot at all.\n"), same);
});

Deno.test("a deploy that is still being rolled back says how to follow that, once", async () => {
  const run = showRun("deploy");
  failToDeploy(run);
  begin(run, BACK, true);
  run.happen({ kind: "rolloutEnded", outcome: { kind: "timedOut", ordered: "yes", leftovers: [] } });
  const ended = { ordered: "yes" as const, failure: undefined, isInterrupted: false };
  run.happen({ kind: "rollbackUnfinished", to: revision(4), ...ended });
  const { stderr, summary } = await run.finish(6);
  assert.equal(stderr.match(/^\[error\].* to follow the deployment: /gm)?.length, 1, stderr);
  assert.match(summary, /^## `Deploy of myservice:5 failed: .* ECS is still rolling back to myservice:4/m);
  assert.match(summary, /To follow the deployment:\n\n```sh\necspresso wait --config c.yml\n```/);
  assert.doesNotMatch(summary, /ecspresso status/);
});

Deno.test("a deploy that could not be rolled back says that, why, and where to look", async () => {
  const run = showRun("deploy");
  failToDeploy(run);
  begin(run, BACK, true);
  run.happen({ kind: "causes", causes: [{ ...OUT_OF_MEMORY, code: "noRoom", exitCode: undefined }] });
  run.happen({ kind: "rolloutEnded", outcome: { ...FAILED, reason: "no room" } });
  const ended = { ordered: "no" as const, failure: undefined, isInterrupted: false };
  run.happen({ kind: "rollbackUnfinished", to: revision(4), ...ended });
  const { stderr, summary } = await run.finish(6);
  assert.match(
    summary,
    /^## `Deploy of myservice:5 failed: .* NOT rolled back to myservice:4: Rollback to myservice:4 failed: /m,
  );
  assert.match(summary, /^- Rolled back to: `myservice:4` \(not reached\)$/m);
  assert.match(
    summary,
    /### Why tasks stopped during the rollback\n\n- `2 tasks of myservice:4 stopped: no container instance has enough room for the task/,
  );
  assert.match(summary, /See what runs now:\n\n```sh\necspresso status --config c.yml\n```/);
  const data = readCommands(stderr).find(({ name }) => name === "error")!.data;
  for (const said of ["ran out of memory", "enough room for the task", "NOT rolled back to my"]) {
    assert.ok(data.includes(said), said);
  }
  assert.ok(!data.includes("suspended already"), "a warning is no part of the error");
});
