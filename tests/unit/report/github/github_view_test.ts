import assert from "node:assert/strict";
import { describePlanNotice } from "../../../../src/report/messages/notice_text.ts";
import type { Cause } from "../../../../src/diagnosis/cause.ts";
import type { Intent } from "../../../../src/rollout/plan/refusal.ts";
import type { Plan } from "../../../../src/rollout/plan/plan.ts";
import { DENIED, deployment, revision, serviceDeployment, serviceEvent } from "../../made_up.ts";
import { describeLeftover } from "../../../../src/report/messages/run_notice_text.ts";
import { plan, REF, type ShownRun, showRun } from "./shown_run.ts";
import { readCommands } from "./step_runner.ts";

const OUT_OF_MEMORY: Cause = {
  code: "outOfMemory",
  container: "app",
  exitCode: 137,
  said: "OutOfMemoryError: Container killed due to memory usage",
  count: 2,
  about: {},
  taskArn: "arn:aws:ecs:ap-northeast-1:123456789012:task/default/0f6d8a2e3b1c4d5e8f90a1b2c3d4e5f6",
  atMs: undefined,
};
const stoppedOf = (revision: string) =>
  `2 tasks of ${revision} stopped: container app ran out of memory (exit code 137)`;
const ADVICE = "advice: raise memory of the container or the task in the task definition, or find what uses so much";
const ARN_3 = revision(3).arn;
const FAILED = { kind: "failed", reason: "tasks failed to start", leftovers: [] } as const;

function start(run: ShownRun, command: Intent, isDryRun = false): void {
  run.happen({ kind: "started", command, isDryRun, timeoutMs: 0, atMs: 0 });
}

function announce(run: ShownRun, shown: Plan, isAutomaticRollback = false): void {
  // Its deploys are those of `--rollback-events`.
  run.happen({ kind: "planned", plan: shown, isAutomaticRollback, rollsBackOnFailure: shown.intent === "deploy" });
}

/** Plans, and begins with each step. */
function begin(run: ShownRun, shown: Plan, isAutomaticRollback = false): void {
  announce(run, shown, isAutomaticRollback);
  for (const step of shown.steps) run.happen({ kind: "stepStarted", step });
}

function lines(...all: string[]): string {
  return all.map((line) => `${line}\n`).join("");
}

Deno.test("a rollback that succeeds: what is long is folded, the summary says what was changed and what happened", async () => {
  const run = showRun("rollback");
  const shown = plan({ reason: { code: "newestOfFamily" }, notices: [{ code: "notScalable" }] });
  start(run, "rollback");
  begin(run, shown);
  run.wait(62);
  const progress = {
    events: [serviceEvent("1", "has reached a steady state.")],
    deployments: [deployment({ taskDefinition: ARN_3 })],
    serviceDeployment: undefined,
  };
  run.happen({ kind: "progress", progress });
  run.happen({ kind: "rolloutEnded", outcome: { kind: "succeeded", leftovers: [] } });
  assert.deepEqual(await run.finish(0), {
    stderr: lines(
      "[info] myservice/default Starting rollback",
      "::warning title=ecspresso::the service is not registered for auto scaling: nothing to suspend or to resume",
      "::group::Plan of the rollback of myservice/default: myservice:4 -> myservice:3",
      `1. update the service to ${ARN_3}`,
      "2. wait until its deployment is completed",
      "[info] myservice/default Revision 3: it is the newest one",
      "[warn] myservice/default the service is not registered for auto scaling: nothing to suspend or to resume",
      "[info] myservice/default Changes from myservice:4 to myservice:3:",
      "[info] myservice/default   container app: image tag 4 -> 3 of repository app",
      "::endgroup::",
      `[info] myservice/default Rolling back to task definition: ${ARN_3}`,
      "::group::Wait until myservice/default is stable",
      "[info] myservice/default  PRIMARY myservice:3 desired:2 pending:0 running:2",
      "::endgroup::",
      "[info] myservice/default Rolled back: myservice:3 is live, 2 of 2 tasks, after 1m2s.",
      "[info] myservice/default Service is stable now. Completed!",
    ),
    summary: lines(
      "",
      "## `Rolled back: myservice:3 is live, 2 of 2 tasks, after 1m2s.`",
      "",
      "- Service: `myservice/default`",
      "- From: `myservice:4`",
      "- To: `myservice:3`",
      "- Why this one: `it is the newest one`",
      "- Took: 1m2s",
      "",
      "### Timeline",
      "",
      "```mermaid",
      "timeline",
      "  section Rollback to myservice#58;3",
      "    0s : waiting for ECS",
      "    1m2s : 2 of 2 tasks run",
      "    1m2s : succeeded",
      "```",
      "",
      "### Changes",
      "",
      "```text",
      "container app: image tag 4 -> 3 of repository app",
      "```",
      "",
      "### Warnings",
      "",
      "- `the service is not registered for auto scaling: nothing to suspend or to resume`",
      "",
      "<details><summary>Log</summary>",
      "",
      "```text",
      `     +0s  Rolling back to task definition: ${ARN_3}`,
      "   +1m2s   PRIMARY myservice:3 desired:2 pending:0 running:2",
      "   +1m2s  Rolled back: myservice:3 is live, 2 of 2 tasks, after 1m2s.",
      "   +1m2s  Service is stable now. Completed!",
      "```",
      "",
      "</details>",
    ),
    outputs: lines("from=myservice:4", "to=myservice:3", "outcome=succeeded"),
    problems: [],
  });
});

