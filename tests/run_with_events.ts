import type { PrintedEvent } from "../src/report/printer.ts";
import type { RolloutEvent } from "../src/rollout/events.ts";
import type { Leftover } from "../src/rollout/outcome.ts";
import type { Emulator } from "./emulator/emulator.ts";
import { type Result, runInProcess, type RunOptions } from "./in_process.ts";
import type { RunNotice } from "../src/rollout/run_notice.ts";

/** A run, and what happened in it, as codes. The words for them in the log are checked by the transcripts. */
interface ObservedRun extends Result {
  readonly events: readonly PrintedEvent[];
  readonly notices: readonly RunNotice[];
  /** What is left to do by hand in the end. */
  readonly leftovers: readonly Leftover[];
  /** Why nothing was done, and what the plan warned of. */
  readonly refusal: Extract<RolloutEvent, { kind: "refused" }>["refusal"] | undefined;
}

/** Runs a command line in this process. */
export async function runWithEvents(
  emulator: Emulator,
  args: readonly string[],
  options: RunOptions = {},
): Promise<ObservedRun> {
  const events: PrintedEvent[] = [];
  let leftovers: readonly Leftover[] = [];
  const result = await runInProcess(emulator, args, {
    ...options,
    print(event, { services }) {
      events.push(event);
      leftovers = services.flatMap((service) => service.leftovers);
    },
  });
  return {
    ...result,
    events,
    leftovers,
    notices: events.flatMap((event) => event.kind === "notice" ? [event.notice] : []),
    refusal: events.find((event) => event.kind === "refused")?.refusal,
  };
}

/** What the plans of a run warned of, by code. */
export function plannedNotices({ events }: ObservedRun): string[] {
  return events.flatMap((event) => event.kind === "planned" ? event.plan.notices.map(({ code }) => code) : []);
}
