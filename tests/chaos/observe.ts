import { runCli } from "../e2e/cli_process.ts";
import type { Call, Emulator, WorldState } from "../emulator/emulator.ts";
import { FILES, type Scene } from "./scenes.ts";
import { type Interference, serveWire, type Strays } from "./wire.ts";

/** One run of the program as a process, and what can be known of it from outside. */
export interface Observed {
  readonly scene: Scene;
  readonly limitMs: number;
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** From the first call on: how long a process takes to start is the machine's affair. */
  readonly tookMs: number;
  /** From the start of the process on. */
  readonly wholeMs: number;
  readonly calls: readonly Call[];
  readonly before: WorldState;
  readonly after: WorldState;
  readonly strays: Strays;
  /** Every call as it has come over the wire: `UpdateService#1`. */
  readonly arrived: readonly string[];
  /** Whether AWS had answered before. */
  readonly hits: readonly Hit[];
}

/** A call that something was done to. */
export interface Hit {
  readonly operation: string;
  readonly isCarriedOut: boolean;
  /** How many calls to the same service had been answered as AWS does. */
  readonly answeredBefore: number;
  /** Whether it looks for how far ECS is with an order that it has taken. */
  readonly isWatching: boolean;
}

/** What is done to the `nth` call of an operation that comes, if anything. */
type Interfering = (operation: string, nth: number) => Interference | undefined;

const LONGEST_AFTER_LIMIT_MS = 60_000;
/** What is asked of Application Auto Scaling, which is another endpoint than ECS. */
export const SCALING_CALL =
  /^(RegisterScalableTarget|TagResource|UntagResource|DescribeScalableTargets|ListTagsForResource)$/;
const ORDER = /^(UpdateService|StopServiceDeployment)$/;
/** ECS is so much further each time that somebody looks at what was ordered. */
const STEPS_MS = [15_000, 60_000, 300_000];

/**
 * Runs a scene.
 *
 * @param onCall is called when the program has made its first call: then it has started
 * @param importMap has another program run in the place of this one
 */
export async function observe(
  scene: Scene,
  limitMs: number,
  interfering: Interfering,
  { onCall = () => {}, importMap }: { readonly onCall?: () => void; readonly importMap?: string } = {},
): Promise<Observed> {
  const emulator = scene.createWorld();
  const before = emulator.state();
  const watched = new WatchedCalls(emulator, interfering, onCall);
  return await serveWire({ emulator, interfere: watched.interfere }, async (url, strays) => {
    const args = [...scene.args, "--timeout", `${limitMs / 1_000}s`];
    const longestMs = 2 * limitMs + LONGEST_AFTER_LIMIT_MS;
    const startedAtMs = performance.now();
    const { code, stdout, stderr } = await runCli(url, args, { files: FILES, env: scene.env, longestMs, importMap });
    const endedAtMs = performance.now();
    const { firstCallAtMs = startedAtMs, arrived, hits } = watched;
    const ended = { code, stdout, stderr, tookMs: endedAtMs - firstCallAtMs, wholeMs: endedAtMs - startedAtMs };
    return { scene, limitMs, ...ended, calls: emulator.calls, before, after: emulator.state(), strays, arrived, hits };
  });
}

/** The calls of a run, and what is done to them. */
class WatchedCalls {
  readonly arrived: string[] = [];
  readonly hits: Hit[] = [];
  firstCallAtMs: number | undefined;
  #looks = 0;
  readonly #answered = { ecs: 0, scaling: 0 };
  #isWatching = false;

  constructor(
    private readonly emulator: Emulator,
    private readonly interfering: Interfering,
    private readonly onCall: () => void,
  ) {}

  readonly interfere = (operation: string, nth: number): Interference | undefined => {
    this.firstCallAtMs ??= performance.now();
    this.onCall();
    this.arrived.push(`${operation}#${nth}`);
    const isLook = operation === "DescribeServices" || operation === "DescribeServiceDeployments";
    if (isLook && this.emulator.calls.some((call) => call.applied && ORDER.test(call.operation))) {
      this.emulator.advance(STEPS_MS[this.#looks++ % STEPS_MS.length]!);
    }
    const service = SCALING_CALL.test(operation) ? "scaling" : "ecs";
    if (service === "scaling") this.#isWatching = false;
    const interference = this.interfering(operation, nth);
    if (interference === undefined) this.#answered[service]++;
    else {
      const [answeredBefore, isWatching] = [this.#answered[service], this.#isWatching && isLook];
      this.hits.push({ operation, isCarriedOut: interference.isCarriedOut, answeredBefore, isWatching });
    }
    if (ORDER.test(operation)) this.#isWatching = interference?.isCarriedOut !== false;
    return interference;
  };
}
