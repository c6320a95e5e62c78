import { isAbsolute, resolve } from "node:path";
import type { FilePosition } from "../../errors.ts";
import { renderCauses } from "../cause_text.ts";
import type { PlanState } from "../state.ts";
import { describeEnd, type EndedRun } from "./ended_run.ts";
import { cut } from "./excerpt.ts";
import { annotation } from "./workflow_commands.ts";

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
