import { crashLoop } from "../../emulator/behaviours.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { answerWith } from "../../emulator/faults.ts";
import { definitionOf, fleetService } from "../../emulator/fleet.ts";
import { imageWithTag } from "../../emulator/myservice.ts";
import type { RunOptions } from "../../in_process.ts";
import type { Scene } from "../scene.ts";
import { ALL, changed, configs } from "./fleet_worlds.ts";

/** ... and the task definition of its revision 3. */
function files(services: number): RunOptions {
  const named = Object.entries(configs(services).files!).flatMap(([path, config]) => {
    const service = /service: (.*)/.exec(config)![1]!;
    const definition = JSON.stringify({ ...definitionOf(service, 3), family: service });
    return [
      [path, `${config}task_definition: ecs-task-def.json\n`],
      [path.replace("ecspresso.yml", "ecs-task-def.json"), definition],
    ];
  });
  return { isFleet: true, files: Object.fromEntries(named) };
}

const releasing = (...crashing: readonly number[]) => (emulator: Emulator) => {
  emulator.setImage(imageWithTag("1.3.0"));
  for (const number of crashing) emulator.setBehaviour(`${fleetService(number)}:3`, crashLoop());
};

export const FLEET_DEPLOYS_SCENES: Readonly<Record<string, Scene>> = {
  "fleet_deploy_order_refused": {
    args: `deploy ${ALL} --parallel 1 --rollback-events DEPLOYMENT_FAILURE`,
    world: changed(3, (emulator) => {
      releasing()(emulator);
      const refused = answerWith("InvalidParameterException", "The container port is not there.");
      emulator.inject({ operation: "UpdateService", nth: 2, effect: refused });
    }),
    options: files(3),
  },
  "fleet_deploy": { args: `deploy ${ALL}`, world: changed(3, releasing()), options: files(3) },
  "fleet_deploy_dry_run": { args: `deploy ${ALL} --dry-run`, world: changed(3, releasing()), options: files(3) },
  "fleet_deploy_stopped": { args: `deploy ${ALL} --parallel 1`, world: changed(4, releasing(3)), options: files(4) },
  "fleet_deploy_rolled_back": {
    args: `deploy ${ALL} --parallel 1 --rollback-events DEPLOYMENT_FAILURE`,
    world: changed(3, releasing(2)),
    options: files(3),
  },
};
