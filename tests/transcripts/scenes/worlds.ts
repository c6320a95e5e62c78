import { crashLoop } from "../../emulator/behaviours.ts";
import { Emulator } from "../../emulator/emulator.ts";
import { accessDenied, actAfter, type FaultEffect, throttle } from "../../emulator/faults.ts";
import type { JsonObject } from "../../emulator/model.ts";
import { type MyService, myservice, RESOURCE_ID, taskDefinition, UNTIL_STEADY_MS } from "../../emulator/myservice.ts";

/** Revision 3 ran well, then 4 was deployed, whose tasks crash; no circuit breaker. */
export function crashing(world: MyService = {}): Emulator {
  return myservice({ behaviours: { 4: crashLoop() }, ...world });
}

export const API_KEY = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:myservice/api_key";

export const STOPPING = { deploymentCircuitBreaker: { enable: true, rollback: false } };

export const ALARMS = { alarmNames: ["new-alarm"], enable: true, rollback: true };

export const MONITORING = { metricConfigurations: [{ metricNames: ["CPUUtilization"], resolutionSeconds: 20 }] };

export const SPOT = [
  { capacityProvider: "FARGATE", weight: 1, base: 1 },
  { capacityProvider: "FARGATE_SPOT", weight: 3 },
];

export function deniedLog(emulator: Emulator): Emulator {
  const resource = "arn:aws:logs:ap-northeast-1:123456789012:log-group:/ecs/myservice:log-stream:web/app/1";
  emulator.inject({ operation: "GetLogEvents", times: Infinity, effect: accessDenied("logs", resource) });
  return emulator;
}

export const LOAD_BALANCER = {
  targetGroupArn: "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/myservice/0123456789abcdef",
  containerName: "app",
  containerPort: 8080,
};

export const BREAKER = { deploymentConfiguration: STOPPING };

export const BREAKER_WITH_ROLLBACK = {
  deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
};

export const codeDeploy = () =>
  myservice({
    history: [3],
    service: {
      deploymentController: { type: "CODE_DEPLOY" },
      loadBalancers: [LOAD_BALANCER],
    },
  });

/** The service was given a volume, with a task definition that leaves it to the service to configure. */
export function withVolume(): Emulator {
  const emulator = myservice();
  emulator.registerTaskDefinition({ ...taskDefinition(4), volumes: [{ name: "data", configuredAtLaunch: true }] });
  const managedEBSVolume = { roleArn: "arn:aws:iam::123456789012:role/ebs", sizeInGiB: 10 };
  return deployedNow(emulator, { volumeConfigurations: [{ name: "data", managedEBSVolume }] });
}

/** 2, 3 and 4 were deployed, then something was taken away. */
export function taken(act: (emulator: Emulator) => void): Emulator {
  return changed(act, myservice({ history: [1, 2, 3, 4] }));
}

