import { type Ended, runCli } from "../e2e/cli_process.ts";
import type { Emulator } from "../emulator/emulator.ts";
import { startEmulatorServer } from "../emulator/server.ts";
import { type Check, Skipped } from "./expectations.ts";
import { awsEnvironment, REGION } from "./emulated.ts";
import type { Fixture } from "./fixture.ts";

type Output = Pick<Ended, "code" | "stdout" | "stderr">;

/** Runs a command on a folder's files in a world. */
export type Program = (world: Emulator, fixture: Fixture, args: string) => Promise<Output>;

/** A minute of the world passes in one and a half seconds. */
const SPEED = 40;
const TIMEOUT_MS = 90_000;
/** Go's HTTP client on a machine with too much to do: it closes a connection while it reads from it. */
const LOST_BY_THE_CLIENT = /use of closed network connection/;

/** Our program, or the executable that CLI_UNDER_TEST names, as the end-to-end tests run it. */
export const ours: Program = (world, { options }, args) =>
  served(world, (url) => runCli(url, [...options, ...args.split(" ")], { env: { AWS_REGION: REGION } }));

/** Kayac's ecspresso; once more where its own client has lost an answer, which says nothing about the two. */
export const kayac: Program = (world, { folder, options }, args) =>
  served(world, async (url) => {
    const run = async () => {
      const { code, stdout, stderr } = await new Deno.Command(await findKayac(), {
        args: [...options, ...args.split(" ")],
        // There is no folder of that name, and so nothing of the user's in it.
        env: awsEnvironment(url, "/no-home"),
        clearEnv: true,
        cwd: folder,
        stdin: "null",
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }).output();
      const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
      return { code, stdout: text(stdout), stderr: text(stderr) };
    };
    const ended = await run();
    return LOST_BY_THE_CLIENT.test(ended.stderr) ? await run() : ended;
  });

/** A program that has to succeed. */
export function succeeding(name: string, program: Program): Program {
  return async (world, fixture, args) => {
    const ended = await program(world, fixture, args);
    if (ended.code === 0) return ended;
    throw new Error(`${name}: ecspresso ${args}: exit code ${ended.code}: ${ended.stderr.trim()}`);
  };
}

async function served(world: Emulator, act: (url: string) => Promise<Output>): Promise<Output> {
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

/** Registers checks as tests, which are skipped where there is no executable of Kayac's ecspresso. */
export async function testBesideKayac(checks: readonly Check[]): Promise<void> {
  const missing = await findKayac().then(() => undefined, (error) => error);
  if (missing) console.log(`skipped: ${missing.message}`);
  for (const { name, run } of checks) Deno.test({ name, ignore: missing instanceof Skipped, fn: run });
}
