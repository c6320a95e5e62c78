import { isAbsolute, resolve } from "node:path";
import { shortName } from "../../model/arn.ts";
import { subjectName } from "../../model/service.ts";
import type { FilePosition } from "../../problems.ts";
import type { Intent } from "../../rollout/plan/refusal.ts";
import { renderChart } from "../bake_text.ts";
import { closingOf } from "../closing.ts";
import { isRolledBack, isRollingBack, isWhole, nameOfTarget, ranBefore, targetOf } from "../ending.ts";
import { capitalize, formatDuration } from "../messages/log.ts";
import { renderCauses } from "../messages/causes/cause_text.ts";
import { describeChoice } from "../messages/reason_text.ts";
import { type NextStep, nextSteps } from "../next_steps.ts";
import { renderStep, type TypedStep } from "../step_text.ts";
import { describeNoChange, renderChanges } from "../messages/change_text.ts";
import { renderSteps } from "../plan_text.ts";
import { describeLeftover } from "../messages/run_notice_text.ts";
import type { PlanState, RunState, ServiceState } from "../state.ts";
import { annotation, codeBlock, codeSpan, cut, Excerpt } from "./texts.ts";

/** A run that has ended, with the lines of its log that the summary shows. */
export interface EndedRun {
  readonly state: RunState;
  /** `undefined` for commands of which only errors are shown. */
  readonly command: Intent | undefined;
  /** The lines of the log that say what went wrong and what to do about it. */
  readonly errorLines: readonly string[];
  /** Those lines that the summary does not show anyway. */
  readonly otherErrorLines: readonly string[];
  readonly warnings: readonly string[];
  /** A drawing of what happened, in Mermaid's language; empty if there is nothing to draw. */
  readonly timeline: readonly string[];
  /** The log while the plan was carried out, one line each, with the time since the start. */
  readonly log: readonly string[];
  readonly tookMs: number;
}

/** GitHub's runner cuts messages at 4096 characters (ExecutionContext.cs in actions/runner). */
const LONGEST_MESSAGE = 4_000;
const LONGEST_LINE = 800;

/**
 * The annotation of a run that failed: the last lines of its log.
 *
 * @param folder the working directory, if it is known
 */
export function renderError(ended: EndedRun, folder: string | undefined): string {
  const { command, state } = ended;
  const noun = command === undefined ? "ecspresso" : `ecspresso ${command}`;
  const { length, 0: service } = state.services;
  const subject = length > 1 ? `${length} services` : service && subjectName(service.ref);
  const title = subject === undefined ? noun : `${noun} of ${subject}`;
  const lines = ended.errorLines.map((line) => cut(line, LONGEST_LINE));
  const { failure } = state;
  const place = placeOf(failure?.kind === "config" ? failure.position : undefined, folder);
  return annotation("error", title, fitting(lines, LONGEST_MESSAGE), place);
}

/** The line to link to; `undefined` if the error is about a whole file, which may not exist. */
function placeOf(position: FilePosition | undefined, folder: string | undefined): FilePosition | undefined {
  if (position?.line === undefined) return undefined;
  const isKnown = folder !== undefined && isAbsolute(folder);
  return isKnown ? { ...position, file: resolve(folder, position.file) } : position;
}

/** The lines that fit into `room` characters. */
function fitting(lines: readonly string[], room: number): string[] {
  let left = room;
  return lines.filter((line) => (left -= line.length + 1) >= 0);
}

/** GitHub accepts 1 MiB per step, older servers 128 KiB, and a step may run the program more than once. */
const LISTED = { first: 20, last: 5, lineLength: 600 };
const SHOWN = { first: 60, last: 10, lineLength: 300 };
const LONGEST_COMMAND = 1_500;
const MAX_COMMANDS = 10;
const NO_STEPS = "None: there is nothing to do.";

/** The job summary in Markdown: how the run ended, why, and what to do next; then what changed and what happened. */
export function renderSummary(ended: EndedRun): string {
  const { state, otherErrorLines, timeline } = ended;
  const [service] = state.services;
  const { main, rollback, differences, isDryRun } = service ?? {};
  // The name of a family, such as `_a_`, could be taken for Markdown.
  const render = (step: NextStep) => renderStep(step, codeSpan);
  const steps = service === undefined
    ? []
    : [...stillToDo(service), ...nextSteps(service).slice(0, MAX_COMMANDS).map(render)];
  const { message = `Exit code ${state.exitCode}` } = closingOf(state, service) ?? {};
  const changes = main?.plan.changes;
  const chart = renderChart(service?.bake?.evidence);
  return [
    // Ends whatever the file has before the summary.
    "",
    `## ${codeSpan(message)}`,
    ...section("Why tasks stopped", list(causesOf(main))),
    ...section("Why tasks stopped during the rollback", list(causesOf(rollback))),
    ...renderFacts(ended),
    ...section("What happened", list(otherErrorLines)),
    ...section("Before, during and after", chart.length > 0 && codeBlock(chart, "text")),
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

/** The end of every summary. */
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
    facts.push(`Rolled back by ECS to: ${codeSpan(shortName(outcome.to.taskDefinition))}`);
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

function stillToDo({ leftovers, ref }: ServiceState): TypedStep[] {
  return leftovers.map((leftover) => ({ purpose: "still to do", command: describeLeftover(leftover, ref).command }));
}

function renderNextStep({ purpose, command }: TypedStep): string[] {
  return [
    "",
    `${capitalize(purpose)}:`,
    "",
    ...codeBlock([cut(command, LONGEST_COMMAND)], "sh"),
  ];
}

/** A block of lines, or `none` if there are no lines. */
function block(lines: readonly string[], language: "text" | "diff", none: string): string[] {
  return lines.length === 0 ? [none] : codeBlock(new Excerpt(SHOWN, lines).lines(), language);
}

function list(lines: readonly string[]): string[] {
  return new Excerpt(LISTED, lines).lines().map(item);
}

export function item(text: string): string {
  return `- ${codeSpan(text)}`;
}

/** Empty if there is nothing to show. */
export function section(heading: string, lines: readonly string[] | false | undefined): string[] {
  return !lines || lines.length === 0 ? [] : ["", `### ${heading}`, "", ...lines];
}
