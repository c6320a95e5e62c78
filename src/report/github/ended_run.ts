import { isAbsolute, resolve } from "node:path";
import { parseTaskDefinitionArn, shortName } from "../../model/arn.ts";
import { subjectName } from "../../model/service.ts";
import type { FilePosition } from "../../problems.ts";
import type { Intent } from "../../rollout/plan/refusal.ts";
import { renderChart } from "../bake_text.ts";
import { closingOf } from "../closing.ts";
import { isRolledBack, isRollingBack, isWhole, nameOfTarget, ranBefore, targetOf } from "../ending.ts";
import { capitalize, formatDuration } from "../log.ts";
import { renderCauses } from "../messages/cause_text.ts";
import { describeChoice } from "../messages/reason_text.ts";
import { type NextStep, nextSteps } from "../next_steps.ts";
import { describeNoChange, renderChanges, renderSteps } from "../plan_text.ts";
import { describeLeftover } from "../run_notice_text.ts";
import type { PlanState, RunState, ServiceState } from "../state.ts";
import { annotation, codeBlock, codeSpan, cut, Excerpt } from "./texts.ts";

/** A run that has ended, and what of its log the summary shows. */
export interface EndedRun {
  readonly state: RunState;
  /** `undefined` for a command of which nothing but errors is shown. */
  readonly command: Intent | undefined;
  /** The lines of the log that say what went wrong and what to do about it. */
  readonly said: readonly string[];
  /** Those that are no part of what the summary shows for itself. */
  readonly saidBesides: readonly string[];
  readonly warnings: readonly string[];
  /** A drawing of what happened, in Mermaid's language; no lines where there is nothing to draw. */
  readonly timeline: readonly string[];
  /** What the log said while the plan was carried out, a line each, with the time since the start. */
  readonly log: readonly string[];
  readonly tookMs: number;
}

/** The runner cuts a message at 4096 characters (ExecutionContext.cs in actions/runner). */
const LONGEST_MESSAGE = 4_000;
const LONGEST_LINE = 800;

/**
 * The one annotation of a run that did not go well: the last lines of its log.
 *
 * @param folder the working directory, where it is known
 */
export function renderError(ended: EndedRun, folder: string | undefined): string {
  const { command, state } = ended;
  const noun = command === undefined ? "ecspresso" : `ecspresso ${command}`;
  const { length, 0: service } = state.services;
  const subject = length > 1 ? `${length} services` : service && subjectName(service.ref);
  const title = subject === undefined ? noun : `${noun} of ${subject}`;
  const lines = ended.said.map((line) => cut(line, LONGEST_LINE));
  const { failure } = state;
  const place = placeOf(failure?.kind === "config" ? failure.position : undefined, folder);
  return annotation("error", title, fitting(lines, LONGEST_MESSAGE), place);
}

/** Nothing to lead to where it is about a file as a whole, which may not be there. */
function placeOf(position: FilePosition | undefined, folder: string | undefined): FilePosition | undefined {
  if (position?.line === undefined) return undefined;
  const isKnown = folder !== undefined && isAbsolute(folder);
  return isKnown ? { ...position, file: resolve(folder, position.file) } : position;
}

/** As many of the lines as fit into `room` characters. */
function fitting(lines: readonly string[], room: number): string[] {
  let left = room;
  return lines.filter((line) => (left -= line.length + 1) >= 0);
}

/** GitHub takes 1 MiB a step, older servers 128 KiB, and a step may run the program more than once. */
const LISTED = { first: 20, last: 5, lineLength: 600 };
const SHOWN = { first: 60, last: 10, lineLength: 300 };
const LONGEST_COMMAND = 1_500;
const MOST_COMMANDS = 10;
const NO_STEPS = "None: there is nothing to do.";

/** The job summary in Markdown: how it ended, why, and what to do next; then what was changed and what happened. */
export function renderSummary(ended: EndedRun): string {
  const { state, saidBesides, timeline } = ended;
  const [service] = state.services;
  const { main, rollback, differences, isDryRun } = service ?? {};
  const steps = service === undefined ? [] : [...stillToDo(service), ...nextSteps(service).slice(0, MOST_COMMANDS)];
  const { message = `Exit code ${state.exitCode}` } = closingOf(state, service) ?? {};
  const changes = main?.plan.changes;
  return [
    // Whatever stands before it in the file ends here.
    "",
    `## ${codeSpan(message)}`,
    ...section("Why tasks stopped", list(causesOf(main))),
    ...section("Why tasks stopped during the rollback", list(causesOf(rollback))),
    ...renderFacts(ended),
    ...section("What happened", list(saidBesides)),
    ...section("Before, during and after", codeBlockOf(renderChart(service?.bake?.sight))),
    ...section("Timeline", timeline.length > 0 && codeBlock(timeline, "mermaid")),
    ...section("What to do next", steps.flatMap(renderNextStep).slice(1)),
    ...section(
      "Changes",
      changes && block(renderChanges(changes), "text", `${capitalize(describeNoChange(main.plan))}.`),
    ),
    ...section("How the files differ from what ran", differences && block(differences, "diff", "Not at all.")),
    ...section("Steps", isDryRun && block(main ? renderSteps(main.plan, 0) : [], "text", NO_STEPS)),
    ...renderRest(ended),
  ].join("\n");
}

