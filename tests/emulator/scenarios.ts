/** Ready-made worlds, by name: each is `myservice` with something that can happen to it, or to the calls about it. */
import { cannotPullContainer, crashLoop, healthy, slowDrain } from "./behaviours.ts";
import type { Emulator, EmulatorOptions } from "./emulator.ts";
import {
  accessDenied,
  actAfter,
  dropAfter,
  dropBefore,
  expiredToken,
  type FaultRule,
  halfSent,
  serverError,
  stale,
  throttle,
} from "./faults.ts";
import type { JsonObject } from "./model.ts";
import { imageOf, myservice, SERVICE } from "./myservice.ts";

interface Scenario {
  description: string;
  create(options?: EmulatorOptions): Emulator;
}

const CRASHES = crashLoop({ afterMs: 8_000 });
const breaker = (rollback: boolean) => ({
  deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback } },
});

const ALARM = `${SERVICE}-5xx`;
const alarms = (rollback: boolean) => ({
  deploymentConfiguration: { alarms: { alarmNames: [ALARM], enable: true, rollback } },
});

/** 4 runs well, and so does 3; but a minute after somebody has deployed that, an alarm goes off. */
function alarming(options: EmulatorOptions | undefined, service: JsonObject): Emulator {
  const emulator = myservice({ options, history: [2, 4], service, alarms: { [ALARM]: "OK" } });
  const goOff = (later: Emulator) => later.schedule(60_000, (then) => then.triggerAlarm(ALARM));
  emulator.inject({ operation: "UpdateService", effect: actAfter(goOff) });
  return emulator;
}

/** The world `healthy`, with a fault script. */
function faulty(options: EmulatorOptions | undefined, ...rules: FaultRule[]): Emulator {
  const emulator = myservice({ options });
  for (const rule of rules) emulator.inject(rule);
  return emulator;
}

