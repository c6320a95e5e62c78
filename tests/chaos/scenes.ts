import { DEFINITION_FILES } from "../definition_files.ts";
import { healthy, secretNotFound } from "../emulator/behaviours.ts";
import type { Emulator } from "../emulator/emulator.ts";
import { myservice, RESOURCE_ID } from "../emulator/myservice.ts";

/** What the program is run for: four runs that together make every call that a rollback and a deploy make. */
export interface Scene {
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Calls that changed the service more than once would be one too many. */
  readonly mostOrders: number;
  /** The exit code of an undisturbed run. */
  readonly code: number;
  /** What the service runs at the end of such a run. */
  readonly target: string;
  /** The time limit holds twice: for the deploy and for its way back. */
  readonly hasWayBack: boolean;
  createWorld(): Emulator;
}

/** What has to be restored: not the flags of a target that nobody has touched. */
export const PRIOR = {
  DynamicScalingInSuspended: false,
  DynamicScalingOutSuspended: false,
  ScheduledScalingSuspended: true,
};
const BOTH = ["--suspend-auto-scaling", "--resume-auto-scaling", "--output", "json"];
const SECRET = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:myservice/api_key";
const breaker = { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } } };
/** So that the deploy registers something. */
const env = { TAG: "1.4.0" };

function withScaling(emulator: Emulator): Emulator {
  emulator.registerScalableTarget({ ResourceId: RESOURCE_ID, SuspendedState: PRIOR });
  return emulator;
}

export const SCENES: readonly Scene[] = [
  {
    name: "rollback",
    args: ["rollback", "--revision", "3", "--deregister", ...BOTH],
    env: {},
    ...{ mostOrders: 1, code: 0, target: "myservice:3", hasWayBack: false },
    createWorld: () => withScaling(myservice()),
  },
  {
    name: "rollback-stops",
    args: ["rollback", "--revision", "3", ...BOTH],
    env: {},
    ...{ mostOrders: 1, code: 0, target: "myservice:3", hasWayBack: false },
    createWorld: () =>
      withScaling(
        myservice({ behaviours: { 4: healthy({ startMs: 900_000 }) }, service: breaker, afterLastMs: 10_000 }),
      ),
  },
  {
    name: "deploy",
    args: ["deploy", ...BOTH],
    env,
    ...{ mostOrders: 1, code: 0, target: "myservice:5", hasWayBack: false },
    createWorld: () => withScaling(myservice({ service: breaker })),
  },
  {
    name: "deploy-rolled-back",
    args: ["deploy", "--rollback-events", "DEPLOYMENT_FAILURE", "--deregister-failed", ...BOTH],
    env,
    ...{ mostOrders: 2, code: 6, target: "myservice:4", hasWayBack: true },
    createWorld: () => {
      const emulator = withScaling(myservice({ service: breaker }));
      emulator.setBehaviour("myservice:5", secretNotFound(SECRET));
      return emulator;
    },
  },
];

/** The files of every scene. */
export const FILES = DEFINITION_FILES;
