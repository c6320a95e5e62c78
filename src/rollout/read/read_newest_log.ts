import type { ContainerLog } from "../../model/log_place.ts";
import type { RunNotice } from "../events.ts";
import type { RunContext } from "../run_context.ts";
import { LogReader } from "../steps/log_reader.ts";
import type { NewestRollout } from "./read_newest_rollout.ts";

/** Reads what the container that failed has written last, where that is to be shown. */
export async function readNewestLog(
  rollout: NewestRollout | undefined,
  context: Pick<RunContext, "logs" | "clock" | "stop">,
  note: (notice: RunNotice) => void,
): Promise<ContainerLog | undefined> {
  const reader = new LogReader(context);
  reader.begin(rollout?.causes ?? []);
  for await (const event of reader.end()) {
    if (event.kind === "containerLog") return event.log;
    if (event.kind === "notice") note(event.notice);
  }
  return undefined;
}
