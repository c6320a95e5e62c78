import { findUnrestored } from "../definitions/compare_services.ts";
import { AwsError } from "../errors.ts";
import type { JsonObject } from "../model/json.ts";
import type { ServiceRef } from "../model/service.ts";
import type { RollbackCheck } from "./events.ts";
import type { DeployUndo, Plan } from "./plan/plan.ts";
import type { Ports } from "./plan_run.ts";
import { readWholeService } from "./read/read_service.ts";

const READ_WITHIN_MS = 10_000;
/** Reads lag behind writes: what is not back at the first look may be at the next. */
const MOST_LOOKS = 3;
const LOOK_EVERY_MS = 2_000;

/** What was read of the service after a rollback. */
export type Restored = Pick<RollbackCheck, "unrestored" | "unknown" | "reason">;

/** Reads the service once more and compares what the deploy had changed with what was there before it. */
export async function checkRollback(
  ref: ServiceRef,
  undo: DeployUndo,
  plan: Plan,
  { ecs, clock }: Pick<Ports, "ecs" | "clock">,
  stop: AbortSignal,
): Promise<Restored> {
  // The number of tasks is restored only where nobody else has set it since.
  const names = undo.changed.filter((name) => name !== "desiredCount" || restoresCount(plan));
  if (names.length === 0) return { unrestored: [], unknown: [], reason: undefined };
  const signal = AbortSignal.any([stop, clock.deadline(READ_WITHIN_MS)]);
  const wanted = Object.fromEntries(names.map((name) => [name, true]));
  try {
    for (let looks = 1;; looks++) {
      const service = await readWholeService(ref, wanted, ecs, signal);
      const { members = {}, unread = [], denied } = service ?? {};
      const isUnknown = (name: string) => unread.includes(name) || isNeverShown(name, undo, members);
      const unknown = names.filter(isUnknown);
      const known = names.filter((name) => !isUnknown(name));
      const unrestored = findUnrestored(undo.was, members, known)
        .map((name) => ({ name, before: undo.before[name] }));
      if (unrestored.length === 0 || looks === MOST_LOOKS) return { unrestored, unknown, reason: denied?.message };
      await clock.sleep(LOOK_EVERY_MS, signal);
    }
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { unrestored: [], unknown: names, reason: error.message };
  }
}

/** ECS may have what it does not return; nothing was sent that restores it. */
function isNeverShown(name: string, { before, was }: DeployUndo, now: JsonObject): boolean {
  return before[name] === undefined && was[name] === undefined && now[name] === undefined;
}

function restoresCount({ steps }: Plan): boolean {
  return steps.some((step) =>
    step.kind === "updateService" && step.attributes?.desiredCount !== undefined ||
    step.kind === "stopDeployment" && step.otherwise.attributes?.desiredCount !== undefined
  );
}
