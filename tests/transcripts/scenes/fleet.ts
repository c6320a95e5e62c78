import { failsToStart, healthy } from "../../emulator/behaviours.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { fleet, fleetService } from "../../emulator/fleet.ts";
import type { RunOptions } from "../../in_process.ts";
import type { Scene } from "../scene.ts";
import { ALL, changed, configs, THREE, TWELVE } from "./fleet_worlds.ts";

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
const SOME_AND_ONE_MISSING = "--service service-0001 --service service-0002 --service nope --region ap-northeast-1";
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
  "fleet_of_twelve": { args: `rollback ${ALL} --revision previous`, world: TWELVE, options: configs(12) },
  "fleet_of_twelve_refused": {
    args: `rollback ${ALL} --revision previous`,
    world: changed(12, (emulator) => [3, 8].forEach((number) => deregistered(number)(emulator))),
    options: configs(12),
  },
};
