import { alarmsOff, mayBeKnownLater } from "../bake_text.ts";
import { ranBefore, targetOf } from "../ending.ts";
import { type NextStep, nextSteps } from "../next_steps.ts";
import type { RunState, ServiceState } from "../state.ts";
import type { Fallback } from "../failing_deployment.ts";
import { type ByResult, hasNothingToDo, isOrderUnknown, isStuck, isUndoLeft, isUndone } from "./service_result.ts";
import { findOutages, isCrashing, isDown } from "./outages.ts";

type Services = readonly ServiceState[];

/** What to type next about many services: a code with data. `fleet_step_text.ts` has its words and its commands. */
export type FleetStep = Readonly<
  /** The same step as in a run of one service. */
  | { kind: "ofOne"; service: ServiceState; step: NextStep }
  /** Back to the release that the run was to leave: nothing runs (`isDown`), or only tasks that may crash next. */
  | { kind: "endOutage"; service: ServiceState; fallback: Fallback; isDown: boolean }
  | { kind: OfSome; services: Services }
  | { kind: "explainAlarms"; ofRegions: readonly { region: string | undefined; alarms: readonly string[] }[] }
  /** `isWhole`: these are all that have work left. `followsSome`: the same command follows some that are under way. */
  | { kind: "goOn"; services: Services; isWhole: boolean; followsSome: boolean }
  | { kind: "withoutFailed"; services: Services; failed: ServiceState }
  /** Begins with `others` and, as copies of deregistered revisions, with `reregistered`; leaves out `left`. */
  | { kind: "begin"; others: number; reregistered: Services; left: Services }
  | { kind: "adviceOnRefused"; service: ServiceState }
  | { kind: "carryOut"; by: "planFile" | "newPlanFile" | "again" }
>;
type OfSome = "follow" | "followUndo" | "undo" | "judge" | "judgeLater" | "seeHistory" | "reregister" | "planRefused";

/** What to type before all else, even before what is left to do by hand. */
export function urgentSteps(state: RunState, { failed }: ByResult): FleetStep[] {
  const outages = findOutages(state);
  const crashing = failed.filter((service) => isCrashing(service) && !outages.includes(service));
  return [...outages, ...crashing].flatMap((service) => endOutage(service, outages.includes(service)));
}

/** A rollback to what ran before, if that was seen to run well. */
export function endOutage(service: ServiceState, isDown = true): FleetStep[] {
  const { main, hasRunBefore, rollback } = service;
  const [to, from] = [main && ranBefore(main.plan), main && targetOf(main)];
  if (hasRunBefore !== true || rollback !== undefined) return [];
  if (to === undefined || from === undefined || to.arn === from.arn) return [];
  return [{ kind: "endOutage", service, fallback: { to, from, isLive: false, sharesNetwork: undefined }, isDown }];
}

/** What to type at the end of a run of many services, after what is urgent and what is left to do by hand. */
export function fleetSteps(state: RunState, results: ByResult): FleetStep[] {
  const { refused, planned, failed: [failed] } = results;
  const isUndoing = state.all?.policy.onFailure === "undo" && failed !== undefined;
  // Repeating a rollback is safe: if ECS has the order already, the rollback follows it.
  const isToRepeat = (service: ServiceState) => service.command === "rollback" && isOrderUnknown(service);
  const underWay = results.underWay.filter((service) => !isToRepeat(service));
  const notBegun = [...results.underWay.filter(isToRepeat), ...results.notBegun];
  if (isKeptByRefusal(state, results)) return stepsWhenRefused(results);
  if (planned.length > 0) return stepsAfterDryRun(state);
  const undoLeft = results.leftChanged.filter(isUndoLeft);
  // If a deploy failed, the release is bad.
  const others = isUndoing && failed.command === "rollback" ? [...results.undone, ...undoLeft, ...notBegun] : [];
  return [
    ...(failed === undefined ? [] : stepOfFailed(failed)),
    ...goOn(state, { ...results, underWay, notBegun: isUndoing ? [] : notBegun }),
    ...ofSome("followUndo", undoLeft),
    ...(failed?.command === "deploy" && !isUndoing ? ofSome("undo", results.done.filter(isUndoable)) : []),
    ...(others.length === 0 ? [] : [{ kind: "withoutFailed", services: others, failed: failed! } as const]),
    ...stepsOfRefused(state, refused),
    ...stepsAfterBakes(state, results),
  ];
}

function ofSome(kind: OfSome, services: Services): FleetStep[] {
  return services.length === 0 ? [] : [{ kind, services }];
}

/** Whether the deploy of a service can be undone by a rollback: it ran something else before. */
function isUndoable({ main }: ServiceState): boolean {
  const [from, to] = [main && ranBefore(main.plan), main && targetOf(main)];
  return from !== undefined && to !== undefined && from.arn !== to.arn;
}

function stepOfFailed(service: ServiceState): FleetStep[] {
  const step = nextFor(service);
  // The step that ends an outage comes before all others.
  const isSaid = step?.kind === "rollBack" && isDown(service) && endOutage(service).length > 0;
  return step === undefined || isSaid ? [] : [{ kind: "ofOne", service, step }];
}

