import process from "node:process";

/**
 * Starts to measure work in milliseconds: by the clock, or by the CPU time of this process where that is less.
 * On a machine with much to do, a limit of time says nothing about the work.
 */
export function startStopwatch(): () => number {
  const startedAtMs = performance.now();
  const usedBefore = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(usedBefore);
    return Math.min(performance.now() - startedAtMs, (user + system) / 1_000);
  };
}