Deno.test("a rollback that fails: one error with reason, causes and commands, and all of that in the summary", async () => {
  const run = showRun("rollback");
  const shown = plan({ changes: [] });
  const leftovers = [{ code: "suspensionRecordRemains" as const, error: DENIED }];
  const { problem, command } = describeLeftover(leftovers[0]!, REF);
  start(run, "rollback");
  begin(run, shown);
  run.wait(24);
  run.happen({ kind: "causes", causes: [{ ...OUT_OF_MEMORY, count: 1 }] });
  run.wait(18);
  run.happen({ kind: "causes", causes: [OUT_OF_MEMORY] });
  run.happen({ kind: "rolloutEnded", outcome: { ...FAILED, leftovers } });
  const { stderr, summary, outputs } = await run.finish(6);
  const failed =
    "Rollback to myservice:3 failed: container app ran out of memory (exit code 137); 2 of its tasks stopped.";
  assert.deepEqual(readCommands(stderr).filter(({ name }) => name !== "group" && name !== "endgroup"), [{
    name: "error",
    properties: { title: "ecspresso rollback of myservice/default" },
    data: [
      failed,
      `${problem}; still to do: ${command}`,
      ADVICE,
      "list the revisions (then type ecspresso rollback --config c.yml --revision N): ecspresso revisions --config c.yml --output table",
    ].join("\n"),
  }]);
  const [head, log] = withoutDrawing(summary).split("<details>");
  assert.equal(
    head,
    lines(
      "",
      `## \`${failed}\``,
      "",
      "### Why tasks stopped",
      "",
      `- \`${stoppedOf("myservice:3")}\``,
      `- \`${ADVICE}\``,
      "",
      "- Service: `myservice/default`",
      "- From: `myservice:4`",
      "- To: `myservice:3`",
      "- Took: 42s",
      "",
      "### What to do next",
      "",
      "Still to do:",
      "",
      "```sh",
      command,
      "```",
      "",
      "List the revisions (then type ecspresso rollback --config c.yml --revision N):",
      "",
      "```sh",
      "ecspresso revisions --config c.yml --output table",
      "```",
      "",
      "### Changes",
      "",
      "None in the task definition.",
      "",
    ),
  );
  assert.ok(log?.includes(`\n    +42s  [error] ${failed}\n`), log);
  assert.equal(outputs, lines("from=myservice:4", "to=myservice:3", "outcome=failed"));
});