export function deployedNow(emulator: Emulator, settings: JsonObject): Emulator {
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:5", ...settings });
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

/** A world in which something happens just after the service was updated for the rollback. */
export function afterUpdate(act: (emulator: Emulator) => void, emulator = myservice()): Emulator {
  emulator.inject({ operation: "UpdateService", times: 1, effect: actAfter(act) });
  return emulator;
}

/** 2 and 3 ran well, then 4, from which the service was brought back to 3 five minutes ago. */
export function broughtBack(): Emulator {
  return myservice({ history: [2, 3, 4, 3] });
}

/** The service ran web:1, and then got myservice:4. */
export function movedFromWeb(): Emulator {
  return changed((emulator) => {
    emulator.registerTaskDefinition({ ...taskDefinition(1), family: "web" });
    for (const name of ["web:1", "myservice:4"]) {
      emulator.updateService({ service: "myservice", taskDefinition: name });
      emulator.advance(UNTIL_STEADY_MS);
    }
  }, myservice({ history: [3] }));
}

export function throttledFor(operation: string, forMs: number): Emulator {
  return changed((emulator) => emulator.inject({ operation, forMs, effect: throttle() }), myservice());
}

/** Reading takes so long that what a plan was made from is too old for its first write. */
export function slowToRead(): Emulator {
  return faulty("DescribeTaskDefinition", throttle(), 8);
}

export function faulty(
  operation: string | readonly string[],
  effect: FaultEffect,
  times = Infinity,
  emulator = myservice(),
): Emulator {
  emulator.inject({ operation, effect, times });
  return emulator;
}

/** Some time after somebody has begun to deploy. */
export function someTimeInto(forMs: number, taskDefinition: string, emulator: Emulator): Emulator {
  emulator.updateService({ service: "myservice", taskDefinition });
  emulator.advance(forMs);
  return emulator;
}

/** Somebody is deploying 3. */
export function deploying(emulator = myservice()): Emulator {
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
  emulator.advance(20_000);
  return emulator;
}

/** Revision 3 served for two hours. Then two bad ones were deployed in a row: the first served for 75 s. */
export function badTwice(world: MyService = {}): Emulator {
  const emulator = myservice({ history: [2, 3], revisions: 5, ...world });
  emulator.advance(7_200_000);
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:4" });
  emulator.advance(61_000 + 75_000);
  return deployedNow(emulator, {});
}

/** Another service of the cluster, which runs myservice:4 in so many tasks. */
export function withOther(
  desiredCount: number,
  taskDefinition = "myservice:4",
  emulator = myservice(),
  serviceName = "other",
  more: JsonObject = {},
): Emulator {
  const networkConfiguration = { awsvpcConfiguration: { subnets: ["subnet-0123456789abcdef0"] } };
  const service = { serviceName, taskDefinition, launchType: "FARGATE", desiredCount };
  emulator.createService({ ...service, networkConfiguration, ...more });
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

export const ALL_SUSPENDED = {
  DynamicScalingInSuspended: true,
  DynamicScalingOutSuspended: true,
  ScheduledScalingSuspended: true,
};

/** What a run leaves that was killed after it had suspended. */
export function suspended(emulator: Emulator, record?: string): Emulator {
  emulator.registerScalableTarget({ ResourceId: RESOURCE_ID, SuspendedState: ALL_SUSPENDED });
  return record === undefined ? emulator : recorded(emulator, record);
}

export function recorded(emulator: Emulator, record: string): Emulator {
  const scaling = "AnyScaleFrontendService";
  const found = emulator.call(`${scaling}.DescribeScalableTargets`, { ServiceNamespace: "ecs" });
  const [target] = found.ScalableTargets as { ScalableTargetARN: string }[];
  emulator.call(`${scaling}.TagResource`, {
    ResourceARN: target!.ScalableTargetARN,
    Tags: { "ecspresso:auto-scaling-suspended": record },
  });
  return emulator;
}

/** Deployed by ECS in steps of traffic. */
export function shifting(strategy: "LINEAR" | "CANARY", configuration: JsonObject): MyService {
  return { service: { deploymentConfiguration: { strategy, bakeTimeInMinutes: 1, ...configuration } } };
}

export function changed(act: (emulator: Emulator) => void, world: Emulator = crashing()): Emulator {
  act(world);
  return world;
}

/** A service that is deleted, and that ECS still shows. */
export function deleted(): Emulator {
  return changed((emulator) => {
    emulator.deleteService({ service: "myservice", force: true });
    emulator.advance(UNTIL_STEADY_MS);
  }, myservice());
}

export function stopDeployment(emulator: Emulator): void {
  const { currentServiceDeployment } = emulator.describeService("myservice");
  emulator.call("AmazonEC2ContainerServiceV20141113.StopServiceDeployment", {
    serviceDeploymentArn: currentServiceDeployment as string,
    stopType: "ROLLBACK",
  });
}

/** Runs what was deployed from those files when the token was another one. */
export function withOlderToken(): Emulator {
  return changed((emulator) => {
    const older = taskDefinition(4);
    const [app] = older.containerDefinitions as JsonObject[];
    const command = ["serve", "--token=tok-of-last-year"];
    emulator.registerTaskDefinition({ ...older, containerDefinitions: [{ ...app, command }] });
    emulator.updateService({ service: "myservice", taskDefinition: "myservice:5" });
    emulator.advance(UNTIL_STEADY_MS);
    emulator.setParameter("/myservice/token", "tok-of-this-year", "SecureString");
  }, myservice());
}

export const SERVICE_ARN = "arn:aws:ecs:ap-northeast-1:123456789012:service/default/myservice";

/** `myservice` is failing; `other` and `another` run well, and one of them belongs to a release. */
export function threeServices(): Emulator {
  const emulator = withOther(2, "myservice:4", withOther(1, "myservice:3", myservice(), "another"), "other", {
    tags: [{ key: "release", value: "42" }],
  });
  emulator.updateService({ service: "other", taskDefinition: "myservice:3" });
  emulator.advance(UNTIL_STEADY_MS);
  emulator.setBehaviour("myservice:2", crashLoop());
  return someTimeInto(60_250, "myservice:2", emulator);
}
