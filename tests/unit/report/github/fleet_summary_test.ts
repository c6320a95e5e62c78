import assert from "node:assert/strict";
import { AwsError, failureOf } from "../../../../src/errors.ts";
import { fails, happens, PLANNED, refOf, succeeds } from "../made_up_fleet.ts";
import { showRun } from "./shown_run.ts";

async function shown() {
  const run = showRun("rollback");
  for (const event of [...PLANNED, ...succeeds("worker"), ...fails("api")]) run.emit(event);
  run.emit(happens("cron", { kind: "notBegun", because: "otherFailed" }));
  return await run.finish(6);
}

Deno.test("the summary of many services is one table, what failed first", async () => {
  const { summary } = await shown();
  const rows = summary.split("\n").filter((line) => line.startsWith("|"));
  assert.deepEqual(rows.map((row) => row.split(" | ").slice(0, 2).join(" ")), [
    "| Service Result",
    "| --- ---",
    "| `api/default` `FAILED`",
    "| `cron/default` `not begun`",
    "| `worker/default` `back`",
  ]);
  // What took no time, and has no reason, is empty.
  assert.ok(rows.at(-1)?.endsWith(" |  |  |"), rows.at(-1));
  assert.match(summary, /^## `1 of 3 rollbacks failed: api\/default /m);
  assert.match(summary, /### What to do next\n\n.*ecspresso rollback --config cron\.yml --revision previous/s);
});

Deno.test("each service that has failed is an annotation of its own", async () => {
  const { stderr, outputs } = await shown();
  const errors = stderr.split("\n").filter((line) => line.startsWith("::error"));
  assert.equal(errors.length, 1);
  assert.match(errors[0]!, /^::error title=ecspresso rollback of api\/default::.*exited with code 1/);
  assert.match(outputs, /^outcome=givenUp$/m);
  assert.match(outputs, /^to=$/m);
});

Deno.test("the plan of many services is one group, and none of each", async () => {
  const { stderr } = await shown();
  const groups = stderr.split("\n").filter((line) => line.startsWith("::group::"));
  assert.deepEqual(groups, ["::group::Plan of 3 services"]);
});

Deno.test("words of others stay in their cell of the table", async () => {
  const run = showRun("rollback");
  for (const event of PLANNED) run.emit(event);
  const error = new AwsError({ operation: "UpdateService", kind: "rejected", code: "Odd", detail: "no | cell `x`" });
  run.emit({ kind: "failed", failure: failureOf(error), service: refOf("api"), region: "ap-northeast-1" });
  const { summary } = await run.finish(5);
  const row = summary.split("\n").find((line) => line.startsWith("| `api/default`"))!;
  assert.match(row, /no \\\| cell/);
});
