import { type Behaviour, crashLoop } from "./emulator/behaviours.ts";
import type { JsonObject } from "./emulator/model.ts";
import { Emulator, type EmulatorOptions } from "./emulator/emulator.ts";

/** The worlds that the tests of the program start from; each test changes what it is about. */

export interface WorldOptions {
  /** Members of the service that differ from an ordinary Fargate service of two tasks. */
  readonly service?: JsonObject;
  /** Members of a revision's task definition that differ from the ordinary ones, by number. */
  readonly revisions?: Readonly<Record<number, JsonObject>>;
  /** How the tasks of revision 4 behave: they crash when this is left out. */
  readonly current?: Behaviour;
  /** How the tasks of revision 3 behave, from the rollback on. */
  readonly target?: Behaviour;
  /** How long revision 4 has been deployed for. */
  readonly sinceMs?: number;
  readonly scalableTarget?: JsonObject | false;
  readonly emulator?: EmulatorOptions;
}

/** `myservice` with revisions 1 to 4: 3 ran well, then 4 was deployed, whose tasks crash; no circuit breaker. */
export function myservice(options: WorldOptions = {}): Emulator {
  const emulator = new Emulator({ startAtMs: Date.UTC(2023, 0, 1, 11, 50), ...options.emulator });
  for (const number of [1, 2, 3, 4]) {
    emulator.registerTaskDefinition({ ...taskDefinition(number), ...options.revisions?.[number] });
  }
  emulator.createService({
    serviceName: "myservice",
    taskDefinition: "myservice:3",
    desiredCount: 2,
    launchType: "FARGATE",
    networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-0123456789abcdef0"] } },
    ...options.service,
  });
  if (options.scalableTarget !== false) {
    emulator.registerScalableTarget({
      ResourceId: "service/default/myservice",
      MinCapacity: 1,
      MaxCapacity: 10,
      ...options.scalableTarget,
    });
  }
  emulator.advance(8 * 60_000);
  emulator.setBehaviour("myservice:4", options.current ?? crashLoop());
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:4" });
  emulator.advance(options.sinceMs ?? 2 * 60_000);
  if (options.target !== undefined) emulator.setBehaviour("myservice:3", options.target);
  return emulator;
}

function taskDefinition(number: number): JsonObject {
  return {
    family: "myservice",
    networkMode: "awsvpc",
    requiresCompatibilities: ["FARGATE"],
    cpu: number < 4 ? "256" : "512",
    memory: number < 4 ? "512" : "1024",
    executionRoleArn: "arn:aws:iam::123456789012:role/ecsTaskExecutionRole",
    containerDefinitions: [{
      name: "app",
      image: `123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/myservice:v${number}`,
      essential: true,
      portMappings: [{ containerPort: 8080, protocol: "tcp" }],
      environment: [
        { name: "LOG_LEVEL", value: number < 4 ? "info" : "debug" },
        ...(number < 4 ? [] : [{ name: "NEW_CHECKOUT", value: "on" }]),
      ],
      secrets: [{
        name: "DATABASE_URL",
        valueFrom: `arn:aws:ssm:ap-northeast-1:123456789012:parameter/myservice/database-url${number < 4 ? "" : "-v2"}`,
      }],
    }],
  };
}
