import assert from "node:assert/strict";
import type { Emulator } from "../../tests/emulator/emulator.ts";
import { awsEnvironment, REGION } from "./aws_environment.ts";
import { whileServing } from "./emulated.ts";
import type { Fixture } from "./fixture.ts";
import type { Tools } from "./install.ts";
import { runOurs } from "./our_program.ts";
import type { Ended, Processes } from "./processes.ts";
import { runKayac } from "./run_kayac.ts";

const TIMEOUT_MS = 90_000;

/** Runs a command on a folder's files in a world. Throws an AssertionError unless it succeeds. */
export type Program = (world: Emulator, fixture: Fixture, args: string) => Promise<Ended>;

/** Kayac's ecspresso and ours, to be run alike. */
export function programsOf(processes: Processes, tools: Tools, home: string): { kayac: Program; ours: Program } {
  return {
    async kayac(world, { folder, options }, args) {
      const command = [await tools.kayac(), ...options, ...args.split(" ")];
      const run = (url: string) =>
        runKayac(processes, { command, env: awsEnvironment(url, home), directory: folder, timeoutMs: TIMEOUT_MS });
      return succeeded("Kayac's", args, await served(world, run));
    },
    async ours(world, { options }, args) {
      const run = (url: string) =>
        runOurs(processes, url, [...options, ...args.split(" ")], { env: { AWS_REGION: REGION } });
      return succeeded("ours", args, await served(world, run));
    },
  };
}

async function served(world: Emulator, run: (url: string) => Promise<Ended>): Promise<Ended> {
  let ended: Ended | undefined;
  await whileServing(world, async ({ url }) => {
    ended = await run(url);
  });
  if (!ended) throw new Error("nothing was run");
  return ended;
}

function succeeded(program: string, args: string, ended: Ended): Ended {
  assert.equal(ended.code, 0, `${program}: ecspresso ${args}: exit code ${ended.code}: ${ended.stderr.trim()}`);
  return ended;
}