export const SCENARIOS: Record<string, Scenario> = {
  healthy: {
    description: "myservice:4 runs well, and so would every other revision",
    create: (options) => myservice({ options }),
  },
  crash_loop: {
    description: "myservice:4 is current and crash-looping without a circuit breaker; 3 was good",
    create: (options) => myservice({ options, behaviours: { 4: CRASHES } }),
  },
  circuit_breaker: {
    description: "myservice:4 runs well; the image of 3 is gone, and the circuit breaker stops without going back",
    create: (options) =>
      myservice({
        options,
        history: [2, 4],
        behaviours: { 3: cannotPullContainer(imageOf(3)) },
        service: breaker(false),
      }),
  },
  circuit_breaker_rollback: {
    description: "myservice:4 runs well; the image of 3 is gone, and the circuit breaker goes back to 4",
    create: (options) =>
      myservice({
        options,
        history: [2, 4],
        behaviours: { 3: cannotPullContainer(imageOf(3)) },
        service: breaker(true),
      }),
  },
  circuit_breaker_tripped: {
    description: "the deployment of myservice:4 has FAILED and stays; tasks of 3 still run",
    create: (options) =>
      myservice({ options, behaviours: { 4: cannotPullContainer(imageOf(4)) }, service: breaker(false) }),
  },
  circuit_breaker_rolling_back: {
    description: "ECS is on its way back from myservice:4, whose image is gone, to 3",
    create: (options) =>
      myservice({
        options,
        behaviours: { 3: healthy({ startMs: 120_000 }), 4: cannotPullContainer(imageOf(4)) },
        // Room for only two at a time: when the breaker trips, two tasks of 3 are missing and have to be started again.
        service: {
          desiredCount: 4,
          deploymentConfiguration: {
            ...breaker(true).deploymentConfiguration,
            minimumHealthyPercent: 50,
            maximumPercent: 100,
          },
        },
        afterLastMs: 110_000,
      }),
  },
  alarm: {
    description: "myservice:4 runs well; a minute after the first UpdateService an alarm ends what is being deployed",
    create: (options) => alarming(options, alarms(false)),
  },
  alarm_rollback: {
    description: "as `alarm`, and ECS goes back to 4",
    create: (options) => alarming(options, alarms(true)),
  },
  tag_moved: {
    description:
      "all revisions name the tag latest, which was pushed again before 4 was deployed, and forced once more",
    create: (options) => myservice({ options, movingTag: "latest", history: [3, 4, 4] }),
  },
  two_bad_in_a_row: {
    description: "myservice:2 was good for an hour; 3 was bad for a minute, and 4, which runs now, is no better",
    create: (options) => {
      const emulator = myservice({ options, history: [2], afterLastMs: 3_600_000 });
      for (const revision of [3, 4]) {
        emulator.updateService({ service: SERVICE, taskDefinition: `${SERVICE}:${revision}` });
        emulator.advance(150_000);
      }
      return emulator;
    },
  },
  slow_drain: {
    description: "tasks of myservice:4 take five minutes to stop",
    create: (options) => myservice({ options, behaviours: { 4: slowDrain() } }),
  },
  blue_green: {
    description: "myservice is deployed by ECS's blue/green, with two minutes of bake time",
    create: (options) =>
      myservice({ options, service: { deploymentConfiguration: { strategy: "BLUE_GREEN", bakeTimeInMinutes: 2 } } }),
  },
  paused_hook: {
    description: "blue/green, and a hook pauses every deployment after the test traffic was shifted",
    create: (options) =>
      myservice({
        options,
        history: [4],
        service: {
          deploymentConfiguration: {
            strategy: "BLUE_GREEN",
            lifecycleHooks: [{ targetType: "PAUSE", lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"] }],
          },
        },
      }),
  },
  throttled: {
    description: "of the calls of each kind the 2nd to 4th are throttled",
    create: (options) =>
      faulty(
        options,
        ...["DescribeServices", "DescribeTaskDefinition", "ListTaskDefinitions", "DescribeScalableTargets"].map((
          operation,
        ) => ({ operation, nth: 2, times: 3, effect: throttle() })),
        { operation: ["UpdateService", "RegisterScalableTarget"], effect: throttle() },
      ),
  },
  access_denied: {
    description: "UpdateService is not allowed",
    create: (options) =>
      faulty(options, {
        operation: "UpdateService",
        times: Infinity,
        effect: accessDenied("ecs", `arn:aws:ecs:ap-northeast-1:123456789012:service/default/${SERVICE}`),
      }),
  },
  expired_token: {
    description: "the credentials have expired",
    create: (options) => faulty(options, { times: Infinity, effect: expiredToken() }),
  },
  server_errors: {
    description: "the 3rd to 5th read of the service are answered with 500",
    create: (options) => faulty(options, { operation: "DescribeServices", nth: 3, times: 3, effect: serverError() }),
  },
  dropped_connections: {
    description: "connections break: before a read, in its answer, and after UpdateService was carried out",
    create: (options) =>
      faulty(
        options,
        { operation: "DescribeServices", nth: 2, effect: dropBefore() },
        { operation: "DescribeServices", nth: 4, effect: halfSent() },
        { operation: "UpdateService", effect: dropAfter() },
      ),
  },
  stale_reads: {
    description: "for 5 s after a write DescribeServices still answers as before it",
    create: (options) => faulty(options, { operation: "DescribeServices", times: Infinity, effect: stale(5_000) }),
  },
  small_pages: {
    description: "no page has more than two entries",
    create: (options) => myservice({ options: { ...options, pageSize: 2 } }),
  },
  large_family: {
    description: "myservice has 10,000 revisions; 9,999 was deployed, then 10,000",
    create: (options) => myservice({ options, revisions: 10_000, history: [9_999, 10_000] }),
  },
  inactive_enforcement_delay: {
    description: "myservice:3 has just been deregistered, which UpdateService notices only ten minutes later",
    create: (options) => {
      const emulator = myservice({ options: { inactiveEnforcementDelayMs: 600_000, ...options } });
      emulator.deregisterTaskDefinition(`${SERVICE}:3`);
      return emulator;
    },
  },
  second_person: {
    description: "10 s after the first UpdateService somebody else deploys myservice:2",
    create: (options) => {
      const emulator = myservice({ options });
      emulator.inject({ operation: "UpdateService", effect: actAfter(deployLater) });
      return emulator;
    },
  },
};

function deployLater(emulator: Emulator): void {
  emulator.schedule(10_000, (later) => later.updateService({ service: SERVICE, taskDefinition: `${SERVICE}:2` }));
}

/** The world of a scenario. @throws Error for a name that is not in `SCENARIOS` */
export function createScenario(name: string, options?: EmulatorOptions): Emulator {
  const scenario = Object.hasOwn(SCENARIOS, name) ? SCENARIOS[name] : undefined;
  if (!scenario) throw new Error(`no scenario "${name}": there are ${Object.keys(SCENARIOS).join(", ")}`);
  return scenario.create(options);
}
