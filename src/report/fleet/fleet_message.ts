import { shortName } from "../../model/arn.ts";
import type { BakeVerdict } from "../../rollout/judge/judge_bake.ts";
import { endOf, isRolledBack } from "../ending.ts";
import { lastSeen, nameOf } from "../live_now.ts";
import { capitalize, count, formatDuration } from "../messages/log.ts";
import { furtherBackCommand } from "../messages/own_commands.ts";
import type { RunState, ServiceState } from "../state.ts";
import { butLeft } from "../outcome_text.ts";
import { WORK } from "../messages/work_words.ts";
import { explain } from "./end_table.ts";
import { type ByResult, describeDone, isOrderUnknown, resultOf, type ServiceResult } from "./service_result.ts";
import { listNames, nameIn } from "./names.ts";

/** How many services ended in which way, and why, as sentences. */
export function describeFleet(state: RunState, results: ByResult): string {
  if (state.services.some(({ isDryRun }) => isDryRun)) return describeDryRun(state, results);
  const [lead, leading] = describeWorst(state, results);
  const ending = endOf(state);
  const isCut = (ending === "stopped" || ending === "timedOut") && !leading.includes("underWay");
  const [said, covered] = isCut
    ? [`${lead} ${describeStop(state, results)}`, [...leading, "underWay"]]
    : [lead, leading];
  // A failed service that is back counts as failed, and as undone, too.
  const counted = { ...results, undone: state.services.filter((service) => isRolledBack(service) === true) };
  const rest = REST.filter(([result]) => !covered.includes(result) && counted[result].length > 0)
    .map(([result, describe]) => describe(counted[result], state));
  const left = results.leftChanged.map((service) => describeLeft(service, state));
  const back = counted.undone.length > 0 && state.services.every(isAsBefore) ? `: ${describeLeaving(state)}` : "";
  return [said, ...(rest.length === 0 ? [] : [`${listed(rest)}${back}.`]), ...left].join(" ");
}

/** Whether a service runs the release that the run was to leave. One with nothing to do may run the other release. */
function isAsBefore(service: ServiceState): boolean {
  if (service.main === undefined || service.main.plan.isReached) return false;
  return isRolledBack(service) === true || resultOf(service) === "notBegun";
}

function describeLeaving({ services }: RunState): string {
  return `all ${services.length} run the release that this ${WORK[services[0]!.command].noun} was to leave`;
}

function describeDryRun(state: RunState, { refused, failed }: ByResult): string {
  const out = [...refused, ...failed];
  if (out.length === 0) return "Dry run: nothing has been changed.";
  const would = state.all?.skipsRefused ? "and would be left out" : "so nothing would be done to any";
  return `Dry run: nothing has been changed. ${describeRefused(state, out)}, ${would}.`;
}

/** `1 of 3 services is refused (b/default)` */
function describeRefused(state: RunState, refused: readonly ServiceState[]): string {
  const { length } = refused;
  return `${length} of ${count(state.services.length, "service")} ${length === 1 ? "is" : "are"} refused ` +
    `(${listNames(state, refused)})`;
}

/** The sentence that matters most, and the results that it covers. */
function describeWorst(state: RunState, results: ByResult): [text: string, results: readonly ServiceResult[]] {
  const { services, all } = state;
  const { failed, underWay, notBegun, refused, done, submitted, unchanged } = results;
  const { command } = services[0]!;
  const hasBegun = services.some(({ beganAtMs }) => beganAtMs !== undefined);
  if (!hasBegun && (refused.length > 0 || failed.length > 0) && all?.skipsRefused !== true) {
    return [`Nothing has been changed: ${describeRefused(state, [...refused, ...failed])}.`, [
      ...["refused", "failed", "notBegun", "unchanged"] as const,
    ]];
  }
  if (failed.length > 0) return [describeFailures(state, failed), ["failed"]];
  if (underWay.length + notBegun.length > 0) return [describeStop(state, results), ["underWay"]];
  if (submitted.length > 0) return [`ECS has accepted ${count(submitted.length, WORK[command].noun)}.`, ["submitted"]];
  if (done.length === 0 && unchanged.length > 0) {
    return command === "wait"
      ? [`Nothing to wait for: ${describeNoneUnderWay(unchanged, state)}.`, ["unchanged"]]
      : [`${describeThere(unchanged)}.${pointFurther(unchanged)}`, ["unchanged"]];
  }
  const but = butLeft(services.reduce((sum, { leftovers }) => sum + leftovers.length, 0));
  const live = services.length === done.length ? ": all are live" : "";
  const did = command === "wait" && live === ""
    ? `${count(done.length, "deployment")} ended well`
    : `${WORK[command].did} ${count(done.length, "service")}`;
  return [`${did}${live}${describeTook(state)}${but}.`, ["done"]];
}

/** Says that a stop signal or the time limit ended the run, and what ECS goes on with. */
function describeStop(state: RunState, { underWay }: ByResult): string {
  const { command, timeoutMs } = state.services[0]!;
  // A signal may have come after the time was up.
  const isTimeUp = state.signal === undefined || endOf(state) === "timedOut";
  const why = isTimeUp ? `The time was up after ${formatDuration(timeoutMs)}` : "Interrupted";
  if (underWay.length === 0) return `${why}: no deployment is under way.`;
  const unknown = underWay.filter(isOrderUnknown).length;
  const certain = underWay.length - unknown;
  const more = certain === 0 ? count(unknown, WORK[command].noun) : `${unknown} more`;
  const does = [
    ...(certain === 0 ? [] : [`goes on with ${count(certain, WORK[command].noun)}`]),
    ...(unknown === 0 ? [] : [`may have accepted ${more}, and then goes on`]),
  ];
  return `${why}: stopped watching; ECS ${does.join(", and ")}.`;
}

