import type { Subject } from "./measure.ts";
import { type ObservedRun, observeRun } from "./observe_run.ts";
import { canMeasurePeak, measurePeak, type Program, runProcess } from "./start_process.ts";

/** The time from starting the program to its end. */
export function startUp(name: string, program: Program, ...args: string[]): Subject {
  return {
    name,
    async run() {
      const { startedAtMs, endedAtMs } = await runProcess([...program, ...args]);
      return endedAtMs - startedAtMs;
    },
  };
}

/** The time from starting a rollback to its first write. */
export function firstWrite(name: string, commandLine: readonly string[], latencyMs: number, home: string): Subject {
  return {
    name,
    run: async () => (await observeRun([...commandLine, "--no-wait"], { latencyMs, home })).firstWriteMs,
  };
}

/** What several runs of a program cost that waited for the end of their deployments; a value for each run. */
export interface WatchedRuns {
  readonly noticedAfterMs: readonly number[];
  readonly callsBeforeFirstWrite: readonly number[];
  readonly calls: readonly number[];
  /** In MiB; `undefined` where it cannot be measured. */
  readonly peaks: readonly number[] | undefined;
}

/** Runs a program so many times at once, each on a service of its own, to the end of its deployment. */
export async function watchRuns(commandLine: readonly string[], count: number, home: string): Promise<WatchedRuns> {
  const canMeasure = await canMeasurePeak();
  const runs: ObservedRun[] = [];
  const watch = async (prefix: readonly string[]) => {
    runs.push(await observeRun([...prefix, ...commandLine], { home }));
  };
  const peaks = await Promise.all(Array.from({ length: count }, () => canMeasure ? measurePeak(watch) : watch([])));
  return {
    noticedAfterMs: runs.map(({ noticedAfterMs }) => noticedAfterMs ?? NaN),
    callsBeforeFirstWrite: runs.map((run) => run.callsBeforeFirstWrite),
    calls: runs.map(({ calls }) => calls),
    peaks: canMeasure ? peaks.filter((peak) => peak !== undefined) : undefined,
  };
}

/** The most memory of several runs of a program, in MiB; `undefined` where it cannot be measured. */
export async function peaksOf(commandLine: readonly string[], count: number): Promise<readonly number[] | undefined> {
  if (!await canMeasurePeak()) return undefined;
  const peaks: number[] = [];
  for (let run = 0; run < count; run++) {
    peaks.push(await measurePeak((prefix) => runProcess([...prefix, ...commandLine])));
  }
  return peaks;
}
