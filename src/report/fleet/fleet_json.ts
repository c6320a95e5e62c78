import { clusterName, serviceName } from "../../model/arn.ts";
import type { ServiceRef } from "../../model/service.ts";
import { messageOf } from "../closing.ts";
import { endingOf, isRolledBack, type ServiceEnding } from "../ending.ts";
import type { Fields } from "../plan_json.ts";
import { describeLeftover } from "../run_notice_text.ts";
import type { RunState, ServiceState } from "../state.ts";
import { type Fate, FATES, sortByFate } from "./fate.ts";
import { closingOfRun } from "./fleet_closing.ts";

/** Which service an event of NDJSON is about. */
export function nameService({ service, cluster, region }: ServiceRef): Fields {
  return { service: serviceName(service), cluster: clusterName(cluster), region };
}

/** The word that says most about the end of many services. */
const WORST_FIRST: readonly ServiceEnding[] = [
  ...["interrupted", "failed", "givenUp", "rolledBackByEcs", "superseded", "gone", "error", "copyIncomplete"] as const,
  ...["timedOut", "refused", "stalePlan", "cannotPin", "notBegun", "notUndone", "undone"] as const,
  ...["succeeded", "submitted", "unchanged"] as const,
  "planned",
];

/** What the fates are called in NDJSON. */
const NAMES: Readonly<Record<Fate, string>> = {
  failed: "failed",
  leftChanged: "notUndone",
  underWay: "underWay",
  refused: "refused",
  notBegun: "notBegun",
  undone: "undone",
  submitted: "submitted",
  done: "succeeded",
  unchanged: "unchanged",
  planned: "planned",
};

/**
 * The end of a run of many services: how many have ended how, and each one.
 *
 * @param describe how one service's part has ended
 */
export function fleetToJson(
  state: RunState,
  describe: (state: RunState, service: ServiceState, message: string | undefined) => Fields,
): Fields {
  const { services } = state;
  const fates = sortByFate(state);
  const endings = new Set(services.map((service) => endingOf(state, service)));
  return {
    outcome: WORST_FIRST.find((ending) => endings.has(ending)),
    message: closingOfRun(state)?.message,
    services: {
      total: services.length,
      ...Object.fromEntries(FATES.map((fate) => [NAMES[fate], fates[fate].length])),
      // Some of them have failed besides.
      undone: services.filter((service) => isRolledBack(service) === true).length,
    },
    results: services.map((service) => ({
      ...nameService(service.ref),
      ...describe(state, service, messageOf(state, service)),
    })),
    leftovers: services.flatMap(({ leftovers, ref }) => leftovers.map((leftover) => describeLeftover(leftover, ref))),
  };
}
