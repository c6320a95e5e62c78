import { StoppedError } from "../errors.ts";
import type { Files } from "../host.ts";
import type { RunLimits } from "./run_limits.ts";

/** Files whose reading the limits end: a pipe may never come to its end. Then a StoppedError is thrown. */
export function stoppableFiles(files: Files, { signal, isListening }: RunLimits): Files {
  return {
    ...files,
    async readText(path) {
      if (await files.kindOf(path) === "stream") await isListening;
      try {
        return await files.readText(path, signal);
      } catch (error) {
        if (!signal.aborted) throw error;
        throw new StoppedError(`${path} was being read (a pipe ends when nobody writes to it any more)`);
      }
    },
  };
}
