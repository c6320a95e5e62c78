import assert from "node:assert/strict";
import { run } from "../../../src/app/run.ts";
import { VERSION } from "../../../src/session/version.ts";
import { AwsFailure } from "../../emulator/failure.ts";
import { accessDenied, dropAfter, type FaultEffect } from "../../emulator/faults.ts";
import { DEPLOY_ROLE, myservice } from "../../emulator/myservice.ts";
import { createScenario } from "../../emulator/scenarios.ts";
import { readEvents } from "../../event_schema.ts";
import { DEFINITION_FILES } from "../../definition_files.ts";
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
    message: "Rolled back: myservice:3 is live, 2 of 2 tasks, after 1m5s.",
    from: revision(4),
    to: revision(3),
    leftovers: [],
  });
  const superseded = await endOf(createScenario("second_person"));
  assert.equal(superseded.outcome, "superseded");
  assert.match(JSON.stringify(superseded.by), /task-definition\/myservice:2/);
});

Deno.test("the last event sets a dry run, a refusal and an error apart from outcomes", async () => {
  const ends = [
    [await endOf(myservice(), `${ROLLBACK} --dry-run`), "planned", 0],
    [await endOf(myservice(), "rollback --revision 9 --output json"), "refused", 4],
    [await endOf(myservice(), "rollback --revision 3 --output=json --frobnicate"), "error", 2],
    [await endOf(myservice(), "--output json rollback --revision 3"), "error", 2],
    [await endOf(myservice(), ROLLBACK, { files: {} }), "error", 3],
    [await endOf(myservice(), ROLLBACK, { stopAfterCalls: { calls: 1, signal: "SIGTERM" } }), "interrupted", 143],
  ] as const;
  for (const [end, outcome, exitCode] of ends) {
    assert.deepEqual([end.outcome, end.exitCode], [outcome, exitCode]);
  }
});

/** The event of a deploy of the files with a new image, and whether it ended well. */
async function compared(args: string, emulator = myservice(), options: RunOptions = {}) {
  const run = await runInProcess(emulator, args.split(" "), {
    files: DEFINITION_FILES,
    env: { TAG: "1.4.0" },
    ...options,
  });
  assert.equal(run.code, 0, run.stderr);
  return { ...run, lines: readEvents(run.stdout).find(({ event }) => event === "compared")?.lines };
}

