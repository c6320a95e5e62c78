import { type Clock, type Environment, type Files, type Host, MachineError } from "../host.ts";
import { attempt } from "./attempt.ts";
import { createText, glob, HeldFiles, kindOf, readText, realPath, standardStreamOf, writeText } from "./files.ts";
import { makeFetchOptions } from "./http_client.ts";
import { endPrograms, invoke, killPrograms } from "./invoke.ts";
import { systemOutputs } from "./output.ts";
import { abortOf, sleep } from "./sleep.ts";
import { findStopSignals, onContinue, onStopSignal } from "./stop_signals.ts";

/** Nobody types a longer line. */
const LONGEST_TYPED = 4_096;
const EXIT_WITHIN_MS = 200;
/** Timers count in 32 bits: 24 days, after which no deployment is waited for. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The real machine. */
export function systemHost(): Host {
  let maskNow = (text: string) => text;
  const mask = (text: string) => maskNow(text);
  const outputs = systemOutputs(mask);
  return {
    args: Deno.args,
    env: ENVIRONMENT,
    files: systemFiles(outputs, mask),
    clock: CLOCK,
    ...outputs,
    maskWrites: (mask) => maskNow = mask,
    stdin: { isTerminal: Deno.stdin.isTerminal(), readLine },
    terminalSize: () => attempt(() => Deno.consoleSize()) ?? { columns: 0, rows: 0 },
    random: Math.random,
    invoke,
    fetchOptions: makeFetchOptions,
    findStopSignals: () => findStopSignals(),
    onStopSignal,
    onContinue,
    // What is given up never comes back, whatever a file or a package then makes the program do.
    //
    // Deno (2.6.8 and 2.9.6) revokes a permission that was given for everything only as a whole, not for one path or one
    // command. So a file that is to be written later is opened before (`HeldFiles`).
    giveUp(permissions) {
      for (const name of permissions) Deno.permissions.revokeSync({ name });
    },
    endPrograms,
    exit(code) {
      killPrograms();
      // A reader gets what was written last, but a slow reader is not waited for.
      const soon = AbortSignal.timeout(EXIT_WITHIN_MS);
      void Promise.all([outputs.stdout.finish(soon), outputs.stderr.finish(soon)]).then(() => Deno.exit(code));
    },
  };
}

const ENVIRONMENT: Environment = {
  get(name) {
    try {
      return Deno.env.get(name);
    } catch (error) {
      throw error instanceof Deno.errors.InvalidData ? new MachineError({ code: "notText", variable: name }) : error;
    }
  },
  set: (name, value) => Deno.env.set(name, value),
};

const CLOCK: Clock = {
  now: () => Date.now(),
  elapsed: () => Math.round(performance.now()),
  sleep,
  deadline: (ms) => AbortSignal.timeout(Math.min(ms, LONGEST_TIMER_MS)),
};

function systemFiles({ stdout, stderr }: Pick<Host, "stdout" | "stderr">, mask: (text: string) => string): Files {
  const held = new HeldFiles();
  const write = async (path: string, text: string, options: { readonly append: boolean }) => {
    const output = [undefined, stdout, stderr][standardStreamOf(path) ?? 0];
    if (output === undefined) await writeText(path, mask(text), options, held);
    else output.write(text);
  };
  return {
    readText,
    kindOf,
    realPath,
    glob,
    createText: (path, text) => createText(path, mask(text)),
    writeText: (path, text) => write(path, text, { append: false }),
    appendText: (path, text) => write(path, text, { append: true }),
    hold: (path) => held.hold(path),
  };
}

/** As `Host.stdin.readLine`. */
async function readLine(signal: AbortSignal): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let line = "";
  const aborted = abortOf(signal).then(() => null);
  // A terminal hands over one line at a time, so nothing after its end is lost.
  for (const buffer = new Uint8Array(1_024);;) {
    // A job in the background, or one whose terminal is gone, may not read.
    const count = await Promise.race([Deno.stdin.read(buffer).catch(() => null), aborted]);
    if (count === null) return undefined;
    line += decoder.decode(buffer.subarray(0, count), { stream: true });
    const end = line.indexOf("\n");
    if (end >= 0) return line.slice(0, end).replace(/\r$/, "");
    if (line.length > LONGEST_TYPED) return undefined;
  }
}
