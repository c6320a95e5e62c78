/** The world's clock: moves from one due step to the next, so that a long time passes exactly as many short ones do. */
import { forgetOldServiceDeployments, wakeAt } from "./deployments.ts";
import { forgetDeleted, serviceOfTask } from "./lookup.ts";
import type { World } from "./model.ts";
import { reconcile } from "./rolling_deployment.ts";
import { forgetOldTasks, takeStep } from "./tasks.ts";

function nextDueAtMs(world: World): number {
  let due = Infinity;
  for (const { next } of world.tasks) if (next && next.atMs < due) due = next.atMs;
  for (const { wakeAtMs } of world.services) if (wakeAtMs !== undefined && wakeAtMs < due) due = wakeAtMs;
  return due;
}

function takeDueSteps(world: World): void {
  for (const task of world.tasks) {
    if (!task.next || task.next.atMs > world.nowMs) continue;
    const service = serviceOfTask(world, task);
    if (!service) {
      delete task.next;
      continue;
    }
    takeStep(world, service, task, task.next);
    wakeAt(service, world.nowMs);
  }
}

/** Lets time pass until `atMs`, doing everything that falls due on the way, in order. */
export function advanceTo(world: World, atMs: number): void {
  for (let due = nextDueAtMs(world); due <= atMs; due = nextDueAtMs(world)) {
    world.nowMs = Math.max(world.nowMs, due);
    takeDueSteps(world);
    for (const service of world.services) {
      if (service.wakeAtMs !== undefined && service.wakeAtMs <= world.nowMs) reconcile(world, service);
    }
    forgetOldTasks(world);
  }
  world.nowMs = Math.max(world.nowMs, atMs);
  forgetOldTasks(world);
  forgetOldServiceDeployments(world);
  forgetDeleted(world);
}