/** What stands at the end of every summary. */
export function renderRest({ state: { services: [service] }, warnings, log }: EndedRun): string[] {
  return [
    ...(service?.runId === undefined ? [] : ["", `Run ${codeSpan(service.runId)}`]),
    ...section("Warnings", warnings.map(item)),
    ...(log.length === 0
      ? []
      : ["", "<details><summary>Log</summary>", "", ...codeBlock(log, "text"), "", "</details>"]),
    "",
  ];
}

function renderFacts({ state: { services: [service] }, tookMs }: EndedRun): string[] {
  if (service === undefined) return [];
  const { reason } = service;
  const subject = [
    `- Service: ${codeSpan(subjectName(service.ref))}`,
    ...(reason === undefined ? [] : [`- Reason: ${codeSpan(reason)}`]),
  ];
  if (service.main === undefined) return ["", ...subject];
  const { main, isDryRun } = service;
  const { plan, outcome } = main;
  const to = targetOf(main);
  const from = ranBefore(plan);
  const facts = [
    ...(plan.intent === "wait"
      ? []
      : [`From: ${from === undefined ? "nothing, there was no such service" : codeSpan(shortName(from))}`]),
    `To: ${to === undefined ? "a task definition that is registered first" : codeSpan(shortName(to))}`,
  ];
  if (plan.reason !== undefined) facts.push(`Why this one: ${codeSpan(describeChoice(plan.reason))}`);
  if (outcome?.kind === "rolledBackByEcs" && outcome.to !== undefined) {
    facts.push(`Rolled back by ECS to: ${codeSpan(shortName(parseTaskDefinitionArn(outcome.to.taskDefinition)))}`);
  }
  facts.push(...renderRollback(service));
  if (!isDryRun) facts.push(`Took: ${tookMs < 1_000 ? "less than a second" : formatDuration(tookMs)}`);
  return ["", ...subject, ...facts.map((fact) => `- ${fact}`)];
}

function renderRollback(service: ServiceState): string[] {
  const to = service.rollback?.plan.to;
  if (!isRollingBack(service) || to === undefined) return [];
  const isInPart = service.check !== undefined && !isWhole(service.check);
  const reached = isRolledBack(service) ? "" : isInPart ? " (in part)" : " (not reached)";
  return [`Rolled back to: ${codeSpan(shortName(to))}${reached}`];
}

function causesOf(planned: PlanState | undefined): string[] {
  return planned === undefined ? [] : renderCauses(planned.causes, nameOfTarget({ main: planned }));
}

type ShownStep = Pick<NextStep, "purpose" | "command">;

function stillToDo({ leftovers, ref }: ServiceState): ShownStep[] {
  return leftovers.map((leftover) => ({ purpose: "still to do", command: describeLeftover(leftover, ref).command }));
}

function renderNextStep({ purpose, command }: ShownStep): string[] {
  return [
    "",
    // A family may have a name that makes Markdown of the sentence.
    `${capitalize(purpose)}:`.replace(/[\w-]+:\d+/g, codeSpan),
    "",
    ...codeBlock([cut(command, LONGEST_COMMAND)], "sh"),
  ];
}

/** The lines as they are, or `none` where there are none. */
function block(lines: readonly string[], language: "text" | "diff", none: string): string[] {
  return lines.length === 0 ? [none] : codeBlock(new Excerpt(SHOWN, lines).lines(), language);
}

/** Nothing where there are no lines. */
function codeBlockOf(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : codeBlock(lines, "text");
}

function list(lines: readonly string[]): string[] {
  return new Excerpt(LISTED, lines).lines().map(item);
}

export function item(text: string): string {
  return `- ${codeSpan(text)}`;
}

/** Nothing at all where there is nothing to show. */
export function section(heading: string, lines: readonly string[] | false | undefined): string[] {
  return !lines || lines.length === 0 ? [] : ["", `### ${heading}`, "", ...lines];
}
