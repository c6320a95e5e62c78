import { setImmediate } from "node:timers";
import { run } from "../src/app/run.ts";
import type { Emulator } from "./emulator/emulator.ts";
import { isRead } from "./emulator/operations.ts";
import { CONFIG_FILES, CREDENTIALS, emulatorHandler } from "./in_process.ts";
import { madeUpHost } from "./made_up_host.ts";
import { VirtualClock } from "./virtual_clock.ts";

/** The calls that a program has sent up to its first write. */
interface RoundTrips {
  readonly exitCode: number;
  readonly stderr: string;
  /** The reads that were sent side by side, then those that waited for the answers, and so on. */
  readonly reads: readonly (readonly string[])[];
  /** The operation that wrote first; `undefined` where nothing was written. */
  readonly write: string | undefined;
}

/** How often the program may go on, with nothing sent, before it counts as waiting for answers. */
const TURNS = 50;

type Handler = ReturnType<typeof emulatorHandler>;

/** The operation of a request: by the header of JSON protocols, the query of IAM's, or the method of S3's. */
function operationOf({ headers, body, method }: Parameters<Handler["handle"]>[0]): string {
  const target = headers["x-amz-target"]?.replace(/^.*\./, "");
  return target ?? (method === "HEAD" ? "HeadObject" : new URLSearchParams(String(body)).get("Action") ?? "");
}

/** Answers all calls under way at once, when no more are sent. */
class SlowNetwork {
  readonly sent: string[][] = [];
  #waiting: (() => void)[] = [];
  #arrivals = 0;

  constructor(private readonly inner: Handler, private readonly afterRound: () => void) {}

  readonly metadata = { handlerProtocol: "http/1.1" };

  async handle(...[request, options]: Parameters<Handler["handle"]>): ReturnType<Handler["handle"]> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#arrivals++;
    if (this.#waiting.push(resolve) === 1) {
      this.sent.push([]);
      void this.#answerSoon();
    }
    this.sent.at(-1)!.push(operationOf(request));
    await promise;
    return await this.inner.handle(request, options);
  }

  async #answerSoon(): Promise<void> {
    for (let turn = 0, seen = 0; turn < TURNS; turn++) {
      if (seen !== this.#arrivals) [turn, seen] = [0, this.#arrivals];
      await new Promise<void>((resolve) => void setImmediate(resolve));
    }
    const answered = this.#waiting;
    this.#waiting = [];
    this.afterRound();
    for (const resolve of answered) resolve();
  }
}

/**
 * Runs a command line on a network where every answer takes the same time, and counts the round trips that it makes in
 * a row: somebody whose service is down waits for so many ways to AWS and back.
 *
 * @param latencyMs of each answer, on the program's clock and the emulator's
 * @param files the user's
 */
export async function countRoundTrips(
  makeEmulator: () => Emulator,
  args: readonly string[],
  latencyMs = 50,
  files = CONFIG_FILES,
): Promise<RoundTrips> {
  // The first run loads modules, which takes turns of its own.
  await runOnce(makeEmulator(), args, latencyMs, files);
  return await runOnce(makeEmulator(), args, latencyMs, files);
}

async function runOnce(
  emulator: Emulator,
  args: readonly string[],
  latencyMs: number,
  files: Readonly<Record<string, string>>,
): Promise<RoundTrips> {
  for (const [name, value] of Object.entries(CREDENTIALS)) Deno.env.set(name, value);
  const clock = new VirtualClock(emulator.now(), (ms) => emulator.advance(ms));
  const network = new SlowNetwork(emulatorHandler(emulator), () => clock.advance(latencyMs));
  const exit = (code: number) => {
    throw new Error(`the program ended itself with ${code}`);
  };
  const { host, written } = madeUpHost({ args, files, clock, exit });
  const exitCode = await run(host, network);
  const before = network.sent.findIndex((operations) => !operations.every(isRead));
  return {
    exitCode,
    stderr: written.stderr,
    reads: before < 0 ? network.sent : network.sent.slice(0, before),
    write: network.sent[before]?.find((operation) => !isRead(operation)),
  };
}
