import assert from "node:assert/strict";
import { listNames, nameIn } from "../../../../src/report/fleet/names.ts";
import { reduce } from "../../../../src/report/reduce.ts";
import { EMPTY_STATE, type RunState } from "../../../../src/report/state.ts";
import type { ServiceRef } from "../../../../src/model/service.ts";

function stateOf(...refs: readonly ServiceRef[]): RunState {
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

const named = (service: string, cluster: string, region?: string): ServiceRef => ({
  ...{ service, cluster, region },
  options: ["--service", service, "--cluster", cluster, ...(region === undefined ? [] : ["--region", region])],
});

Deno.test("a service is called by its name, and where that is not enough by its region or its options", () => {
  const [tokyo, osaka] = [named("api", "prod", "ap-northeast-1"), named("api", "prod", "ap-northeast-3")];
  const [one, other] = ["one", "other"].map((role) => {
    return { ...named("cron", "prod"), options: ["--config", "cron.yml", "--assume-role-arn", role] };
  });
  const state = stateOf(tokyo, osaka, one!, other!, named("worker", "prod"));
  assert.deepEqual(state.services.map(({ ref }) => nameIn(state, ref)), [
    "api/prod (ap-northeast-1)",
    "api/prod (ap-northeast-3)",
    "cron/prod (--config cron.yml --assume-role-arn one)",
    "cron/prod (--config cron.yml --assume-role-arn other)",
    "worker/prod",
  ]);
});

Deno.test("of many names the first three are listed; a fourth alone is listed, too", () => {
  const state = stateOf(...["a", "b", "c", "d", "e"].map((name) => named(name, "prod")));
  assert.equal(listNames(state, state.services), "a/prod, b/prod, c/prod and 2 more");
  assert.equal(listNames(state, state.services.slice(1)), "b/prod, c/prod, d/prod, e/prod");
});
