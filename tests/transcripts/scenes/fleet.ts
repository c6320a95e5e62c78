import { crashLoop, failsToStart, healthy } from "../../emulator/behaviours.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { accessDenied, actAfter, answerWith } from "../../emulator/faults.ts";
import { definitionOf, fleet, fleetService } from "../../emulator/fleet.ts";
import { imageWithTag } from "../../emulator/myservice.ts";
import type { RunOptions } from "../../in_process.ts";
import type { Scene } from "../scene.ts";

/** One run of many services: each is at revision 2, and ran 1 before. */

/** Three services as one may find them: by a config, by name, in another cluster, and one of them twice by its name. */
const MIXED = `services:
  - config: ecs/service-0001/ecspresso.yml
  - service: service-0002
    cluster: blue
    region: ap-northeast-1
    role: arn:aws:iam::123456789012:role/deploy
    wave: 2
  - service: service-0003
    region: ap-northeast-1
    wave: 2
`;
const mixed: RunOptions = {
  isFleet: true,
  files: {
    "fleet.yml": MIXED,
    "ecs/service-0001/ecspresso.yml": "region: ap-northeast-1\ncluster: default\nservice: service-0001\n",
  },
};
const TWICE = `services:
  - service: service-0001
    cluster: default
    region: ap-northeast-1
  - service: service-0001
    cluster: blue
    region: ap-northeast-1
`;

function inTwoClusters(): Emulator {
  const emulator = fleet({ services: 4, clusters: ["default", "blue"] });
  emulator.setRole("arn:aws:iam::123456789012:role/deploy", "arn:aws:iam::123456789012:root");
  return emulator;
}

/** What happens to a world before the program starts. */
const changed = (services: number, change: (emulator: Emulator) => void) => () => {
  const emulator = fleet({ services });
  change(emulator);
  return emulator;
};

/** The service goes back in vain: it had never shown that 1 crashes. */
const crashes = (number: number) => (emulator: Emulator) =>
  emulator.setBehaviour(`${fleetService(number)}:1`, crashLoop());

/** Somebody deploys the newest revision again, ten seconds after the order to go back. */
const thenDeployed = (number: number) =>
  actAfter((emulator) => {
    const service = fleetService(number);
    emulator.schedule(10_000, () => emulator.updateService({ service, taskDefinition: `${service}:2` }));
  });

/** What a service ran before is registered no more. */
const deregistered = (number: number) => (emulator: Emulator) =>
  emulator.deregisterTaskDefinition(`${fleetService(number)}:1`);

/** Some of three went back hours ago, before the run was killed that was to take all back. */
const rolledBack = (...numbers: readonly number[]) => () => {
  const emulator = fleet({ services: 3, deployed: 3 });
  for (const number of numbers) {
    emulator.updateService({ service: fleetService(number), taskDefinition: `${fleetService(number)}:2` });
  }
  emulator.advance(5 * 3_600_000);
  return emulator;
};

/** ... and of two, that failed: ECS has given up one of them, and has turned the other one back, which would work by now. */
function failedBefore(): Emulator {
  const emulator = fleet({ services: 3, deployed: 3 });
  for (const number of [1, 2]) {
    const service = fleetService(number);
    emulator.setBehaviour(`${service}:2`, failsToStart("CannotPullContainerError: not found"));
    const deploymentConfiguration = { deploymentCircuitBreaker: { enable: true, rollback: number === 2 } };
    emulator.updateService({ service, taskDefinition: `${service}:2`, deploymentConfiguration });
  }
  emulator.advance(5 * 3_600_000);
  emulator.setBehaviour(`${fleetService(2)}:2`, healthy({ startMs: 9_000, stopMs: 20_000 }));
  return emulator;
}

/** A config for each of so many services. */
function configs(services: number): RunOptions {
  const names = Array.from({ length: services }, (_, index) => fleetService(index + 1));
  const config = (service: string) => `region: ap-northeast-1\ncluster: default\nservice: ${service}\n`;
  return {
    isFleet: true,
    files: Object.fromEntries(names.map((name) => [`ecs/${name}/ecspresso.yml`, config(name)])),
  };
}

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

