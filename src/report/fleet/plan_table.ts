import { parseTaskDefinitionArn, type Revision, serviceName, shortName } from "../../model/arn.ts";
import { readWrittenImages } from "../../model/images.ts";
import type { AnyRefusal } from "../../rollout/events.ts";
import type { Policy } from "../../rollout/outcome.ts";
import type { Plan, Step } from "../../rollout/plan/plan.ts";
import type { Intent } from "../../rollout/plan/refusal.ts";
import { describeFailure } from "../failure_text.ts";
import { primarySeen } from "../live_now.ts";
import { count, formatAge, formatDuration } from "../messages/log.ts";
import {
  isStillTagged,
  renderChangedImage,
  renderImages,
  renderShipped,
  shortenImage,
} from "../messages/image_text.ts";
import { describePlanNotice } from "../messages/notice_text.ts";
import { describeBack, describeChoice, describeSkip } from "../messages/reason_text.ts";
import { explainRefusal } from "../messages/refusal_text.ts";
import { describeNoChange, renderChangesByScope } from "../messages/change_text.ts";
import type { RunState, ServiceState } from "../state.ts";
import { TableLayout } from "../table_layout.ts";
import { VERBS } from "../messages/work_words.ts";
import { listNames, nameIn } from "./names.ts";
import { warnOfTime } from "./time_limit.ts";

/** The plan for many services: one sentence, then a table with a row for each, whose first columns matter most. */
export function renderFleetPlan(state: RunState): string[] {
  const { services, all } = state;
  const hasWaves = services.some(({ wave }) => wave !== services[0]!.wave);
  const warns = services.some(({ main }) => main !== undefined && main.plan.notices.length > 0);
  const refuses = services.some(({ main }) => main === undefined || explainLeft(main.plan) !== undefined);
  const rows = sortByWave(services).map((service) => {
    const [way = "", how = "", age = "", image = ""] = describePlanned(service, all?.atMs ?? 0);
    const notices = service.main?.plan.notices.length ?? 0;
    return [
      ...(hasWaves ? [String(service.wave)] : []),
      ...[nameIn(state, service.ref), way, how, age],
      ...(warns ? [notices === 0 ? "" : String(notices)] : []),
      image,
    ].map((text) => text === "" ? "-" : text);
  });
  const headings = [
    ...(hasWaves ? ["WAVE"] : []),
    ...["SERVICE", services[0]?.command === "wait" ? "REVISION" : "FROM -> TO", "HOW", "AGE"],
    ...(warns ? ["WARNINGS"] : []),
    `IMAGE${refuses ? ", OR WHY NOT" : ""}`,
  ];
  return [describeAll(state), ...new TableLayout(headings).add(rows)];
}

/** Why a plan leaves a service as it is; `undefined` if it is neither skipped nor back already. */
export function explainLeft({ skipped, reason }: Plan): string | undefined {
  if (skipped !== undefined) return describeSkip(skipped);
  return reason?.code === "isBack" ? describeBack(reason) : undefined;
}

/** Services in the order in which they begin: by wave, then by name. */
export function sortByWave<Service extends Pick<ServiceState, "wave" | "ref">>(
  services: readonly Service[],
): Service[] {
  const byName = (one: Service, other: Service) => one.ref.service < other.ref.service ? -1 : 1;
  return services.toSorted((one, other) => (one.wave ?? 1) - (other.wave ?? 1) || byName(one, other));
}

