import { isAbsolute, resolve } from "node:path";
import type { FilePosition } from "../../errors.ts";
import { subjectName } from "../../model/service.ts";
import type { Intent } from "../../rollout/plan/plan.ts";
import { endingOf, isRolledBack, isRollingBack, isWhole, type ServiceEnding } from "../ending.ts";
import { NOUNS } from "../plan_text.ts";
import { renderCauses } from "../progress_text.ts";
import type { PlanState, RunState, ServiceState } from "../state.ts";
import { cut } from "./excerpt.ts";
import { annotation } from "./step_log.ts";

/** A run that has ended, and what of its log the summary shows. */
export interface EndedRun {
  readonly state: RunState;
  /** `undefined` where the run has ended before it began with a service. */
  readonly service: ServiceState | undefined;
  /** `undefined` for a command of which nothing but errors is shown. */
  readonly command: Intent | undefined;
  /** The lines of the log that say what went wrong and what to do about it. */
  readonly said: readonly string[];
  readonly warnings: readonly string[];
  /** What happened while the plan was carried out, a line each, with the time since the start. */
  readonly timeline: readonly string[];
  readonly tookMs: number;
}

const ENDINGS: Readonly<Record<ServiceEnding, string>> = {
  succeeded: "succeeded",
  unchanged: "needed no deployment",
  submitted: "is under way: ECS has accepted it, and nobody waits for its end",
  stalePlan: "was not begun: the service has changed since the plan was made",
  copyIncomplete: "was not begun: ECS has not kept everything in the copy of its task definition",
  failed: "failed",
  rolledBackByEcs: "failed, and ECS rolled the service back",
  superseded: "was superseded by another deployment",
  gone: "ended because somebody deleted the service",
  timedOut: "timed out",
  interrupted: "was interrupted",
  planned: "is planned, and nothing has been changed",
  refused: "was refused, and nothing has been changed",
  error: "was ended by an error",
};

/** Here `wait` has ended, and the deployment that it was for has not. */
const ENDS_OF_WAITING: ReadonlySet<ServiceEnding> = new Set([
  "refused",
  "stalePlan",
  "timedOut",
  "interrupted",
  "error",
]);

/** How the run has ended, as a sentence without its full stop. `show` writes the name of the service. */
export function describeEnd(
  { state, service, command = "deploy" }: EndedRun,
  show: (subject: string) => string,
): string {
  const ending = endingOf(state, service) ?? "error";
  const noun = command === "wait" && ENDS_OF_WAITING.has(ending) ? `wait for the ${NOUNS.wait}` : NOUNS[command];
  const isIncomplete = service?.main?.outcome?.kind === "succeeded" && state.exitCode !== 0;
  return [
    `${service?.isDryRun ? "Dry run: the" : "The"} ${noun}`,
    // Unknown where the config could not be read.
    service === undefined ? "" : ` of ${show(subjectName(service.ref))}`,
    ` ${ENDINGS[ending]}`,
    isIncomplete ? ", but something is left to do" : "",
    service !== undefined && isRollingBack(service) ? describeRollback(service) : "",
  ].join("");
}

function describeRollback(service: ServiceState): string {
  if (isRolledBack(service)) return ", and was rolled back";
  if (service.check !== undefined && !isWhole(service.check)) return ", and was rolled back in part";
  return service.unfinished?.ordered === "yes" ? ", and is still being rolled back" : ", and could not be rolled back";
}

/** The runner cuts a message at 4096 characters (ExecutionContext.cs in actions/runner). */
const LONGEST_MESSAGE = 4_000;
const LONGEST_LINE = 800;

/**
 * The one annotation of a run that did not go well: what the log says of it, and why tasks have stopped.
 *
 * @param folder the working directory, where it is known
 */
export function renderError(ended: EndedRun, folder: string | undefined): string {
  const { command, service, state } = ended;
  const title = command === undefined ? "ecspresso" : describeEnd(ended, (subject) => subject);
  const [what = `${title}.`, ...more] = ended.said.map((line) => cut(line, LONGEST_LINE));
  const room = LONGEST_MESSAGE - [what, ...more].reduce((sum, line) => sum + line.length + 1, 0);
  const causes = fitting([...causesOf(service?.main), ...causesOf(service?.rollback)], room);
  const { failure } = state;
  const place = placeOf(failure?.kind === "config" ? failure.position : undefined, folder);
  return annotation("error", title, fitting([what, ...causes, ...more], LONGEST_MESSAGE), place);
}

/** Nothing to lead to where it is about a file as a whole, which may not be there. */
function placeOf(position: FilePosition | undefined, folder: string | undefined): FilePosition | undefined {
  if (position?.line === undefined) return undefined;
  const isKnown = folder !== undefined && isAbsolute(folder);
  return isKnown ? { ...position, file: resolve(folder, position.file) } : position;
}

function causesOf(planned: PlanState | undefined): string[] {
  return planned === undefined ? [] : renderCauses(planned.causes).map((line) => cut(line, LONGEST_LINE));
}

/** As many of the lines as fit into `room` characters. */
function fitting(lines: readonly string[], room: number): string[] {
  let left = room;
  return lines.filter((line) => (left -= line.length + 1) >= 0);
}
