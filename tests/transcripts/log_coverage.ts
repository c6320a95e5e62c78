import assert from "node:assert/strict";
import { onOneLine } from "../../src/report/messages/log.ts";
import type { EventLine } from "../event_schema.ts";

/** What the plain log says, held against the events of the same run: each thing is there, and the log is short. */

type Json = Readonly<Record<string, unknown>>;

/** How many lines at the end say how a run has ended. */
const LAST_LINES = 5;

/** Nothing that matters is lost: each text stands in the log. */
export function checkLogSaysAll(events: readonly EventLine[], log: string): void {
  const { services } = events.at(-1) as Json;
  for (const text of events.flatMap((event) => whatMatters(event, services !== undefined))) {
    assert.ok(log.includes(text), `the log does not say: ${text}\n${log}`);
  }
}

/** How it ended, what is left to do and the cause are in the last lines. */
export function checkEnd(events: readonly EventLine[], log: string): void {
  const { message, cause, leftovers = [] } = events.at(-1)! as Json & { readonly leftovers?: readonly Json[] };
  if (typeof message !== "string") return;
  const lines = log.trimEnd().split("\n");
  const find = (text: string) => lines.findLastIndex((line) => line.includes(onOneLine(text)));
  const [beginning, end = message] = find(message) < 0 ? partAtVerdict(message, events) : [];
  const at = find(end);
  assert.ok(at >= 0, `the log does not say: ${end}\n${log}`);
  // That it is back was said before it was baked.
  if (beginning !== undefined) assert.ok(find(beginning) >= 0 && find(beginning) < at, `${beginning}\n${log}`);
  const last = lines.slice(at);
  // What is left to do is never cut, nor the advice of a refusal or an error.
  const isOfDeployment = cause !== undefined || leftovers.length <= 1;
  if (isOfDeployment && cause !== undefined) {
    assert.ok(last.length <= LAST_LINES + Math.max(0, leftovers.length - 1), log);
  }
  for (const { command } of leftovers) assert.ok(last.join("\n").includes(onOneLine(String(command))), log);
}

function partAtVerdict(message: string, events: readonly EventLine[]): string[] {
  const verdict = String(events.find(({ event }) => event === "baked")?.message);
  return message.endsWith(verdict) ? [message.slice(0, -verdict.length).trimEnd(), verdict] : [];
}

/** What is said once: a cause with what ECS says of it, and an event of the service. */
export function checkSaidOnce(log: string): void {
  const lines = log.split("\n").map((line) => line.replace(/^[\d/]+ [\d:]+ /, ""));
  const said = lines.filter((line) =>
    /\[(?:info|warn)\]/.test(line) && !/ PRIMARY |copy of|Changes from|advice: /.test(line)
  );
  const twice = said.filter((line, index) =>
    /tasks? stopped: |has started|was unable/.test(line) && said.indexOf(line) !== index
  );
  assert.deepEqual(twice, [], log);
}

/**
 * How many lines the log of a rolling deployment has at most. What a plan and the way warn of, the images that start by
 * other names than before, lines of a container, what is left to do and steps that are seldom needed come on top.
 */
export function checkLength(events: readonly EventLine[], log: string): void {
  const [{ command, isDryRun }, end] = [events[0]! as Json, events.at(-1)! as Json];
  const isStaged = events.some(({ serviceDeployment }) => (serviceDeployment as Json | undefined)?.lifecycleStage);
  if (isDryRun || isStaged) return;
  const { total } = (end.services ?? { total: 1 }) as { readonly total: number };
  const most = command === "rollback" && end.outcome === "succeeded"
    ? total === 1 ? MOST.rollback : total * MOST.eachOfMany + MOST.besidesMany
    : command === "deploy" && end.cause !== undefined
    ? MOST.failingDeploy
    : Infinity;
  const lines = log.trimEnd().split("\n");
  const notices = events.flatMap(({ event, plan }) =>
    event === "notice" ? [event] : event === "planned" ? (plan as { notices: string[] }).notices : []
  );
  const steps = events.filter(({ step }) => ODD_STEPS.has(String((step as Json | undefined)?.kind)));
  const besides = lines.filter((line) => BESIDES.test(line)).length + notices.length + steps.length +
    (end.leftovers as unknown[]).length;
  assert.ok(lines.length - besides <= most, `${lines.length} lines, ${besides} of them besides\n${log}`);
}

/** Of many services: the two tables' lines and what happens, of each; the sentences before and behind, and what is done so far. */
const MOST = { rollback: 12, failingDeploy: 25, eachOfMany: 4, besidesMany: 12 };
const ODD_STEPS: ReadonlySet<string> = new Set(["suspendScaling", "restoreScaling", "registerCopy", "stopDeployment"]);
const BESIDES =
  /\] \S+ (?: {2}(?:\||the tag |what ran )|last \d+ lines? of |\w+: (?:starts|runs|\S+ runs) |Task definition (?:\S+: the file|is registered)|Safe to repeat|Ba(?:ked|king) |by minute|5xx {5}|requests {3}|unhealthy {2})/;

/** @param isOfMany a line of the log then begins with the service's name */
function whatMatters(event: EventLine, isOfMany: boolean): string[] {
  const name = ` ${event.service}/${event.cluster}`;
  return textsOf(event).map(onOneLine).map((text) => isOfMany ? text.replace(name, "") : text);
}

function textsOf(event: EventLine): string[] {
  switch (event.event) {
    case "causes":
      return (event.causes as readonly Json[]).map(({ message }) => String(message));
    case "notice":
    case "refused":
    case "failed":
      return [String(event.message)];
    case "registered":
      return [String((event.taskDefinition as Json).name)];
    case "progress":
      return ((event.serviceDeployment as Json | undefined)?.awaitingHooks as string[] | undefined) ?? [];
    default:
      return [];
  }
}
