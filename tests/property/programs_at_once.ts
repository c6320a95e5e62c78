import { setImmediate } from "node:timers";
import { run } from "../../src/app/run.ts";
import type { Emulator } from "../emulator/emulator.ts";
import { CONFIG_FILES, CREDENTIALS, emulatorHandler } from "../in_process.ts";
import { madeUpHost } from "../made_up_host.ts";
import { FleetClock } from "../fleet_clock.ts";

/** Programs at the same time, against one emulator: a test decides whose call comes next. */

export type Which = "first" | "second";

/** One call that the emulator has answered. */
export interface ServedCall<Name extends string = Which> {
  readonly by: Name;
  readonly operation: string;
  readonly input: unknown;
}

interface Ended {
  readonly code: number;
  readonly stderr: string;
}

/**
 * Runs all to their ends. Time passes only while none has a call to make.
 *
 * @param order whose call comes next where several have one; over and over
 */
export async function runTogether<Name extends string>(
  emulator: Emulator,
  args: Readonly<Record<Name, readonly string[]>>,
  order: readonly Name[],
  files: Readonly<Record<string, string>> = CONFIG_FILES,
): Promise<{ readonly ended: Readonly<Record<Name, Ended>>; readonly calls: readonly ServedCall<Name>[] }> {
  for (const [name, value] of Object.entries(CREDENTIALS)) Deno.env.set(name, value);
  const turns = new Turns(order);
  const clock = new FleetClock(emulator.now(), (ms) => emulator.advance(ms), () => turns.isQuiet);
  const calls: ServedCall<Name>[] = [];
  const start = async (by: Name): Promise<Ended> => {
    const { host, written } = madeUpHost({
      args: args[by],
      files,
      clock,
      exit: (code) => {
        throw new Error(`the program ended itself with ${code}`);
      },
    });
    const served = emulatorHandler(emulator, () => {
      const { operation, input } = emulator.calls.at(-1)!;
      calls.push({ by, operation, input });
    });
    const handle: typeof served.handle = async (...request) => {
      await turns.take(by);
      return await served.handle(...request);
    };
    return { code: await run(host, { ...served, handle }), stderr: written.stderr };
  };
  const names = Object.keys(args) as Name[];
  const ended = await Promise.all(names.map(async (name) => [name, await start(name)] as const));
  return { ended: Object.fromEntries(ended) as Record<Name, Ended>, calls };
}

/** Lets one call through at a time. */
class Turns {
  readonly #waiting: { readonly by: string; readonly go: () => void }[] = [];
  #given = 0;

  constructor(private readonly order: readonly string[]) {}

  take(by: string): Promise<void> {
    const turn = new Promise<void>((go) => this.#waiting.push({ by, go }));
    if (this.#waiting.length === 1) setImmediate(() => this.#next());
    return turn;
  }

  /** Whether nobody has a call to make. */
  get isQuiet(): boolean {
    return this.#waiting.length === 0;
  }

  #next(): void {
    const isContested = new Set(this.#waiting.map(({ by }) => by)).size > 1;
    const wanted = isContested ? this.order[this.#given++ % this.order.length] : this.#waiting[0]?.by;
    const index = Math.max(0, this.#waiting.findIndex(({ by }) => by === wanted));
    this.#waiting.splice(index, 1)[0]?.go();
    if (this.#waiting.length > 0) setImmediate(() => this.#next());
  }
}
