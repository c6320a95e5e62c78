import type { Cause } from "../../../../src/diagnosis/cause.ts";
import type { Plan } from "../../../../src/rollout/plan/plan.ts";
import type { Intent } from "../../../../src/rollout/plan/refusal.ts";
import type { ShownRun } from "./shown_run.ts";

export const OUT_OF_MEMORY: Cause = {
  code: "outOfMemory",
  container: "app",
  exitCode: 137,
  said: "OutOfMemoryError: Container killed due to memory usage",
  count: 2,
  about: {},
  taskArn: "arn:aws:ecs:ap-northeast-1:123456789012:task/default/0f6d8a2e3b1c4d5e8f90a1b2c3d4e5f6",
  atMs: undefined,
};
export const stoppedOf = (revision: string) =>
  `2 tasks of ${revision} stopped: container app ran out of memory (exit code 137)`;
export const ADVICE =
  "advice: raise memory of the container or the task in the task definition, or find what uses so much";
export const FAILED = { kind: "failed", reason: "tasks failed to start", leftovers: [] } as const;

export function start(run: ShownRun, command: Intent, isDryRun = false): void {
  run.happen({ kind: "started", command, isDryRun, timeoutMs: 0, atMs: 0 });
}

export function announce(run: ShownRun, shown: Plan, isAutomaticRollback = false): void {
  // Its deploys are those of `--rollback-events`.
  run.happen({ kind: "planned", plan: shown, isAutomaticRollback, rollsBackOnFailure: shown.intent === "deploy" });
}

/** Plans, and begins with each step. */
export function begin(run: ShownRun, shown: Plan, isAutomaticRollback = false): void {
  announce(run, shown, isAutomaticRollback);
  for (const step of shown.steps) run.happen({ kind: "stepStarted", step });
}

export function lines(...all: string[]): string {
  return all.map((line) => `${line}\n`).join("");
}

export function withoutDrawing(summary: string): string {
  return summary.replace(/### Timeline\n\n```mermaid\n[^`]+```\n\n/, "");
}
