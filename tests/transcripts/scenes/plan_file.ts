import type { Emulator } from "../../emulator/emulator.ts";
import { cannotPullContainer } from "../../emulator/behaviours.ts";
import { fleet, fleetService } from "../../emulator/fleet.ts";
import { imageWithTag, myservice, UNTIL_STEADY_MS } from "../../emulator/myservice.ts";
import { createScenario } from "../../emulator/scenarios.ts";
import { CONFIG_FILES, type RunOptions } from "../../in_process.ts";
import { configOf, configsOf, planByHand } from "../../plan_files.ts";

interface Scene {
  readonly args: string;
  readonly world: () => Emulator;
  readonly options?: RunOptions;
}

const well = () => myservice({ history: [2, 3, 4] });

function at(revision: number): () => Emulator {
  return () => {
    const emulator = well();
    emulator.updateService({ service: "myservice", taskDefinition: `myservice:${revision}` });
    emulator.advance(UNTIL_STEADY_MS);
    return emulator;
  };
}

const ONE = planByHand([{ service: "myservice", from: 4, to: 3 }]);
/** The deployment of `myservice:3` that is the first of each emulator. */
const OF_3 = "arn:aws:ecs:ap-northeast-1:123456789012:service-deployment/default/myservice/5634153ca3182b6153d90";
const withPlan = (plan: string): RunOptions => ({ files: { ...CONFIG_FILES, "plan.json": plan } });

const SCALING = { suspendAutoScaling: true, resumeAutoScaling: true };

const THREE = [1, 2, 3].map((number) => ({
  service: fleetService(number),
  config: configOf(fleetService(number)),
  from: 2,
  to: 1,
  wave: number === 3 ? 2 : 1,
}));
const many = (options: object = {}): RunOptions => ({
  isFleet: true,
  files: { ...configsOf(THREE), "plan.json": planByHand(THREE, options) },
});
const three = () => fleet({ services: 3 });

