import assert from "node:assert/strict";
import type { Emulator } from "../emulator/emulator.ts";
import { configurationOf, waitingService } from "../emulator/waiting_service.ts";
import { isReadable } from "../../src/model/waits.ts";
import { waitsRecordOf } from "../waits_in_tags.ts";
import { type Ended, runCli } from "./cli_process.ts";
import { serveHeld } from "./kill_server.ts";
import { type Held, killingPointsOf, type Point, pointsOf, stopTwice, tryAll } from "./kill_table.ts";

/**
 * A fast rollback is killed at any change that it makes, stopped by Ctrl-C, and by a second one. What the service's
 * deployments wait for is as it was then, or a record says what it was, and the same command restores it.
 */

const ARGS = ["rollback", "--revision", "3", "--fast"];
const CHANGES = ["TagResource#1", "UpdateService#1", "UpdateService#2", "UntagResource#1"];
const [, ORDER, RESTORE, REMOVAL] = CHANGES;
const ignore = Deno.build.os === "windows";
const BEFORE = configurationOf(waitingService());

/** Each look at the deployment is half a minute later. */
function run(
  emulator: Emulator,
  held: (...args: [...Parameters<Held>, url: string]) => ReturnType<Held> = () => true,
) {
  let child: Deno.ChildProcess;
  let served = "";
  return serveHeld(emulator, async (call, moment) => {
    const isLook = moment === "before" && call.name.startsWith("DescribeServiceDeployments#");
    if (isLook && emulator.calls.some(({ operation, applied }) => operation === "UpdateService" && applied)) {
      emulator.advance(30_000);
    }
    return await held(call, moment, child, served);
  }, (url) => {
    served = url;
    return runCli(url, ARGS, {}, (started) => child = started);
  });
}

/** Sends a signal at a point, from which on no call is answered. */
const signalAt = ({ call: name, moment: when }: Point, signal: Deno.Signal): Held => async (call, moment, child) => {
  if (call.name !== name || moment !== when) return true;
  child.kill(signal);
  await Promise.race([signal === "SIGKILL" ? child.status : call.abandoned, child.status]);
  return false;
};

function assertRestored(emulator: Emulator, stderr: string): void {
  assert.deepEqual(configurationOf(emulator), BEFORE, stderr);
  assert.equal(waitsRecordOf(emulator), undefined, stderr);
}

function assertCanBeRestored(emulator: Emulator): void {
  const record = waitsRecordOf(emulator);
  if (record === undefined) return assert.deepEqual(configurationOf(emulator), BEFORE);
  assert.ok(isReadable(record));
  const { strategy: _, deploymentCircuitBreaker: __, ...others } = BEFORE;
  for (const [name, value] of Object.entries(record.before)) assert.deepEqual(value, others[name]);
}

async function killAndRunAgain(point: Point) {
  const emulator = waitingService();
  const killed = await run(emulator, signalAt(point, "SIGKILL"));
  assert.notEqual(killed.code, 0);
  assertCanBeRestored(emulator);
  const again = await run(emulator);
  assert.equal(again.code, 0, again.stderr);
  assertRestored(emulator, again.stderr);
  assert.equal(emulator.state().services["default/myservice"]?.taskDefinition, "myservice:3");
  return { ...again, afterMs: 0 };
}

Deno.test({
  name: "killed at any change, a fast rollback is restored by the same command",
  ignore,
  fn: () => tryAll([{ name: "SIGKILL, then run again", points: killingPointsOf(CHANGES), attempt: killAndRunAgain }]),
});

Deno.test({
  name: "a second Ctrl-C ends a fast rollback at once, and prints the command that restores",
  ignore,
  fn: () =>
    tryAll([{
      name: "SIGINT twice",
      points: pointsOf([RESTORE!, REMOVAL!]),
      attempt: async (point) => {
        const emulator = waitingService();
        const stopped = await stopTwice((held) => run(emulator, held), ORDER!, point);
        assert.match(stopped.stderr, /Stopped at once: the service may be without its canary step /);
        assert.match(stopped.stderr, /to restore that: aws .*ecs update-service .* && aws .*ecs untag-resource /);
        assertCanBeRestored(emulator);
        return stopped;
      },
    }]),
});

Deno.test({
  name: "a fast rollback that has restored leaves the record of one that began meanwhile, and was killed",
  ignore,
  fn: async () => {
    const emulator = waitingService();
    const others: Deno.ChildProcess[] = [];
    const ended: Ended[] = [];
    const { code, stderr } = await run(emulator, async (call, moment, _, url) => {
      if (call.name === REMOVAL && moment === "before") {
        const typed = ["rollback", "--revision", "2", "--fast"];
        ended.push(await runCli(url, typed, {}, (started) => others.push(started)));
      }
      if (call.name !== "UpdateService#3" || moment !== "after") return true;
      others[0]!.kill("SIGKILL");
      await others[0]!.status;
      return false;
    });
    assert.equal(code, 0, stderr);
    assert.notEqual(ended[0]?.code ?? 0, 0);
    const record = waitsRecordOf(emulator);
    assert.ok(isReadable(record), "of what the killed run has changed, nothing says any more what it was");
    assertCanBeRestored(emulator);
    assert.notDeepEqual(configurationOf(emulator), BEFORE);
    const again = await run(emulator);
    assert.equal(again.code, 0, again.stderr);
    assertRestored(emulator, again.stderr);
  },
});