const ALL = "--config ecs/*/ecspresso.yml";
const SOME_AND_ONE_MISSING = "--service service-0001 --service service-0002 --service nope --region ap-northeast-1";
const [THREE, TWELVE] = [() => fleet({ services: 3 }), () => fleet({ services: 12 })];
const WAVES = `services:
  - service: service-0001
    region: ap-northeast-1
    wave: 2
  - service: service-0002
    region: ap-northeast-1
  - service: service-0003
    region: ap-northeast-1
`;

export const FLEET_SCENES: Readonly<Record<string, Scene>> = {
  "fleet": { args: `rollback ${ALL} --revision previous`, world: THREE, options: configs(3) },
  "fleet_dry_run": { args: `rollback ${ALL} --revision previous --dry-run`, world: THREE, options: configs(3) },
  "fleet_dry_run_on_a_narrow_terminal": {
    args: `rollback ${ALL} --revision previous --dry-run`,
    world: changed(3, deregistered(2)),
    options: { ...configs(3), isTerminal: true, columns: 80, env: { NO_COLOR: "1" } },
  },
  "fleet_by_name": {
    args: "rollback --service service-* --region ap-northeast-1 --revision previous --no-wait",
    world: THREE,
    options: { isFleet: true, files: {} },
  },
  "fleet_ordered_by_another_run": {
    args: `rollback ${ALL} --revision previous --parallel 1`,
    world: changed(3, (emulator) => {
      const order = (service: string) => (emulator: Emulator) =>
        emulator.updateService({ service, taskDefinition: `${service}:1` });
      emulator.schedule(100, order(fleetService(2)));
      emulator.schedule(25_000, order(fleetService(3)));
    }),
    options: configs(3),
  },
  "fleet_in_waves": {
    args: "rollback --fleet fleet.yml --revision previous",
    world: THREE,
    options: { isFleet: true, files: { "fleet.yml": WAVES } },
  },
  "fleet_dry_run_verbose": {
    args: `rollback ${ALL} --revision previous --dry-run --verbose`,
    world: THREE,
    options: configs(3),
  },
  "fleet_status_of_one_left": {
    args: "status --service service-* --region ap-northeast-1",
    world: rolledBack(1, 2),
    options: { isFleet: true, files: {} },
  },
  "fleet_repeated": {
    args: "rollback --service service-* --region ap-northeast-1 --revision previous",
    world: rolledBack(1, 2),
    options: { isFleet: true, files: {} },
  },
  "fleet_repeated_when_all_are_back": {
    args: "rollback --service service-* --region ap-northeast-1 --revision previous",
    world: rolledBack(1, 2, 3),
    options: { isFleet: true, files: {} },
  },
  "fleet_repeated_after_failures": {
    args: "rollback --service service-* --region ap-northeast-1 --revision previous --skip-refused --fail-after 3",
    world: failedBefore,
    options: { isFleet: true, files: {} },
  },
  "fleet_file_stopped": {
    args: "rollback --fleet fleet.yml --revision previous --parallel 1",
    world: inTwoClusters,
    options: { ...mixed, stopAfterMs: { ms: 9_500, signal: "SIGINT" } },
  },
  "fleet_file_some": {
    args: "rollback --fleet fleet.yml --service service-0003 --service service-0001 --revision previous --dry-run",
    world: inTwoClusters,
    options: mixed,
  },
  "fleet_file_not_in_it": {
    args: "rollback --fleet fleet.yml --service servcie-0003 --revision previous",
    world: inTwoClusters,
    options: mixed,
  },
  "fleet_file_twice_in_it": {
    args: "rollback --fleet fleet.yml --service service-0001 --revision previous",
    world: inTwoClusters,
    options: { isFleet: true, files: { "fleet.yml": TWICE } },
  },
  "fleet_at_stopped": {
    args: `rollback ${ALL} --at -6m --parallel 1`,
    world: THREE,
    options: { ...configs(3), stopAfterMs: { ms: 20_500, signal: "SIGINT" } },
  },
  "fleet_refused": {
    args: `rollback ${ALL} --revision previous`,
    world: changed(3, deregistered(2)),
    options: configs(3),
  },
  "fleet_refused_in_two_ways": {
    args: `rollback ${SOME_AND_ONE_MISSING} --revision previous`,
    world: changed(3, deregistered(2)),
    options: { isFleet: true, files: {} },
  },
  "fleet_skip_refused_in_two_ways": {
    args: `rollback ${SOME_AND_ONE_MISSING} --revision previous --skip-refused`,
    world: changed(3, deregistered(2)),
    options: { isFleet: true, files: {} },
  },
  "fleet_cluster_missing": {
    args: `rollback ${ALL} --revision previous`,
    world: THREE,
    options: {
      ...configs(3),
      files: {
        ...configs(3).files,
        "ecs/service-0003/ecspresso.yml": "region: ap-northeast-1\ncluster: defualt\nservice: service-0003\n",
      },
    },
  },
  "fleet_skip_refused": {
    args: `rollback ${ALL} --revision previous --skip-refused`,
    world: changed(3, deregistered(2)),
    options: configs(3),
  },
  "fleet_events": {
    args: `rollback ${ALL} --revision previous --parallel 2 --on-failure undo --fail-after 2 --output json`,
    world: changed(3, crashes(2)),
    options: configs(3),
  },
  "fleet_of_twelve": { args: `rollback ${ALL} --revision previous`, world: TWELVE, options: configs(12) },
  "fleet_of_twelve_refused": {
    args: `rollback ${ALL} --revision previous`,
    world: changed(12, (emulator) => [3, 8].forEach((number) => deregistered(number)(emulator))),
    options: configs(12),
  },
  "fleet_seventh_fails": {
    args: `rollback ${ALL} --revision previous --parallel 3 --fail-after 3`,
    world: changed(20, crashes(7)),
    options: configs(20),
  },
  "fleet_seventh_fails_stop": {
    args: `rollback ${ALL} --revision previous --parallel 3 --fail-after 3 --on-failure stop`,
    world: changed(20, crashes(7)),
    options: configs(20),
  },
  "fleet_seventh_fails_undo": {
    args: `rollback ${ALL} --revision previous --parallel 3 --fail-after 3 --on-failure undo`,
    world: changed(20, crashes(7)),
    options: configs(20),
  },
  "fleet_stopped": {
    args: `rollback ${ALL} --revision previous --parallel 3`,
    world: TWELVE,
    options: { ...configs(12), stopAfterMs: { ms: 30_500, signal: "SIGINT" } },
  },
  "fleet_time_is_up": {
    args: `rollback ${ALL} --revision previous --parallel 3 --timeout 1m`,
    world: TWELVE,
    options: configs(12),
  },
  "fleet_superseded": {
    args: `rollback ${ALL} --revision previous --parallel 1 --on-failure stop`,
    world: changed(3, (emulator) => emulator.inject({ operation: "UpdateService", nth: 2, effect: thenDeployed(2) })),
    options: configs(3),
  },
  "fleet_deploy_order_refused": {
    args: `deploy ${ALL} --parallel 1 --rollback-events DEPLOYMENT_FAILURE`,
    world: changed(3, (emulator) => {
      releasing()(emulator);
      const refused = answerWith("InvalidParameterException", "The container port is not there.");
      emulator.inject({ operation: "UpdateService", nth: 2, effect: refused });
    }),
    options: files(3),
  },
  "fleet_unread_skip_refused": {
    args: `rollback ${ALL} --revision previous --skip-refused`,
    world: changed(3, (emulator) => emulator.inject({ operation: "DescribeTaskDefinition", effect: accessDenied() })),
    options: configs(3),
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
