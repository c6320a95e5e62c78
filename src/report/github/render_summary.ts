import { shortName } from "../../model/arn.ts";
import { renderCauses } from "../progress_text.ts";
import { describeChoice } from "../messages/reason_text.ts";
import { formatDuration, onOneLine } from "../log.ts";
import { renderChanges, renderSteps } from "../plan_text.ts";
import { type NextStep, nextSteps } from "../next_steps.ts";
import { isRolledBack, isRollingBack, isWhole, ranBefore, targetOf } from "../ending.ts";
import type { PlanState, ServiceState } from "../state.ts";
import { describeEnd, type EndedRun } from "./ended_run.ts";
import { cut, Excerpt } from "./excerpt.ts";

/** GitHub takes 1 MiB a step, older servers 128 KiB, and a step may run the program more than once. */
const LISTED = { first: 20, last: 5, lineLength: 600 };
/** A warning may end with a command of two ARNs, which is to be copied. */
const WARNED = { first: 10, last: 5, lineLength: 1_500 };
const SHOWN = { first: 60, last: 10, lineLength: 300 };
const LONGEST_COMMAND = 1_500;
const MOST_COMMANDS = 10;

/** The job summary in Markdown: how it ended, why, and what to do next; then what was changed and what happened. */
export function renderSummary(ended: EndedRun): string {
  const { service, warnings, timeline } = ended;
  const steps = (service === undefined ? [] : nextSteps(service)).slice(0, MOST_COMMANDS);
  return [
    // Whatever stands before it in the file ends here.
    "",
    `## ${describeEnd(ended, codeSpan)}`,
    ...renderFacts(ended),
    ...section("What happened", list(saidBesides(ended, steps))),
    ...section("Why tasks stopped", list(causesOf(service?.main))),
    ...section("Why tasks stopped during the rollback", list(causesOf(service?.rollback))),
    ...section("What to do next", steps.flatMap(renderNextStep).slice(1)),
    ...section("Changes", renderTaskDefinitionChanges(service?.main)),
    ...section("How the files differ from what ran", renderDifferences(service?.differences)),
    ...section("Steps", service?.isDryRun ? renderPlannedSteps(service.main) : []),
    ...section("Warnings", list(warnings, WARNED)),
    ...folded("Timeline", timeline.length === 0 ? [] : codeBlock(timeline, "text")),
    "",
  ].join("\n");
}

function renderFacts({ service, tookMs }: EndedRun): string[] {
  if (service?.main === undefined) return [];
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
    const { taskDefinition } = outcome.to;
    facts.push(`Rolled back by ECS to: ${codeSpan(taskDefinition.slice(taskDefinition.lastIndexOf("/") + 1))}`);
  }
  facts.push(...renderRollback(service));
  if (!isDryRun) facts.push(`Took: ${tookMs < 1_000 ? "less than a second" : formatDuration(tookMs)}`);
  return ["", ...facts.map((fact) => `- ${fact}`)];
}

function renderRollback(service: ServiceState): string[] {
  const to = service.rollback?.plan.to;
  if (!isRollingBack(service) || to === undefined) return [];
  const isInPart = service.check !== undefined && !isWhole(service.check);
  const reached = isRolledBack(service) ? "" : isInPart ? " (in part)" : " (not reached)";
  return [`Rolled back to: ${codeSpan(shortName(to))}${reached}`];
}

/** Without the lines whose commands are shown for themselves. */
function saidBesides({ said }: EndedRun, steps: readonly NextStep[]): string[] {
  return said.filter((line) => !steps.some(({ command }) => line.endsWith(`: ${command}`)));
}

function causesOf(planned: PlanState | undefined): string[] {
  return planned === undefined ? [] : renderCauses(planned.causes);
}

function renderNextStep({ purpose, command }: NextStep): string[] {
  return [
    "",
    `${purpose.charAt(0).toUpperCase()}${purpose.slice(1)}:`,
    "",
    ...codeBlock([cut(command, LONGEST_COMMAND)], "sh"),
  ];
}

/** A deploy's plan does not list them: it would show that there are none. */
function renderTaskDefinitionChanges(main: PlanState | undefined): string[] {
  if (main === undefined || main.plan.intent !== "rollback") return [];
  const changes = new Excerpt(SHOWN, renderChanges(main.plan.changes)).lines();
  return changes.length === 0 ? ["None in the task definition."] : codeBlock(changes, "text");
}

/** Those of a deploy, where its files were compared with what runs. */
function renderDifferences(differences: readonly string[] | undefined): string[] {
  if (differences === undefined) return [];
  if (differences.length === 0) return ["Not at all."];
  return codeBlock(new Excerpt(SHOWN, differences).lines(), "diff");
}

function renderPlannedSteps(main: PlanState | undefined): string[] {
  const steps = main === undefined ? [] : new Excerpt(SHOWN, renderSteps(main.plan, 0)).lines();
  return steps.length === 0 ? ["None: there is nothing to do."] : codeBlock(steps, "text");
}

function list(lines: readonly string[], limits = LISTED): string[] {
  return new Excerpt(limits, lines).lines().map((line) => `- ${codeSpan(line)}`);
}

/** Nothing at all where there is nothing to show. */
function section(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", `### ${heading}`, "", ...lines];
}

function folded(heading: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return ["", `<details><summary>${heading}</summary>`, "", ...lines, "", "</details>"];
}

/**
 * Words of others in Markdown: they stand in code only, which cannot be left from within, where GitHub makes no links,
 * mentions or images of them either.
 */

/** A text within a line. */
export function codeSpan(text: string): string {
  const code = onOneLine(text);
  if (code.trim() === "") return "(empty)";
  const fence = "`".repeat(longestRun(code) + 1);
  // A space on either side is taken off again by whoever renders it.
  const padding = /^[` ]|[` ]$/.test(code) ? " " : "";
  return `${fence}${padding}${code}${padding}${fence}`;
}

/** Lines of text as they are. `language` is a word for colouring it. */
export function codeBlock(lines: readonly string[], language: "text" | "sh" | "diff"): string[] {
  const code = lines.map(onOneLine);
  const fence = "`".repeat(Math.max(3, ...code.map((line) => longestRun(line) + 1)));
  return [fence + language, ...code, fence];
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
}
