import type { Ecs } from "../aws/ecs.ts";
import type { Host } from "../host.ts";
import type { ScalingPort } from "../model/ports.ts";
import { exitCodeOfRun } from "../report/ending.ts";
import { EXIT } from "../report/exit_code.ts";
import { refusalLines } from "../report/event_text.ts";
import type { AnyRefusal } from "../rollout/events.ts";
import { type PlannedService, run } from "../rollout/run.ts";
import type { Session } from "./session.ts";

/** Carries plans out and reports what happens. Only plans with scaling steps need `scaling`. Returns the exit code. */
export async function runPlans(
  services: readonly PlannedService[],
  { ecs, scaling }: { readonly ecs: Ecs; readonly scaling: ScalingPort | undefined },
  session: Session,
): Promise<number> {
  const { host, reporter, limits, runId } = session;
  const ports = { ecs, scaling, clock: host.clock, random: host.random, actor: nameActor(host), run: runId };
  session.changes.mayHaveBegun = true;
  for await (const event of run(services, ports, limits)) reporter.emit(event);
  return exitCodeOfRun(reporter.state);
}

/** Who runs this: for the record of a suspension, read by people. */
function nameActor({ env }: Host): string {
  return env.get("GITHUB_ACTOR") || env.get("USER") || env.get("LOGNAME") || env.get("USERNAME") || "unknown";
}

/** Says why nothing is done. Returns the exit code. */
export function reportRefusal(refusal: AnyRefusal, { scope, log, emit }: Session): number {
  if (scope.service !== undefined) emit({ kind: "refused", refusal });
  else for (const line of refusalLines(refusal)) log.error(line);
  return EXIT.refused;
}
