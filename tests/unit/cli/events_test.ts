import assert from "node:assert/strict";
import { run } from "../../../src/cli/run.ts";
import { AwsFailure } from "../../emulator/failure.ts";
import { accessDenied, dropAfter, type FaultEffect } from "../../emulator/faults.ts";
import { myservice } from "../../emulator/myservice.ts";
import { createScenario } from "../../emulator/scenarios.ts";
import { readEvents } from "../../event_schema.ts";
import { CONFIG_FILES, emulatorHandler, runInProcess, type RunOptions } from "../../in_process.ts";
import { madeUpHost } from "../../made_up_host.ts";
import { VirtualClock } from "../../virtual_clock.ts";

const ROLLBACK = "rollback --revision 3 --output json";

async function endOf(emulator: ReturnType<typeof myservice>, args = ROLLBACK, options: RunOptions = {}) {
  const { stdout } = await runInProcess(emulator, args.split(" "), options);
  const { version: _version, time: _time, event: _event, ...end } = readEvents(stdout).at(-1)!;
  return end;
}

const revision = (number: number) => ({
  name: `myservice:${number}`,
  arn: `arn:aws:ecs:ap-northeast-1:123456789012:task-definition/myservice:${number}`,
});

Deno.test("the last event says from where to where, and how it ended", async () => {
  assert.deepEqual(await endOf(myservice()), {
    exitCode: 0,
    outcome: "succeeded",
    from: revision(4),
    to: revision(3),
    leftovers: [],
  });
  const superseded = await endOf(createScenario("second_person"));
  assert.equal(superseded.outcome, "superseded");
  assert.match(JSON.stringify(superseded.by), /task-definition\/myservice:2/);
});

Deno.test("the last event tells a dry run, a refusal and an error from outcomes", async () => {
  const ends = [
    [await endOf(myservice(), `${ROLLBACK} --dry-run`), "planned", 0],
    [await endOf(myservice(), "rollback --revision 9 --output json"), "refused", 4],
    [await endOf(myservice(), "rollback --revision 3 --output=json --frobnicate"), "error", 2],
    [await endOf(myservice(), ROLLBACK, { files: {} }), "error", 3],
    [await endOf(myservice(), ROLLBACK, { stopAfterCalls: { calls: 1, signal: "SIGTERM" } }), "interrupted", 143],
  ] as const;
  for (const [end, outcome, exitCode] of ends) {
    assert.deepEqual([end.outcome, end.exitCode], [outcome, exitCode]);
  }
});

Deno.test("an error in a file says where", async () => {
  const files = { "ecspresso.yml": "service: myservice\ntimeout: 10x\n" };
  const { stdout } = await runInProcess(myservice(), ROLLBACK.split(" "), { files });
  assert.deepEqual(readEvents(stdout)[0]?.position, { file: "ecspresso.yml", line: 2, column: 10 });
});

Deno.test("an error after the order is no success, whatever ECS goes on with", async () => {
  const denied = myservice();
  denied.inject({ operation: "UpdateService", times: 1, effect: accessDenied() });
  assert.equal((await endOf(denied)).outcome, "error");
  const lost = myservice();
  lost.inject({ operation: "UpdateService", times: 1, effect: dropAfter() });
  assert.equal((await endOf(lost)).outcome, "succeeded", "the answer was lost, the deployment was found");
});

Deno.test("a second stop signal ends the program at once, and the events with it", async () => {
  const emulator = myservice();
  let stdout = "";
  const made = madeUpHost({
    args: ROLLBACK.split(" "),
    files: CONFIG_FILES,
    clock: new VirtualClock(emulator.now(), (ms) => emulator.advance(ms)),
    exit: () => stdout ||= made.written.stdout,
  });
  let calls = 0;
  const handler = emulatorHandler(emulator, () => {
    if (++calls < 8) return;
    made.send("SIGINT");
    made.send("SIGINT");
  });
  await run(made.host, handler);
  const end = readEvents(stdout).at(-1);
  assert.deepEqual([end?.exitCode, end?.outcome], [130, "interrupted"]);
});

Deno.test("texts of AWS's cannot make a workflow command, nor break the line", async () => {
  const emulator = myservice();
  const hostile = "##[error]x\u2028\u0085\n::error::y";
  const effect: FaultEffect = { kind: "refuse", failure: () => new AwsFailure("ClientException", hostile) };
  emulator.inject({ operation: "UpdateService", times: 1, effect });
  const { stdout } = await runInProcess(emulator, ROLLBACK.split(" "));
  assert.doesNotMatch(stdout, /##\[|[\x7f-\x9f\u2028]/);
  const failed = readEvents(stdout).find(({ event }) => event === "failed");
  assert.match(String(failed?.message), /##\[error\]x/, "a parser reads it as it was");
});
