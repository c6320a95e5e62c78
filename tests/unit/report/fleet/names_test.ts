import assert from "node:assert/strict";
import { listNames, nameIn } from "../../../../src/report/fleet/names.ts";
import { named, stateOf } from "./named_services.ts";

Deno.test("a service is called by its name, and where that is not enough by its region or its options", () => {
  const [tokyo, osaka] = [named("api", "prod", "ap-northeast-1"), named("api", "prod", "ap-northeast-3")];
  const [one, other] = ["one", "other"].map((role) => {
    return {
      ...named("cron", "prod"),
      role,
      options: [["--config", "cron.yml"], ["--assume-role-arn", role]] as const,
    };
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
