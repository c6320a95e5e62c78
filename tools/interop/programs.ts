import { runCli } from "../../tests/e2e/cli_process.ts";
import type { Emulator } from "../../tests/emulator/emulator.ts";
import { startEmulatorServer } from "../../tests/emulator/server.ts";
import { Skipped } from "./check.ts";
import { awsEnvironment, REGION } from "./emulated.ts";
import type { Fixture } from "./fixture.ts";
import { adopt, type Ended, run } from "./processes.ts";

/** Runs a command on a folder's files in a world. */
export type Program = (world: Emulator, fixture: Fixture, args: string) => Promise<Ended>;

/** A minute of the world passes in one and a half seconds. */
const SPEED = 40;
const TIMEOUT_MS = 90_000;
/** Go's HTTP client on a machine with too much to do: it closes a connection while it reads from it. */
const LOST_BY_THE_CLIENT = /use of closed network connection/;

/** Our program, or the executable that CLI_UNDER_TEST names, as the end-to-end tests run it. */
export const ours: Program = (world, { options }, args) =>
  served(world, (url) => runCli(url, [...options, ...args.split(" ")], { env: { AWS_REGION: REGION } }, adopt));

/** Kayac's ecspresso; once more where its own client has lost an answer, which says nothing about the two. */
export const kayac: Program = (world, { folder, options }, args) =>
  served(world, async (url) => {
    const invocation = {
      command: [await findKayac(), ...options, ...args.split(" ")],
      env: awsEnvironment(url, Deno.env.get("TMPDIR") ?? "/tmp"),
      directory: folder,
      timeoutMs: TIMEOUT_MS,
    };
    const ended = await run(invocation);
    return LOST_BY_THE_CLIENT.test(ended.stderr) ? await run(invocation) : ended;
  });

/** A program that has to succeed. */
export function succeeding(name: string, program: Program): Program {
  return async (world, fixture, args) => {
    const ended = await program(world, fixture, args);
    if (ended.code === 0) return ended;
    throw new Error(`${name}: ecspresso ${args}: exit code ${ended.code}: ${ended.stderr.trim()}`);
  };
}

async function served(world: Emulator, act: (url: string) => Promise<Ended>): Promise<Ended> {
  const server = await startEmulatorServer(world, { speed: SPEED });
  try {
    return await act(server.url);
  } finally {
    await server.close();
  }
}

/** The path of the executable of Kayac's ecspresso that KAYAC_ECSPRESSO names. Rejects with a `Skipped` when it names none. */
export async function findKayac(): Promise<string> {
  const given = Deno.env.get("KAYAC_ECSPRESSO") ?? "";
  if (given === "") throw new Skipped("KAYAC_ECSPRESSO names no executable of Kayac's ecspresso");
  // What has been asked for by name is no reason to skip anything when it is not there.
  return await Deno.realPath(given).catch(() => {
    throw new Error(`KAYAC_ECSPRESSO is ${given}, which is not there`);
  });
}
