import assert from "node:assert/strict";
import { describeLeftover } from "../../../../src/report/messages/run_notice_text.ts";
import { DENIED, deployment, revision, serviceEvent } from "../../made_up.ts";
import { ADVICE, begin, FAILED, lines, OUT_OF_MEMORY, start, stoppedOf, withoutDrawing } from "./made_up_run.ts";
import { plan, REF, showRun } from "./shown_run.ts";
import { readCommands } from "./step_runner.ts";

const ARN_3 = revision(3).arn;

const SUCCEEDED = {
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
};

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
  assert.deepEqual(await run.finish(0), SUCCEEDED);
});

function summaryOfFailure(failed: string, command: string): string {
  return lines(
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
  );
}

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
    summaryOfFailure(failed, command),
  );
  assert.ok(log?.includes(`\n    +42s  [error] ${failed}\n`), log);
  assert.equal(outputs, lines("from=myservice:4", "to=myservice:3", "outcome=failed"));
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