/** What to do about a failed service; once it is undone, there is nothing to watch or to roll back. */
export function nextFor(failed: ServiceState): NextStep | undefined {
  if (!isUndone(failed)) return nextSteps(failed)[0];
  const { rollback: _, ...before } = failed;
  return nextSteps(before).find(({ kind }) => ["choose", "explainTasks", "explainAlarms"].includes(kind));
}

/** Whether a refusal, or something that could not be read, kept the run from beginning with any service. */
function isKeptByRefusal({ services, all }: RunState, { refused, failed }: ByResult): boolean {
  return refused.length + failed.length > 0 && all?.skipsRefused === false &&
    services.every(({ beganAtMs }) => beganAtMs === undefined);
}

/**
 * What is left to do, and what is under way. Repeating a rollback also follows those that are under way, so one command
 * does both, except for deployments that may never end.
 */
function goOn({ all, services }: RunState, { underWay, submitted, notBegun, failed }: ByResult): FleetStep[] {
  const [first] = notBegun;
  if (all === undefined || first === undefined) return ofSome("follow", [...underWay, ...submitted]);
  const followed = first.command === "rollback" ? underWay.filter((service) => !isStuck(service)) : [];
  const left = services.filter((service) => followed.includes(service) || notBegun.includes(service));
  const isWhole = left.length === services.length || (failed.length === 0 && followed.length === underWay.length);
  return [
    ...ofSome("follow", [...underWay.filter((service) => !followed.includes(service)), ...submitted]),
    { kind: "goOn", services: left, isWhole, followsSome: followed.length > 0 },
  ];
}

/** What a dry run has shown is carried out by the same command without `--dry-run`, which comes last. */
function stepsAfterDryRun({ planFile, services }: RunState): FleetStep[] {
  if (services.every(hasNothingToDo)) return [];
  if (planFile !== undefined) return [{ kind: "carryOut", by: "planFile" }];
  const again: FleetStep = { kind: "carryOut", by: "again" };
  return services[0]?.command === "rollback" ? [{ kind: "carryOut", by: "newPlanFile" }, again] : [again];
}

/** If refused services kept the run from beginning; the command that does most comes first. */
function stepsWhenRefused({ refused, failed, notBegun, planned }: ByResult): FleetStep[] {
  const out = [...refused, ...failed];
  const [reregistered, left] = partition(out);
  const others = [...notBegun, ...planned].filter(({ main }) => main?.plan.isReached !== true).length;
  return [
    ...(reregistered.length === 0 ? [] : [{ kind: "begin", others, reregistered, left } as const]),
    ...(others === 0 ? [] : [{ kind: "begin", others, reregistered: [], left: out } as const]),
  ];
}

/** For services that a run left out because they are refused. */
function stepsOfRefused({ planFile }: RunState, refused: Services): FleetStep[] {
  // A plan file says how its services are rolled back, so no option can be added.
  const [reregistered, left] = planFile === undefined ? partition(refused) : [[], refused];
  const [service] = left;
  const isAdvised = left.length === 1 || planFile !== undefined || service?.command === "wait";
  return [
    ...ofSome("reregister", reregistered),
    ...(service !== undefined && isAdvised
      ? [{ kind: "adviceOnRefused", service } as const]
      : ofSome("planRefused", left)),
  ];
}

function partition(refused: Services): [reregistered: Services, left: Services] {
  return [refused.filter(isFixedByReregister), refused.filter((one) => !isFixedByReregister(one))];
}

/** Whether an option lets the program do what it refuses. */
export function isFixedByReregister({ refusal }: ServiceState): boolean {
  return refusal?.code === "targetNotActive";
}

/** About rollbacks that did not help, or whose effect is not known. */
function stepsAfterBakes({ services }: RunState, { done }: ByResult): FleetStep[] {
  const bad = services.filter(({ bake }) => bake?.verdict?.kind === "didNotHelp");
  const open = services.filter(({ bake }) => bake?.verdict !== undefined && mayBeKnownLater(bake.verdict));
  const unasked = done.filter((service) => nextSteps(service).some(({ kind }) => kind === "judge"))
    .filter(({ bake }) => bake === undefined);
  return [...lookInto(bad), ...ofSome("judgeLater", open), ...ofSome("judge", unasked)];
}

/** For one service, the commands of a run of one; for several, one command for their alarms, which are often shared. */
function lookInto(bad: Services): FleetStep[] {
  const [service, ...others] = bad;
  if (service !== undefined && others.length === 0) {
    return nextSteps(service).map((step) => ({ kind: "ofOne", service, step }));
  }
  const ofRegions = [...Map.groupBy(bad, ({ ref }) => ref.region)].map(([region, services]) => ({
    region,
    alarms: [...new Set(services.flatMap(({ bake }) => alarmsOff(bake!.verdict!)))],
  })).filter(({ alarms }) => alarms.length > 0);
  return [{ kind: "explainAlarms", ofRegions }, ...ofSome("seeHistory", bad)];
}
