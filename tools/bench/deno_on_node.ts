/**
 * What `main.ts` and `src/host.ts` use of Deno, for Node: so that the very same code can be measured there. It stands in
 * for `Deno` as soon as it is imported.
 */

import { writeSync } from "node:fs";
import { readFile } from "node:fs/promises";
import process from "node:process";

class NotFound extends Error {}

function stream(fd: number, isTerminal: boolean) {
  return { isTerminal: () => isTerminal, writeSync: (bytes: Uint8Array) => writeSync(fd, bytes) };
}

async function readTextFile(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") throw new NotFound(error.message);
    throw error;
  }
}

const onNode = {
  args: process.argv.slice(2),
  build: { os: process.platform === "win32" ? "windows" : process.platform },
  env: {
    get: (name: string) => process.env[name],
    set: (name: string, value: string) => void (process.env[name] = value),
    toObject: () => ({ ...process.env }),
  },
  errors: { NotFound },
  exit: (code: number) => process.exit(code),
  readTextFile,
  // Node's fetch has no clients to choose from; the benchmark needs none.
  createHttpClient: () => undefined,
  stdin: { isTerminal: () => process.stdin.isTTY ?? false },
  stdout: stream(1, process.stdout.isTTY ?? false),
  stderr: stream(2, process.stderr.isTTY ?? false),
  addSignalListener: (signal: NodeJS.Signals, listener: () => void) => void process.on(signal, listener),
  removeSignalListener: (signal: NodeJS.Signals, listener: () => void) => void process.off(signal, listener),
};

Object.assign(globalThis, { Deno: onNode });
