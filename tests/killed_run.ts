import { setImmediate } from "node:timers";
import { run } from "../src/app/run.ts";
import type { Clock } from "../src/host.ts";
import type { Emulator } from "./emulator/emulator.ts";
import { FleetClock } from "./fleet_clock.ts";
import { CREDENTIALS, emulatorHandler, withoutStacks } from "./in_process.ts";
import { madeUpHost } from "./made_up_host.ts";

/** Runs that die in the middle of a call, as by `kill -9`: from then on they neither call, write nor sleep. */

/** In which call a run dies, counted from 1: just before AWS carries it out, or afterwards, before the answer. */
export interface Death {
  readonly call: number;
  readonly moment: "before" | "after";
}

export interface Lived {
  /** `undefined`: the run has died. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** The files as they were when the run ended or died. */
  readonly files: Readonly<Record<string, string>>;
  /** The operations that it called. */
  readonly calls: readonly string[];
}

type Handler = ReturnType<typeof emulatorHandler>;

const FOR_EVER = new Promise<never>(() => {});

/** Runs a command line for many services in this process, on a clock that takes no real time. */
export async function runUntil(
  emulator: Emulator,
  args: readonly string[],
  files: Readonly<Record<string, string>> = {},
  death?: Death,
  clock: Clock = new FleetClock(emulator.now(), (ms) => emulator.advance(ms)),
  handler: Handler = emulatorHandler(emulator),
): Promise<Lived> {
  for (const [name, value] of Object.entries(CREDENTIALS)) Deno.env.set(name, value);
  let isDead = false;
  let die = () => {};
  const died = new Promise<undefined>((resolve) => die = () => resolve(void (isDead = true)));
  const mortal: Clock = {
    now: () => clock.now(),
    elapsed: () => clock.elapsed(),
    deadline: (ms) => clock.deadline(ms),
    sleep: (ms, signal) => isDead ? FOR_EVER : clock.sleep(ms, signal),
  };
  const { host, written, files: kept } = madeUpHost({
    ...{ args, files, clock: mortal },
    exit(code) {
      throw new Error(`the program ended itself with ${code}`);
    },
  });
  const calls: string[] = [];
  const handle: typeof handler.handle = (request, options) => {
    if (isDead) return FOR_EVER;
    calls.push((request.headers["x-amz-target"] ?? "").split(".").at(-1)!);
    if (calls.length !== death?.call) return handler.handle(request, options);
    if (death.moment === "after") void handler.handle(request, options).catch(() => {});
    die();
    return FOR_EVER;
  };
  const code = await withoutStacks(() => Promise.race([run(host, { ...handler, handle }), died]));
  const snapshot = Object.fromEntries(kept);
  const said = { ...written };
  // Lets whatever is still awake go to sleep for good.
  await new Promise((resolve) => setImmediate(resolve));
  return { code, ...said, files: snapshot, calls };
}
