import type { PrintedEvent } from "../printer.ts";
import { shortName } from "../../model/arn.ts";
import { primaryDeployment } from "../../model/service.ts";
import type { RolloutEvent } from "../../rollout/events.ts";
import type { OutcomeKind } from "../../rollout/outcome.ts";
import { bySomeKinds } from "../messages/cases.ts";
import { formatDuration, onOneLine } from "../messages/log.ts";
import { describeCause } from "../messages/causes/cause_text.ts";
import { targetOf } from "../ending.ts";
import { currentPlan, intentOf, type RunState, serviceIn, type ServiceState } from "../state.ts";
import { nameWork } from "../messages/work_words.ts";
import { cut } from "./texts.ts";

interface Point {
  /** Milliseconds since the run began. */
  readonly atMs: number;
  readonly text: string;
}

/** The points of one plan, a section of the drawing. */
interface Part {
  title: string;
  readonly points: Point[];
}

/** More points are unreadable at a page's width: the first ones are kept, and the last, which say how it ended. */
const MAX_POINTS = { first: 5, last: 5 };
const LONGEST_TEXT = 120;

/** Collects the important events of a run and draws them as a timeline in Mermaid's language, which GitHub renders. */
export class Timeline {
  readonly #parts: Part[] = [];

  /**
   * @param state after the event
   * @param atMs milliseconds since the run began
   */
  add(event: PrintedEvent, state: RunState, atMs: number): void {
    if (!("service" in event) || event.service === undefined) return;
    if (event.kind === "failed" || event.kind === "logged") return;
    const service = serviceIn(state, event.service);
    if (event.kind === "planned") this.#parts.push({ title: titleOf(service), points: [] });
    const part = this.#parts.at(-1);
    if (part === undefined) return;
    // The target of a deploy has its number only once it is registered.
    if (event.kind === "registered") part.title = titleOf(service);
    const text = describePoint(event);
    // A cause whose count grows, or a number of tasks that is reached again, is drawn once.
    if (text === undefined || part.points.some((point) => point.text === text)) return;
    part.points.push({ atMs, text });
  }

  /** The lines of the drawing; empty if nothing has happened. */
  lines(): string[] {
    const parts = this.#parts.filter(({ points }) => points.length > 0);
    if (parts.length === 0) return [];
    return [
      "timeline",
      ...parts.flatMap(({ title, points }) => [
        `  section ${escape(title)}`,
        ...shorten(points).map(({ atMs, text }) => `    ${formatOffset(atMs)} : ${escape(text)}`),
      ]),
    ];
  }
}

function shorten(points: readonly Point[]): Point[] {
  const { first, last } = MAX_POINTS;
  return points.length <= first + last ? [...points] : [...points.slice(0, first), ...points.slice(-last)];
}

function titleOf(service: ServiceState): string {
  const planned = currentPlan(service);
  const to = planned && targetOf(planned);
  return nameWork(intentOf(service), to && shortName(to));
}

const ENDS: Readonly<Record<OutcomeKind["kind"], string>> = {
  succeeded: "succeeded",
  unchanged: "no deployment needed",
  submitted: "ECS has the order",
  stalePlan: "not begun, the service has changed",
  copyIncomplete: "not begun, the copy was incomplete",
  cannotPin: "not begun, no copy may be registered",
  failed: "failed",
  rolledBackByEcs: "failed, ECS rolled back",
  givenUp: "given up",
  superseded: "superseded by another deployment",
  gone: "the service was deleted",
  timedOut: "time is up",
  interrupted: "interrupted",
};

const VERDICTS = { helped: "it helped", didNotHelp: "it did not help", cannotSay: "nobody can say whether it helped" };

/** The text of an event in the drawing; `undefined` if the event is not important enough. */
const describePoint = bySomeKinds<RolloutEvent, string | undefined>({
  registered: ({ taskDefinition }) => `registered ${shortName(taskDefinition)}`,
  stepStarted: ({ step }) => step.kind === "awaitDeployment" ? "waiting for ECS" : undefined,
  progress({ progress: { deployments, serviceDeployment } }) {
    if (serviceDeployment?.lifecycleStage !== undefined) return serviceDeployment.lifecycleStage;
    const primary = primaryDeployment({ deployments });
    const isWhole = primary !== undefined && primary.desiredCount > 0 && primary.runningCount === primary.desiredCount;
    return isWhole ? `${primary.runningCount} of ${primary.desiredCount} tasks run` : undefined;
  },
  causes: ({ causes: [cause] }) => cause && describeCause(cause),
  alarmsTriggered: ({ names }) => `alarm ${names.join(", ")}`,
  rolloutEnded: ({ outcome }) => ENDS[outcome.kind],
  baked: ({ verdict }) => VERDICTS[verdict.kind],
  rollbackVerified: ({ check }) => `${shortName(check.to)} is live again`,
  rollbackUnfinished: () => "not rolled back yet",
  detached: () => "nobody watches any more",
});

/** The time since the run began, in whole seconds. It has no colon, which separates fields in Mermaid. */
export function formatOffset(ms: number): string {
  return ms < 1_000 ? "0s" : formatDuration(ms);
}

/**
 * Escapes text for a drawing, since it may quote others: all but letters, digits and a few harmless characters become
 * Mermaid's entity codes. https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters
 */
function escape(text: string): string {
  return Array.from(
    cut(onOneLine(text), LONGEST_TEXT),
    (character) => /[\p{L}\p{N} .,/_()+-]/u.test(character) ? character : `#${character.codePointAt(0)};`,
  ).join("");
}
