/** The whole program on inputs that nobody foresaw: the user's files, environment and arguments, and AWS's answers. */
import assert from "node:assert/strict";
import { run } from "../../src/app/run.ts";
import { crashLoop } from "../emulator/behaviours.ts";
import type { Emulator } from "../emulator/emulator.ts";
import { myservice } from "../emulator/myservice.ts";
import { isRead } from "../emulator/operations.ts";
import type { RunEvent } from "../../src/rollout/events.ts";
import { findInvisible } from "../invisible_characters.ts";
import { CONFIG_FILES, emulatorHandler } from "../in_process.ts";
import { madeUpHost } from "../made_up_host.ts";
import { startStopwatch } from "../stopwatch.ts";
import { VirtualClock } from "../virtual_clock.ts";
import { tamper, type Tampering } from "./strange_answers.ts";

export const ENDINGS = new Set([0, 2, 3, 4, 5, 6, 7, 8]);
const MAX_CALLS = 1_000;
/** Far longer than any run takes, far shorter than a run-away pattern. */
const HANG_MS = 5_000;

interface Inputs {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly tampering?: Tampering;
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly events: readonly RunEvent[];
  readonly emulator: Emulator;
}

Deno.env.set("TZ", "UTC");
Deno.env.set("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
Deno.env.set("AWS_SECRET_ACCESS_KEY", "example");

const WORLD = myservice({ behaviours: { 4: crashLoop() } });

/** Runs the whole program; throws when it does not end. */
async function runOn({ args, env = {}, files = CONFIG_FILES, tampering }: Inputs): Promise<Ended> {
  const emulator = WORLD.copy();
  const startedAtMs = emulator.now();
  let giveUp: (error: Error) => void = () => {};
  const lost = new Promise<never>((_, reject) => giveUp = reject);
  const { host, written } = madeUpHost({
    args,
    env,
    files,
    clock: new VirtualClock(startedAtMs, (ms) => emulator.advance(ms)),
    exit: (code) => giveUp(new Error(`the program ended itself with ${code}`)),
  });
  const honest = emulatorHandler(emulator);
  const handler = {
    ...honest,
    async handle(...asked: Parameters<typeof honest.handle>) {
      if (emulator.calls.length > MAX_CALLS) giveUp(new Error(`more than ${MAX_CALLS} calls`));
      const answer = await honest.handle(...asked);
      if (tampering !== undefined) answer.response = tamper(answer.response, tampering, emulator);
      return answer;
    },
  };
  const workedMs = startStopwatch();
  const events: RunEvent[] = [];
  const printer = { print: (event: RunEvent) => void events.push(event) };
  const code = await Promise.race([run(host, handler, printer), lost]);
  assert.ok(workedMs() < HANG_MS, "it hangs");
  return { code, ...written, events, emulator };
}

function checkEnding({ code, stdout, stderr, events, emulator }: Ended, endings = ENDINGS): void {
  assert.ok(endings.has(code), `exit code ${code}`);
  // Help texts have the word unforeseen, for the exit code.
  assert.doesNotMatch(stdout + stderr, /^ {4}at |this is a defect of ecspresso/m);
  if (code !== 0) assert.notEqual(stderr, "", `exit ${code} without a word`);
  const orders = emulator.calls.filter(({ operation, applied }) => operation === "UpdateService" && applied);
  // Only a deploy that is rolled back gives a second order.
  const most = events.some((event) => event.kind === "planned" && event.isAutomaticRollback) ? 2 : 1;
  assert.ok(orders.length <= most, `${orders.length} UpdateService took effect`);
  const writes = emulator.calls.filter(({ operation, applied }) =>
    applied && !isRead(operation) && operation !== "AssumeRole"
  );
  if (code >= 2 && code <= 4) assert.deepEqual(writes, [], `exit ${code}, but something was changed`);
}

/** Colours are the program's own; what separates values in `--output tsv`, too. A rendered config is no text for people. */
function textForPeople({ stdout, stderr }: Ended, { args, env = {} }: Inputs): string {
  const read = stderr + (args.includes("render") ? "" : stdout);
  const hasColors = args.includes("--color") || env.ECSPRESSO_COLOR !== undefined;
  const withoutColors = hasColors ? read.replace(/\x1b\[\d+m/g, "") : read;
  return args.some((arg) => arg.includes("tsv")) ? withoutColors.replaceAll("\t", " ") : withoutColors;
}

export async function checkRun(inputs: Inputs, endings = ENDINGS): Promise<void> {
  const ended = await runOn(inputs);
  try {
    checkEnding(ended, endings);
    // Words of others must not drive the terminal, nor be read as something else than they are.
    assert.deepEqual(findInvisible(textForPeople(ended, inputs)), []);
  } catch (error) {
    throw new Error(`${(error as Error).message}\nexit ${ended.code}\n${ended.stdout}${ended.stderr}`);
  }
}
