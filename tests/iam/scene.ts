import type { Emulator } from "../emulator/emulator.ts";
import type { RunOptions } from "../in_process.ts";

export interface Scene {
  readonly args: string;
  /** `myservice`, which runs well, when left out. */
  readonly world?: () => Emulator;
  readonly options?: RunOptions;
  /** The other uses whose permissions this run needs. */
  readonly with?: readonly string[];
  /** What the run ends with when all is allowed: 0 when left out. */
  readonly code?: number;
}
