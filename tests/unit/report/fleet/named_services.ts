import type { ServiceRef } from "../../../../src/model/service.ts";
import { reduce } from "../../../../src/report/reduce.ts";
import { EMPTY_STATE, type RunState } from "../../../../src/report/state.ts";

/** A run in which a rollback of each of these has started. */
export function stateOf(...refs: readonly ServiceRef[]): RunState {
  return refs.reduce(
    (state: RunState, service) =>
      reduce(
        state,
        { kind: "started", command: "rollback", isDryRun: false, timeoutMs: 0, atMs: 0, wave: 1, service },
        0,
      ),
    EMPTY_STATE,
  );
}

/** A service without files. */
export const named = (service: string, cluster: string, region?: string): ServiceRef => ({
  ...{ service, cluster, region },
  options: [
    ["--service", service],
    ["--cluster", cluster],
    ...(region === undefined ? [] : [["--region", region] as const]),
  ],
});
