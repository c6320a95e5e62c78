import assert from "node:assert/strict";
import { describePlanNotice } from "../../../../src/report/messages/notice_text.ts";
import { serviceDeployment } from "../../made_up.ts";
import { announce, begin, start } from "./made_up_run.ts";
import { plan, showRun } from "./shown_run.ts";
import { readCommands } from "./step_runner.ts";

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
