import { shortName } from "../model/arn.ts";
import { waitsKeysOf } from "../model/waits.ts";
import type { Ordered } from "../rollout/outcome.ts";
import { commandsFor, toFollow, waitForAll } from "./fleet/commands.ts";
import { listNames } from "./fleet/names.ts";
import { count } from "./log.ts";
import { holdCommand } from "./messages/phrases.ts";
import { describeAbandonedWaits } from "./messages/waits_text.ts";
import { describeNextStep, watch } from "./next_steps.ts";
import { resumeCommand } from "./run_notice_text.ts";
import { intentOf, type RunState, type ServiceState } from "./state.ts";
import { WORK } from "./work_words.ts";

/** What a second Ctrl-C says: what a program that stops at once leaves behind, one line each. */
export function ifAbandoned(state: RunState): string[] {
  const { services } = state;
  const left = services.filter(({ leaves }) => leaves.order !== "no");
  return [
    ...(services.length > 1 ? nameAbandoned(left, state) : left.flatMap(abandonedOrder)),
    ...services.flatMap(abandonedHold),
    ...services.flatMap(abandonedScaling),
    ...services.flatMap(abandonedWaits),
  ];
}

function abandonedOrder(service: ServiceState): string[] {
  const { order } = service.leaves;
  if (order === "no") return [];
  const [what, ...next] = describeDetached(order, service);
  return [`Stopped at once: ${what}`, ...next];
}

/** The same for services of a run of many. */
function nameAbandoned(left: readonly ServiceState[], state: RunState): string[] {
  const noun = WORK[intentOf(state.services[0]!)].noun;
  const say = (order: Ordered, does: string) => {
    const some = left.filter(({ leaves }) => leaves.order === order);
    return some.length === 0
      ? []
      : [`Stopped at once: ${does} ${count(some.length, noun)} (${listNames(state, some)})`];
  };
  return [
    ...say("yes", "ECS goes on with"),
    ...say("unknown", "ECS may have accepted, and then goes on with,"),
    ...commandsFor(left, waitForAll(left)).map((command) => `${toFollow(left)}: ${command}`),
  ];
}

/** Says that auto scaling may stay suspended, and how to restore it. */
function abandonedScaling({ leaves: { scaling, isUnrecorded = false }, ref }: ServiceState): string[] {
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

function abandonedWaits({ leaves: { waits }, ref, main, runId }: ServiceState): string[] {
  if (waits === undefined) return [];
  const { to, steps = [] } = main?.plan ?? {};
  const { arn, before: missing } = waits;
  const keys = steps.flatMap((step) => {
    if (step.kind === "recordWaits") return runId === undefined ? [] : waitsKeysOf(runId, step.before);
    return step.kind === "restoreWaits" ? step.found?.keys ?? [] : [];
  });
  return describeAbandonedWaits(ref, { arn, keys, missing }, to && shortName(to));
}

function abandonedHold({ leaves: { hold }, ref }: ServiceState): string[] {
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
