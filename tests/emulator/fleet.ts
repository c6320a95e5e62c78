/** A world with many services, each of a family of its own, for what one run does with all of them. */
import { type Behaviour, healthy } from "./behaviours.ts";
import { Emulator, type EmulatorOptions } from "./emulator.ts";
import { imageWithTag, UNTIL_STEADY_MS } from "./myservice.ts";

const ROLES = "arn:aws:iam::123456789012:role";
/** Starting takes 9 s, stopping the old task 20 s, and ECS looks for another 10 s whether all is steady. */
const ROLLS_OUT_IN_40_S = healthy({ startMs: 9_000, stopMs: 20_000 });

interface Fleet {
  options?: EmulatorOptions;
  services: number;
  /** `default` where left out; the services are dealt out to them in turn. */
  clusters?: readonly string[];
  /** How the tasks of a revision behave, by `family:revision`; the others roll out within 40 s. */
  behaviours?: Readonly<Record<string, Behaviour>>;
  /** How many revisions of each service were deployed, one after the other. */
  deployed?: number;
}

/** The name of the service, and of its family, with a number from 1 on. */
export const fleetService = (number: number) => `service-${String(number).padStart(4, "0")}`;

const known = new Map<string, Emulator>();

/** Brings each service to its present by really deploying its revisions, all services side by side. */
export function fleet(asked: Fleet): Emulator {
  const key = JSON.stringify(asked);
  const world = known.get(key) ?? createFleet(asked);
  known.set(key, world);
  return world.copy();
}

function createFleet({ options, services, clusters = ["default"], behaviours = {}, deployed = 2 }: Fleet): Emulator {
  const emulator = new Emulator(options);
  for (const cluster of clusters) if (cluster !== "default") emulator.createCluster(cluster);
  emulator.setRole(`${ROLES}/ecsTaskExecutionRole`);
  const names = Array.from({ length: services }, (_, index) => fleetService(index + 1));
  const clusterOf = (index: number) => clusters[index % clusters.length]!;
  for (let revision = 1; revision <= deployed; revision++) {
    emulator.setImage(imageWithTag(`1.${revision}.0`));
    names.forEach((name, index) => {
      const taskDefinition = `${name}:${revision}`;
      emulator.registerTaskDefinition(definitionOf(name, revision));
      emulator.setBehaviour(taskDefinition, behaviours[taskDefinition] ?? ROLLS_OUT_IN_40_S);
      const common = { cluster: clusterOf(index), taskDefinition };
      if (revision > 1) emulator.updateService({ ...common, service: name });
      else emulator.createService({ ...common, ...LAUNCH, serviceName: name, desiredCount: 1 });
    });
    emulator.advance(UNTIL_STEADY_MS);
  }
  return emulator;
}

const LAUNCH = {
  launchType: "FARGATE",
  networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-0a1b2c3d4e5f60718"], assignPublicIp: "DISABLED" } },
};

/** The task definition of a revision of a service, as a file has it. */
export function definitionOf(family: string, revision: number) {
  return {
    family,
    requiresCompatibilities: ["FARGATE"],
    networkMode: "awsvpc",
    cpu: "256",
    memory: "512",
    executionRoleArn: `${ROLES}/ecsTaskExecutionRole`,
    containerDefinitions: [{
      name: "app",
      image: imageWithTag(`1.${revision}.0`),
      essential: true,
      environment: [{ name: "RELEASE", value: String(revision) }],
    }],
  };
}