/** `Plan: roll back 17 services (2 regions) in 2 waves, 10 at a time. Where one fails, the others go on. 1 is refused.` */
function describeAll({ services, all }: RunState): string {
  const skipped = services.filter(({ main }) => main?.plan.skipped !== undefined).length;
  const reached = services.filter(({ main }) => main?.plan.isReached).length;
  const planned = services.filter(({ main }) => main && !main.plan.isReached && main.plan.skipped === undefined);
  const refused = services.length - planned.length - reached - skipped;
  const regions = new Set(services.map(({ ref }) => ref.region)).size;
  const waves = new Set(planned.map(({ wave }) => wave)).size;
  const { policy, skipsRefused = false } = all ?? {};
  const isLimited = policy !== undefined && planned.length > policy.parallel;
  const verb = VERBS[services[0]?.command ?? "rollback"];
  const rest = [
    ...(reached === 0 ? [] : [`${reached} ${nameReached(reached, services[0]!.command)}`]),
    ...(skipped === 0 ? [] : [`${skipped} ${skipped === 1 ? "is left as it is" : "are left as they are"}`]),
  ];
  if (planned.length + refused === 0) return `Plan: nothing to ${verb}: ${rest.join(", ")}.`;
  if (refused === services.length) return `Plan: ${verb} none of ${count(refused, "service")}: all are refused.`;
  if (refused > 0 && !skipsRefused) {
    return `Plan: nothing ${all?.isDryRun ? "would be" : "is"} done to any of ${count(services.length, "service")}, ` +
      `because ${refused} ${refused === 1 ? "is" : "are"} refused.`;
  }
  const { timeoutMs = 0 } = services[0] ?? {};
  const isAwaited = planned.some(({ main }) => main?.plan.steps.some(({ kind }) => kind === "awaitDeployment"));
  const limit = isAwaited && timeoutMs > 0 ? `, within ${formatDuration(timeoutMs)} in all` : "";
  const isAnyFast = planned.some(({ main }) => main && isFast(main.plan.steps));
  const slowly = policy?.onFailure === "undo" && isAnyFast ? ", with bake time, hooks and steps" : "";
  return [
    `Plan: ${verb} ${count(planned.length, "service")}${regions > 1 ? ` (${regions} regions)` : ""}` +
    `${waves > 1 ? ` in ${waves} waves` : ""}${isLimited ? `, ${policy.parallel} at a time` : ""}${limit}.`,
    ...(policy === undefined || !isAwaited || services[0]?.command === "wait"
      ? []
      : [...warnOfTime(planned, policy, timeoutMs), `Where one fails, ${ON_FAILURE[policy.onFailure]}${slowly}.`]),
    ...rest.map((text) => `${text}.`),
    ...(refused === 0
      ? []
      : [`${refused} ${refused === 1 ? "is refused, and stays as it is" : "are refused, and stay as they are"}.`]),
  ].join(" ");
}

/** What happens to the other services if one fails. */
const ON_FAILURE: Readonly<Record<Policy["onFailure"], string>> = {
  continue: "the others go on",
  stop: "no more are begun",
  undo: "no more are begun, and those of this run go back to what they ran before it",
};

/** `2 are there already`; `wait` has no target, so it says that no deployment is under way. */
function nameReached(number: number, command: Intent): string {
  if (command === "wait") return number === 1 ? "has none under way" : "have none under way";
  return number === 1 ? "is there already" : "are there already";
}

function describePlanned(service: ServiceState, nowMs: number): string[] {
  if (service.main === undefined) return describeRefused(service, nowMs);
  const { plan } = service.main;
  const { from = "(none)", to = "(new)", intent, deployedAtMs, images = [], isReached, changes } = plan;
  return [
    nameWay(from, to, service, intent),
    describeHow(plan),
    deployedAtMs === undefined ? "" : formatAge(nowMs - deployedAtMs),
    explainLeft(plan) ?? (isReached ? "" : renderChangedImage(changes ?? [], images) || findShipped(plan) || ""),
  ];
}

/** What a refused service runs, if that was read, and why nothing is done to it. */
function describeRefused(service: ServiceState, nowMs: number): string[] {
  const { refusal, command } = service;
  const [why = ""] = explainUnplanned(service);
  const primary = primarySeen(service);
  const from = primary && parseTaskDefinitionArn(primary.taskDefinition);
  const way = from === undefined ? "" : nameWay(from, refusal && targetOfRefusal(refusal) || "-", service, command);
  return [way, why === "" ? "" : "REFUSED", primary === undefined ? "" : formatAge(nowMs - primary.createdAtMs), why];
}

/** Why a service has no plan, and what to do instead, one line each. */
export function explainUnplanned({ refusal, failure, ref }: ServiceState): readonly string[] {
  if (refusal !== undefined) return explainRefusal(refusal);
  return failure === undefined ? [] : describeFailure(failure, ref.region);
}

/** The target of a refused plan, if it was known. */
function targetOfRefusal(refusal: AnyRefusal): Named | undefined {
  return "target" in refusal ? refusal.target : "to" in refusal ? refusal.to : undefined;
}

/** The image of the task definition that the plan registers, if that has exactly one container. */
function findShipped({ steps }: Plan): string | undefined {
  const written = steps.flatMap((step) => step.kind === "register" ? readWrittenImages(step.input) : []);
  return written.length === 1 ? shortenImage(written[0]!.image) : undefined;
}

/**
 * `4 -> 3`; with the family if it is not the service's name, or if the two families differ.
 *
 * @param from a revision, or a text if there is none
 */