/** One of three has been deployed since. */
function oneDeployed(): Emulator {
  const emulator = fleet({ services: 3, deployed: 3 });
  for (const number of [1, 2]) {
    emulator.updateService({ service: fleetService(number), taskDefinition: `${fleetService(number)}:2` });
  }
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

/** One of three is back already. */
function oneBack(): Emulator {
  const emulator = three();
  emulator.updateService({ service: fleetService(2), taskDefinition: `${fleetService(2)}:1` });
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

/** A service that runs what the plan was made for, most likely. */
const carryingOut = (plan: string): Scene => ({
  args: "rollback --plan plan.json",
  world: well,
  options: withPlan(plan),
});

/** What a plan file is written and carried out by, as a user sees it. */
export const PLAN_FILE_SCENES: Readonly<Record<string, Scene>> = {
  "plan_out_dry_run": { args: "rollback --revision previous --pin never --dry-run --plan-out plan.json", world: well },
  "plan_out": { args: "rollback --revision previous --plan-out plan.json", world: well },
  "plan_out_over_another": {
    args: "rollback --revision previous --plan-out plan.json",
    world: well,
    options: withPlan(ONE),
  },
  "plan_out_nowhere": { args: "rollback --revision previous --plan-out plans/plan.json", world: well },
  "plan_out_not_written": {
    args: "rollback --revision previous --plan-out plan.json",
    world: well,
    options: { unwritable: ["plan.json"] },
  },
  "plan_carried_out": carryingOut(ONE),
  "plan_carried_out_before": { args: "rollback --plan plan.json", world: at(3), options: withPlan(ONE) },
  "plan_interrupted": {
    args: "rollback --plan plan.json",
    world: () => createScenario("healthy"),
    options: {
      ...withPlan(planByHand([{ service: "myservice", from: 4, to: 3 }], SCALING)),
      stopAfterCalls: { calls: 14, signal: "SIGINT" },
    },
  },
  "plan_deployed_since": { args: "rollback --plan plan.json", world: at(2), options: withPlan(ONE) },
  "plan_old": carryingOut(ONE.replace("2023-01-01T12", "2022-12-30T12")),
  "plan_of_another_account": carryingOut(ONE.replaceAll("123456789012", "210987654321")),
  "plan_of_another_region": carryingOut(ONE.replaceAll("ap-northeast-1", "eu-west-1")),
  "plan_names_another": {
    args: "rollback --plan plan.json",
    world: () => myservice({ history: [3, 4] }),
    options: withPlan(ONE.replace('myservice:3"', `myservice:2",\n"serviceDeployment": "${OF_3}"`)),
  },
  "plan_with_a_target": { args: "rollback --plan plan.json --revision 3", world: well, options: withPlan(ONE) },
  "plan_with_a_config": { args: "rollback --config a.yml --plan plan.json", world: well, options: withPlan(ONE) },
  "plan_missing": { args: "rollback --plan plan.json", world: well },
  "plan_is_a_config": carryingOut('{ "service": "myservice" }'),
  "plan_with_a_bad_number": carryingOut(ONE.replace("myservice:3", "myservice:03")),
  "plan_with_a_misspelt_key": carryingOut(ONE.replace('"options": {}', '"options": { "pinn": "never" }')),
  "plan_for_another_config": {
    args: "rollback --plan plan.json",
    world: well,
    options: withPlan(
      planByHand([{ service: "other", config: "ecspresso.yml", from: 4, to: 3 }]),
    ),
  },
  "plan_out_held": {
    args: "rollback --revision previous --hold 2h --reason leaks --dry-run --plan-out plan.json",
    world: well,
  },
  "plan_held": {
    args: "rollback --plan plan.json --no-color",
    world: well,
    options: withPlan(planByHand([{ service: "myservice", from: 4, to: 3 }], { hold: "2h", reason: "leaks" })),
  },
  "plan_with_a_bad_hold": carryingOut(ONE.replace('"options": {}', '"options": { "hold": "2x" }')),
  "plan_of_many_held": {
    args: "rollback --plan plan.json --parallel 1",
    world: oneBack,
    options: many({ hold: "2h" }),
  },
  "plan_held_with_undo": {
    args: "rollback --plan plan.json --on-failure undo",
    world: three,
    options: many({ hold: "2h" }),
  },
  "plan_with_a_bad_bake": carryingOut(ONE.replace('"options": {}', '"options": { "bake": "10s" }')),
  "plan_that_bakes_without_waiting": carryingOut(
    ONE.replace('"options": {}', '"options": { "wait": false, "bake": "5m" }'),
  ),
  "plan_without_waiting_to_be_baked": {
    args: "rollback --plan plan.json --bake 5m",
    world: well,
    options: withPlan(planByHand([{ service: "myservice", from: 4, to: 3 }], { wait: false })),
  },
  "plan_of_many": { args: "rollback --plan plan.json", world: three, options: many() },
  "plan_of_many_some": {
    args: "rollback --plan plan.json --service service-0003 --fail-after 3 --dry-run",
    world: three,
    options: many(),
  },
  "plan_of_many_not_in_it": {
    args: "rollback --plan plan.json --service service-3",
    world: three,
    options: many(),
  },
  "plan_of_many_dry_run": { args: "rollback --plan plan.json --dry-run", world: three, options: many() },
  "plan_of_many_without_the_deployed": {
    args: "rollback --plan plan.json --skip-refused",
    world: oneDeployed,
    options: many(),
  },
  "plan_of_many_one_deployed_since": { args: "rollback --plan plan.json", world: oneDeployed, options: many() },
  "plan_of_many_one_fails": {
    args: "rollback --plan plan.json --timeout 5m",
    world: () => {
      const emulator = three();
      emulator.setBehaviour(`${fleetService(2)}:1`, cannotPullContainer(imageWithTag("1.1.0")));
      return emulator;
    },
    options: many({ onFailure: "stop" }),
  },
  "plan_of_many_interrupted": {
    args: "rollback --plan plan.json",
    world: three,
    options: { ...many({ parallel: 1 }), stopAfterMs: { ms: 20_500, signal: "SIGINT" } },
  },
};