Deno.test("a deploy reports how its files differ from what runs, and so does its dry run", async () => {
  for (const args of ["deploy --output json", "deploy --dry-run --output json"]) {
    const { lines } = await compared(args);
    assert.ok(Array.isArray(lines));
    assert.equal(lines[1], "+++ ecs-task-def.json");
    assert.deepEqual(
      lines.filter((line) => /^[-+] /.test(line)).map((line) => line.replace(/^(.).*:(.*)",$/, "$1$2")),
      [
        "-1.3.0",
        "+1.4.0",
      ],
    );
  }
  assert.deepEqual(
    (await compared("deploy --output json", myservice(), { env: {} })).lines,
    [],
    "there is no difference",
  );
  assert.equal((await compared("deploy --revision 3 --no-update-service --output json")).lines, undefined, "no file");
});

Deno.test("a deploy compares no task definition where that is denied, and reads nothing for the comparison", async () => {
  const denied = myservice();
  denied.inject({ operation: "DescribeTaskDefinition", times: 9, effect: accessDenied() });
  assert.deepEqual((await compared("deploy --output json", denied)).lines, []);
  const reads = async (args: string) => {
    const emulator = myservice();
    await runInProcess(emulator, args.split(" "), { files: DEFINITION_FILES, env: { TAG: "1.4.0" } });
    return emulator.calls.filter(({ operation }) => operation === "DescribeTaskDefinition").length;
  };
  assert.equal(await reads("deploy --output json"), await reads("deploy"));
});

Deno.test("a stop during the last read is a stop: nothing has been changed", async () => {
  const deploy = ["deploy", "--output", "json"];
  const options: RunOptions = { files: DEFINITION_FILES, env: { TAG: "1.4.0" } };
  const planned = myservice();
  await runInProcess(planned, [...deploy, "--dry-run"], options);
  const stopped = myservice();
  const { code, stdout } = await runInProcess(stopped, deploy, {
    ...options,
    stopAfterCalls: { calls: planned.calls.length - 1, signal: "SIGINT" },
  });
  assert.deepEqual([code, readEvents(stdout).at(-1)?.outcome], [130, "interrupted"]);
  assert.ok(!stopped.calls.some(({ operation }) => /^(?:Register|Update)/.test(operation)));
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

/** Stopped twice at the answer to the nth call of an operation: what stderr shows when the program ends. */
async function stopTwiceAt(operation: string, nth: number, args: string): Promise<string> {
  const emulator = myservice();
  const shown: string[] = [];
  const made = madeUpHost({
    args: args.split(" "),
    files: CONFIG_FILES,
    clock: new VirtualClock(emulator.now(), (ms) => emulator.advance(ms)),
    exit: () => void shown.push(made.written.stderr),
  });
  const handler = emulatorHandler(emulator, () => {
    const { length } = emulator.calls.filter((call) => call.operation === operation);
    if (emulator.calls.at(-1)?.operation !== operation || length !== nth || shown.length > 0) return;
    made.send("SIGINT");
    made.send("SIGINT");
  });
  await run(made.host, handler);
  return shown[0] ?? assert.fail(`there was no ${nth}th ${operation}`);
}

Deno.test("after a second stop signal it is said what ECS goes on with, and what auto scaling needs", async () => {
  const rollback = "rollback --revision 3 --config ecspresso.yml";
  const follow = / to follow the deployment: ecspresso wait --config ecspresso\.yml\n$/;
  const planning = await stopTwiceAt("DescribeTaskDefinition", 1, rollback);
  assert.doesNotMatch(planning, /Stopped at once/);
  const ordering = await stopTwiceAt("UpdateService", 1, rollback);
  assert.match(ordering, /Stopped at once: ECS may have accepted the order, and may be carrying it out\n/);
  assert.match(ordering, / see what runs now: ecspresso status --config ecspresso\.yml\n$/);
  const watching = await stopTwiceAt("DescribeServices", 4, rollback);
  assert.match(watching, /Stopped at once: ECS goes on with the rollback\n/);
  assert.match(watching, follow);
  const both = `${rollback} --suspend-auto-scaling --resume-auto-scaling`;
  const suspended = await stopTwiceAt("DescribeServices", 4, both);
  assert.match(
    suspended,
    /ECS goes on with .*\n.*to follow the deployment: .*\n.*may still be suspended\n.*to restore it: ecspresso scale .*--resume-auto-scaling\n$/,
  );
  const held = `${rollback} --hold 2h`;
  const toHold = /the service may not be held; to hold it: ecspresso hold --config ecspresso\.yml --for 2h\n$/;
  assert.match(await stopTwiceAt("UpdateService", 1, held), toHold);
  assert.match(await stopTwiceAt("TagResource", 1, held), toHold);
  assert.doesNotMatch(await stopTwiceAt("DescribeTaskDefinition", 1, held), toHold);
  assert.match(await stopTwiceAt("DescribeServices", 4, held), follow);
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

Deno.test("every call has the run's ID in its user agent, as CloudTrail keeps it, and events, log and job summary have it", async () => {
  const emulator = myservice();
  const args = ["rollback", "--revision", "3", "--output", "json", "--debug", "--assume-role-arn", DEPLOY_ROLE];
  const env = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: "summary.md" };
  const { stdout, stderr, files } = await runInProcess(emulator, args, { env });
  const [started] = stdout.split("\n").map((line) => JSON.parse(line || "{}"));
  assert.match(started.run, /^[0-9a-f]{8}$/);
  const ends = new RegExp(` ecspresso/${VERSION.replaceAll(".", "\\.")} run/${started.run}$`);
  for (const { operation, userAgent = "" } of emulator.calls) assert.match(userAgent, ends, operation);
  assert.ok(new Set(emulator.calls.map(({ service }) => service)).size > 3);
  assert.ok(stderr.includes(`run ${started.run}`));
  assert.ok(files.get("summary.md")?.includes(`Run \`${started.run}\``));
});