function nameWay(from: Named | string, to: Named | string, { ref }: ServiceState, intent: Intent): string {
  const isOfService = [from, to].every((one) => typeof one === "string" || one.family === serviceName(ref.service));
  const name = (one: Named | string) =>
    typeof one === "string" ? one : isOfService ? String(one.revision) : shortName(one);
  const isOneFamily = typeof from !== "string" && typeof to !== "string" && from.family === to.family;
  if (intent === "wait" || (isOneFamily && from.revision === to.revision)) return name(to);
  return `${name(from)} -> ${isOneFamily ? to.revision : name(to)}`;
}

type Named = Pick<Revision, "family" | "revision">;

/** Whether a rollback is `--fast`: without the bake time, hooks and steps of the service. */
const isFast = (steps: Plan["steps"]) => steps.some(({ kind }) => kind === "recordWaits");

/** How the service gets to its target, in a few words. */
function describeHow({ steps, isReached, skipped, intent }: Plan): string {
  if (skipped !== undefined || (isReached && steps.length === 0)) {
    return intent === "wait" ? "none under way" : "nothing to do";
  }
  const said = isFast(steps) ? steps.filter(({ kind }) => kind !== "restoreWaits") : steps;
  const words = said.flatMap((step) => HOW[step.kind](step as never, intent));
  return words.length === 0 ? "on its way already" : words.join(", ");
}

const HOW: { readonly [Kind in Step["kind"]]: (step: Extract<Step, { kind: Kind }>, intent: Intent) => string[] } = {
  register: () => ["register"],
  registerCopy: () => ["copy"],
  createService: () => ["create"],
  updateService: () => ["update"],
  stopDeployment: () => ["stop: ECS goes back"],
  suspendScaling: () => ["scaling"],
  recordWaits: () => ["fast"],
  restoreWaits: ({ before }) => [Object.keys(before).length === 0 ? "remove record" : "restore settings"],
  setCapacity: () => ["limits"],
  tagService: ({ holdForMs }) => holdForMs === undefined ? [] : ["hold"],
  restoreScaling: (_, intent) => intent === "scale" ? ["scaling"] : [],
  awaitDeployment({ follows }) {
    if (follows === undefined) return [];
    return follows.kind === "serviceDeployment" && follows.goal !== "success" ? ["ECS goes back: follow"] : ["follow"];
  },
  bake: () => ["bake"],
  deregister: () => ["deregister"],
};

/** A heading names at most this many services. */
const MAX_NAMES = 10;

/**
 * The details that the table of many plans leaves out: changes and whatever needs a look. Details that several services
 * share are shown once.
 */
export function renderFleetDetails(state: RunState): string[] {
  const services = sortByWave(state.services.filter(({ main }) => main !== undefined));
  const lines = SECTIONS.flatMap(([heading, linesOf]) => {
    const said = services.map((service) => ({ service, lines: linesOf(service.main!.plan) }));
    const groups = [...Map.groupBy(said, ({ lines }) => lines.join("\n")).values()];
    return groups.filter(([first]) => first!.lines.length > 0).flatMap((group) => [
      `${heading} ${nameGroup(group.map(({ service }) => service), services, state)}`,
      ...group[0]!.lines.map((line) => `  ${line}`),
    ]);
  });
  return lines.length === 0 ? [] : ["", ...lines];
}

function nameGroup(group: readonly ServiceState[], all: readonly ServiceState[], state: RunState): string {
  const isAll = group.length === all.length && group.length > 1;
  return isAll
    ? `(the same for ${all.length === 2 ? "both" : `all ${all.length}`})`
    : `of ${listNames(state, group, MAX_NAMES)}`;
}

const SECTIONS: readonly (readonly [heading: string, linesOf: (plan: Plan) => readonly string[]])[] = [
  ["Target", ({ reason }) => reason === undefined || reason.code === "deployedBefore" ? [] : [describeChoice(reason)]],
  ["Images", describeImages],
  ["Changes", describeChanges],
  ["Notices", ({ notices }) => notices.map(describePlanNotice)],
];

/** Leaves out images that start by a tag which still names what ran: the table shows those. */
function describeImages({ intent, isReached, images = [], to }: Plan): readonly string[] {
  if (intent === "deploy") return renderShipped(images);
  return isReached ? [] : renderImages(images.filter((image) => !isStillTagged(image)), to);
}

function describeChanges(plan: Plan): readonly string[] {
  const { isReached, skipped, changes } = plan;
  if (changes === undefined || isReached || skipped !== undefined) return [];
  return changes.length === 0 ? [describeNoChange(plan)] : renderChangesByScope(changes);
}