function withoutDrawing(summary: string): string {
  return summary.replace(/### Timeline\n\n```mermaid\n[^`]+```\n\n/, "");
}

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
    lines(
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
    ),
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

Deno.test("of other commands only the errors are shown", async () => {
  const failed = showRun(undefined);
  failed.emit({
    kind: "failed",
    failure: { kind: "config", problem: { code: "nul" }, position: { file: "ecspresso.yml", line: 2 } },
    region: undefined,
  });
  const shown = await failed.finish(3);
  assert.deepEqual(shown, {
    stderr: lines(
      "::error file=ecspresso.yml,line=2,title=ecspresso::ecspresso.yml:2: a NUL character cannot be part of a variable",
      "[error] myservice/default ecspresso.yml:2: a NUL character cannot be part of a variable",
    ),
    summary: "",
    outputs: "",
    problems: [],
  });
  // `verify` says itself what is wrong; nothing of that is in the state.
  const unfit = showRun(undefined);
  unfit.log("error", "1 missing");
  assert.match((await unfit.finish(4)).stderr, /^::error title=ecspresso::1 missing$/m);
  const differs = await showRun(undefined).finish(9);
  assert.equal(differs.stderr, "", "that there are differences is no error");
});

Deno.test("nine warnings are shown and the others counted; the summary has them all", async () => {
  const run = showRun("rollback");
  start(run, "rollback");
  const deployments = Array.from({ length: 12 }, (_, index) => `ecs-svc/${index + 1}`);
  const planned = deployments.map((deployment) => ({ code: "replacesDeployment", deployment }) as const);
  const notices = planned.map(describePlanNotice);
  announce(run, plan({ notices: planned }));
  const { stderr, summary } = await run.finish(0);
  const warnings = readCommands(stderr).filter(({ name }) => name === "warning").map(({ data }) => data);
  assert.deepEqual(warnings, [...notices.slice(0, 9), "and 3 more, in the log and in the summary"]);
  for (const notice of notices) assert.ok(summary.includes(`- \`${notice}\`\n`), notice);
});

Deno.test("a hook that waits for an answer is a warning with the commands that answer, for it is in a folded group", async () => {
  const run = showRun("rollback");
  const shown = plan();
  start(run, "rollback");
  begin(run, shown);
  const waiting = serviceDeployment({ lifecycleStage: "POST_SCALE_UP", awaitingHooks: ["hook-1"] });
  run.happen({ kind: "progress", progress: { events: [], deployments: [], serviceDeployment: waiting } });
  const { stderr } = await run.finish(130);
  const warnings = readCommands(stderr).filter(({ name }) => name === "warning");
  assert.equal(warnings.length, 1);
  assert.match(warnings[0]!.data, /^ECS waits .*hook-1.*--action CONTINUE\nor to roll back: .*--action ROLLBACK$/);
});

Deno.test("an error while ECS goes on says how to follow what goes on, and closes the group", async () => {
  const run = showRun("rollback");
  const shown = plan();
  start(run, "rollback");
  begin(run, shown);
  run.happen({ kind: "detached", ordered: "yes" });
  const aws = { operation: "DescribeServices", kind: "server" as const, code: "ServerException", detail: "" };
  run.emit({ kind: "failed", failure: { kind: "aws", aws }, region: undefined });
  const { stderr, summary, outputs } = await run.finish(5);
  const data = readCommands(stderr).at(-1)!.data;
  const follow = "to follow the deployment: ecspresso wait --config c.yml";
  assert.equal(data, ["DescribeServices failed: ServerException", "ECS goes on with the rollback", follow].join("\n"));
  assert.deepEqual(
    readCommands(stderr).map(({ name }) => name),
    ["group", "endgroup", "group", "endgroup", "error"],
  );
  assert.match(summary, /To follow the deployment:\n\n```sh\necspresso wait --config c.yml\n```/);
  assert.match(outputs, /^outcome=error$/m);
});

Deno.test("where no files are named nothing is written; what cannot be written is reported, and nothing thrown", async () => {
  const local = showRun("rollback", { env: { GITHUB_OUTPUT: "" } });
  start(local, "rollback", true);
  const { summary, outputs, problems } = await local.finish(0);
  assert.deepEqual([summary, outputs, problems], ["", "", []]);

  const full = showRun("rollback", { unwritable: ["summary.md"] });
  start(full, "rollback", true);
  const shown = await full.finish(0);
  assert.deepEqual(shown.problems, [
    "cannot write to the file that GITHUB_STEP_SUMMARY names: No such file or directory (os error 2)",
  ]);
  assert.match(shown.outputs, /^outcome=planned$/m);
});
