import assert from "node:assert/strict";
import type { ServiceRef } from "../../../../src/model/service.ts";
import { reduce } from "../../../../src/report/reduce.ts";
import { commandsFor } from "../../../../src/report/fleet/commands.ts";
import type { Plan } from "../../../../src/rollout/plan/plan.ts";
import { named, stateOf } from "./named_services.ts";

Deno.test("one command names all services that it can, and those of another cluster have another one", () => {
  const state = stateOf(
    ...[named("a", "prod"), named("b", "prod"), named("c", "dev")],
    ...["d", "e"].map((name) => ({ ...named(name, "prod"), options: [["--config", `ecs/${name}.yml`] as const] })),
  );
  assert.deepEqual(commandsFor(state.services, "wait"), [
    "ecspresso wait --service a --service b --cluster prod",
    "ecspresso wait --service c --cluster dev",
    "ecspresso wait --config ecs/d.yml --config ecs/e.yml",
  ]);
});

/** As a fleet file has it. */
const inFleet = (service: string, cluster: string, isOnlyOne: boolean): ServiceRef => ({
  ...named(service, cluster),
  fleet: { options: [["--fleet", "fleet.yml"], ["--envfile", ".env"]], isOnlyOne },
});

Deno.test("services of a fleet file are named as services of that file, whatever names them there", () => {
  const options = [["--config", "ecs/a.yml"], ["--assume-role-arn", "role"]] as const;
  const config = { ...inFleet("a", "prod", true), options };
  const { services } = stateOf(config, inFleet("b", "blue", true));
  assert.deepEqual(commandsFor(services, "wait"), [
    "ecspresso wait --fleet fleet.yml --envfile .env --service a --service b",
  ]);
});

Deno.test("one of two services of one name is named by its ARN, as far as that is known", () => {
  const ref = inFleet("a", "blue", false);
  const state = stateOf(inFleet("b", "prod", true), ref);
  assert.deepEqual(commandsFor(state.services, "wait"), [
    "ecspresso wait --service b --cluster prod",
    "ecspresso wait --service a --cluster blue",
  ]);
  const from = { arn: "arn:aws-cn:ecs:cn-north-1:123456789012:task-definition/a:4", family: "a", revision: 4 };
  const plan = { from, to: undefined } as unknown as Plan;
  const planned = {
    kind: "planned",
    plan,
    isAutomaticRollback: false,
    rollsBackOnFailure: false,
    service: ref,
  } as const;
  assert.deepEqual(commandsFor(reduce(state, planned, 0).services, "wait"), [
    "ecspresso wait --fleet fleet.yml --envfile .env --service b " +
    "--service arn:aws-cn:ecs:cn-north-1:123456789012:service/blue/a",
  ]);
});

Deno.test("more services than are taken are asked for", () => {
  const { services } = stateOf(...Array.from({ length: 21 }, (_, index) => named(`s${index}`, "prod")));
  assert.match(commandsFor(services, "wait").join("\n"), /^[^\n]* --cluster prod --max-services 21$/);
});