/** `2 of 12 rollbacks failed: b/default (container app exited with code 1), c/default.` */
function describeFailures(state: RunState, failed: readonly ServiceState[]): string {
  const { services } = state;
  const [first, ...others] = failed as [ServiceState];
  const why = explain(first, state);
  const because = why === "" ? "" : ` (${why})`;
  const also = others.length === 0 ? "" : `; then ${listNames(state, others)}`;
  const all = count(services.length, WORK[first.command].noun);
  return `${failed.length} of ${all} failed: ${nameIn(state, first.ref)}${because}${also}.`;
}

/** How long it took, from the first order to the last end. */
function describeTook({ services }: RunState): string {
  const began = services.flatMap(({ beganAtMs }) => beganAtMs ?? []);
  const ended = services.flatMap(({ endedAtMs }) => endedAtMs ?? []);
  const tookMs = Math.max(0, ...ended) - Math.min(...began);
  return began.length === 0 || tookMs < 1_000 ? "" : `, after ${formatDuration(tookMs)}`;
}

/** How the other services ended, in this order. */
const REST: readonly (readonly [
  result: ServiceResult,
  describe: (services: readonly ServiceState[], state: RunState) => string,
])[] = [
  ["done", (some) => `${some.length} ${isOrAre(some)} ${WORK[some[0]!.command].done}`],
  [
    "unchanged",
    (some, state) => some[0]!.command === "wait" ? describeNoneUnderWay(some, state) : listed(describeUnchanged(some)),
  ],
  ["submitted", (some) => `${some.length} ${isOrAre(some)} ordered`],
  ["undone", (some) => `${some.length} ${isOrAre(some)} undone`],
  ["underWay", (some) => `${some.length} ${some.some(isOrderUnknown) ? "may be" : isOrAre(some)} under way`],
  ["notBegun", (some) => `${some.length} ${some.length === 1 ? "was" : "were"} not begun`],
  [
    "refused",
    (some, state) => `${some.length} ${isOrAre(some)} refused${describeLeftAt(some)} (${listNames(state, some)})`,
  ],
];

function describeThere(some: readonly ServiceState[]): string {
  if (some.some((service) => describeDone(service) !== "")) return listed(describeUnchanged(some));
  return `Nothing to do for ${count(some.length, "service")}: already there`;
}

/** `1 needed no deployment (settings restored)`, `2 had nothing to do` */
function describeUnchanged(some: readonly ServiceState[]): string[] {
  return [...Map.groupBy(some, describeDone)].map(([done, { length }]) =>
    done === "" ? `${length} had nothing to do` : `${length} needed no deployment (${done})`
  );
}

/** `2 have none under way (api-2/default runs myservice:3, api-3/default runs myservice:3)` */
function describeNoneUnderWay(some: readonly ServiceState[], state: RunState): string {
  const runs = some.slice(0, MAX_NAMED).map((service) => `${nameIn(state, service.ref)} ${describeRuns(service)}`);
  const more = some.length - runs.length;
  const named = `${runs.join(", ")}${more === 0 ? "" : ` and ${more} more`}`;
  return `${some.length} ${some.length === 1 ? "has" : "have"} none under way (${named})`;
}

const MAX_NAMED = 4;

/** What a service runs if no deployment is under way: the plan's target if its tasks were not read. */
function describeRuns(service: ServiceState): string {
  const serving = lastSeen(service).filter(({ runningCount }) => runningCount > 0).map(nameOf);
  const to = service.main?.plan.to;
  return `runs ${serving.length > 0 || to === undefined ? serving.join(" and ") : shortName(to)}`;
}

/** Names no command if all are back already: it would move one service away from the others. */
function pointFurther(unchanged: readonly ServiceState[]): string {
  const isOffered = unchanged.some(({ main }) => main !== undefined && furtherBackCommand(main.plan) !== undefined);
  return isOffered ? " How to go further back: see --dry-run --verbose." : "";
}

/** What refused services still run. */
function describeLeftAt([first, ...others]: readonly ServiceState[]): string {
  if (others.length > 0) return " and as they were";
  const serving = first === undefined ? [] : lastSeen(first).filter(({ runningCount }) => runningCount > 0);
  return serving.length === 0 ? "" : ` and still runs ${serving.map(nameOf).join(" and ")}`;
}

const isOrAre = ({ length }: readonly unknown[]) => length === 1 ? "is" : "are";

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

/** Says that a service was to be undone and is not. */
function describeLeft(service: ServiceState, state: RunState): string {
  const why = explain(service, state);
  return `${nameIn(state, service.ref)} is NOT undone${why === "" ? "" : `: ${why}`}.`;
}

/** How many rollbacks have helped, and which have not. */
export function describeBakes(state: RunState): string {
  const kinds = Map.groupBy(state.services.filter(({ bake }) => bake?.verdict), ({ bake }) => bake!.verdict!.kind);
  const some = (kind: BakeVerdict["kind"]) => kinds.get(kind) ?? [];
  const bad = some("didNotHelp");
  const said = [
    ...(bad.length === 0 ? [] : [`${bad.length} did NOT help (${listNames(state, bad)})`]),
    ...(some("helped").length === 0 ? [] : [`${some("helped").length} helped`]),
    ...(some("cannotSay").length === 0 ? [] : [`whether ${some("cannotSay").length} helped cannot be said`]),
  ];
  return said.length === 0 ? "" : `${capitalize(said.join(", "))}.`;
}
