import { shortName } from "../model/arn.ts";
import { keysToRemove } from "../model/waits.ts";
import type { Ordered } from "../model/outcome_kinds.ts";
import { holdCommand, resumeCommand } from "./messages/own_commands.ts";
import { describeAbandonedWaits } from "./messages/waits_text.ts";
import { watch } from "./next_steps.ts";
import { intentOf, type ServiceState } from "./state.ts";
import { WORK } from "./messages/work_words.ts";
import { describeNextStep } from "./step_text.ts";

/** What a second Ctrl-C says of a run of one service: what a program that stops at once leaves behind, one line each. */
export function abandonedBy(service: ServiceState): string[] {
  return [...abandonedOrder(service), ...abandonedChanges([service])];
}

/** The order that ECS has, or may have. */
export function abandonedOrder(service: ServiceState): string[] {
  const { order } = service.leftBehind;
  if (order === "no") return [];
  const [what, ...next] = describeDetached(order, service);
  return [`Stopped at once: ${what}`, ...next];
}

/** What the run has changed and not restored, or has yet to write, whether or not ECS has the order. */
export function abandonedChanges(services: readonly ServiceState[]): string[] {
  return [
    ...services.flatMap(abandonedHold),
    ...services.flatMap(abandonedScaling),
    ...services.flatMap(abandonedWaits),
  ];
}

/** Says that auto scaling may stay suspended, and how to restore it. */
function abandonedScaling({ leftBehind: { scaling, isUnrecorded = false }, ref }: ServiceState): string[] {
  if (scaling === undefined) return [];
  const [state, hasRecord] = scaling.kind === "suspendScaling"
    ? [scaling.prior, scaling.record !== "none"]
    : [scaling.to, scaling.hasRecord];
  const command = resumeCommand(ref, scaling.target, state, hasRecord && !isUnrecorded);
  return [
    `Stopped at once: auto scaling of ${scaling.target.resourceId} may still be suspended`,
    `to restore it: ${command}`,
  ];
}

function abandonedWaits({ leftBehind: { waits }, ref, main, runId }: ServiceState): string[] {
  if (waits === undefined) return [];
  const { to, steps = [] } = main?.plan ?? {};
  const { arn, before: missing } = waits;
  const recorded = steps.find((step) => step.kind === "recordWaits");
  const own = recorded && runId !== undefined ? { run: runId, before: recorded.before } : undefined;
  const keys = keysToRemove(own, steps.find((step) => step.kind === "restoreWaits")?.found);
  return describeAbandonedWaits(ref, { arn, keys, missing }, to && shortName(to));
}

function abandonedHold({ leftBehind: { hold }, ref }: ServiceState): string[] {
  if (hold?.holdForMs === undefined) return [];
  return [`Stopped at once: the service may not be held; to hold it: ${holdCommand(ref, hold.holdForMs, hold.reason)}`];
}

/** What ECS does with the order now that nobody watches, and how to watch it again. */
export function describeDetached(ordered: Exclude<Ordered, "no">, service: ServiceState): string[] {
  const { noun } = WORK[intentOf(service)];
  return [
    ordered === "yes" ? `ECS goes on with the ${noun}` : "ECS may have accepted the order, and may be carrying it out",
    describeNextStep(watch(ordered, service)),
  ];
}
