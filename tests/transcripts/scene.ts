import type { Emulator } from "../emulator/emulator.ts";
import type { RunOptions } from "../in_process.ts";

/** A run of the whole program, whose output is kept as a file. */
export interface Scene {
  readonly args: string;
  readonly world?: () => Emulator;
  readonly options?: RunOptions;
}

/** Where the output of a scene is kept. */
export function transcriptFile(name: string): URL {
  return new URL(`${name}.txt`, import.meta.url);
}
