import { describeFailure } from "../failure_text.ts";
import { count, info, type Line } from "../log.ts";
import { describePlanNotice } from "../messages/notice_text.ts";
import { describeRefusal } from "../messages/refusal_text.ts";
import type { RunState, ServiceState } from "../state.ts";
import { wholeCommand } from "./commands.ts";
import { listNames } from "./names.ts";
import { remedyOf } from "./plan_commands.ts";
import { renderFleetPlan, sortByWave } from "./plan_table.ts";

/** What the log says once all services are planned: the plan, what it warns of, and why some are refused. */
export function announceFleet(state: RunState): Line[] {
  const services = sortByWave(state.services);
  // The plan of a dry run is the command's result, and stands on stdout.
  const isDryRun = state.all?.isDryRun === true;
  return [
    ...(isDryRun ? [] : asTable(renderFleetPlan(state))),
    ...(isDryRun ? [] : describeNotices(services, state)),
    ...(isDryRun ? [] : sayWhatToRepeat(state)),
    ...describeRefusals(services, state),
  ];
}

/** The command that goes on with a rollback whatever becomes of this run. A plan file has one of its own. */
function sayWhatToRepeat({ services, all }: RunState): Line[] {
  const [first] = services;
  const isPlanned = services.every(({ main }) => main !== undefined) || all?.skipsRefused === true;
  if (services.every(({ main }) => main === undefined || main.plan.isReached)) return [];
  if (all === undefined || first?.command !== "rollback" || all.typed.hasPlanFile || !isPlanned) return [];
  return info(`Safe to repeat, also when this run is killed: ${wholeCommand(all.typed)}`);
}

/** Lines without time and level. */
export function asTable(lines: readonly string[]): Line[] {
  return info(...lines).map(([level, text]) => [level, text, "table"]);
}

/** What is warned of alike for several services is said once. */
function describeNotices(services: readonly ServiceState[], state: RunState): Line[] {
  const all = services.flatMap((service) =>
    (service.main?.plan.notices ?? []).map((notice) => ({ service, text: describePlanNotice(notice) }))
  );
  return [...Map.groupBy(all, ({ text }) => text)].map(([text, those]) => {
    const named = those.map(({ service }) => service);
    return named.length === 1
      ? ["warn", text, named[0]!.ref]
      : ["warn", `${count(named.length, "service")} (${listNames(state, named)}): ${text}`];
  });
}

/** Why services are refused, and what to do about it; the same advice once, and with all their names. */
function describeRefusals(services: readonly ServiceState[], state: RunState): Line[] {
  const all = services.flatMap((service) => {
    const [why, ...advice] = explainService(service);
    return why === undefined ? [] : { service, why, advice };
  });
  return [...Map.groupBy(all, ({ advice }) => advice.join("\n")).values()].flatMap((those): Line[] => {
    const [{ service, advice }] = those as [typeof all[number]];
    const names = those.length === 1 ? "" : `${listNames(state, those.map((one) => one.service))}: `;
    return [
      ...those.map(({ service: { ref }, why }): Line => ["error", why, ref]),
      ...advice.map((line, index): Line =>
        names === "" ? ["error", line, service.ref] : ["error", `${index === 0 ? names : ""}${line}`, "run"]
      ),
    ];
  });
}

function explainService({ refusal, failure, ref }: ServiceState): readonly string[] {
  if (refusal === undefined) return failure === undefined ? [] : describeFailure(failure, ref.region);
  const lines = describeRefusal(refusal, true);
  // The command that does it for them all stands at the end.
  return remedyOf(refusal) === undefined ? lines : lines.slice(0, 1);
}
