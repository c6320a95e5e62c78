import {
  type Behaviour,
  cannotPullContainer,
  crashLoop,
  failingHealthCheck,
  healthy,
  secretNotFound,
  unplaceable,
} from "../emulator/behaviours.ts";
import type { JsonObject } from "../emulator/model.ts";
import { imageOf } from "../emulator/myservice.ts";

/** In the order scale-in, scale-out, scheduled actions. */
export type Flags = readonly [boolean, boolean, boolean];

/** The alarm that ends deployments, where one does. */
export const ALARM = "myservice-5xx";

export interface ScalingSpec {
  readonly hasArn: boolean;
  readonly min: number;
  readonly max: number;
  readonly flags: Flags;
  /** What an earlier run has left, when it was killed; `foreign` is a tag with another program's value. */
  readonly record: Flags | "foreign" | null;
}

export interface WorldSpec {
  /** The revisions that were deployed, in order. */
  readonly history: readonly number[];
  /** How long ago the last of them was deployed: shorter than it takes, or long enough. */
  readonly afterLastMs: number;
  readonly behaviours: Readonly<Record<number, keyof typeof BEHAVIOURS>>;
  readonly breaker: "none" | "stop" | "rollback";
  /** What else is configured of the breaker. */
  readonly breakerMembers: JsonObject;
  readonly strategy: "ROLLING" | "BLUE_GREEN" | "CANARY" | "LINEAR";
  /** The share of its tasks that completes a rolling deployment, and whether ECS waits for the old ones to go. */
  readonly earlySuccess: { readonly percent: number; readonly waits: boolean } | null;
  /** Whether an alarm ends deployments, and whether ECS then goes back; `off`: it is in ALARM already. */
  readonly alarm: "none" | "stop" | "rollback" | "off";
  readonly bounds: readonly [minimumHealthyPercent: number, maximumPercent: number];
  readonly desiredCount: number;
  readonly pageSize: number;
  readonly inactive: readonly number[];
  readonly enforcementDelayMs: number;
  readonly reusesDeploymentId: boolean;
  readonly renewsCreatedAt: boolean;
  readonly showsDraining: boolean;
  readonly rollbackTakesSteps: boolean;
  readonly pendingMs: number;
  readonly rollbackRequestedMs: number;
  readonly scaling: ScalingSpec | null;
  /** The revision that another service of the cluster runs. */
  readonly elsewhere: number | null;
  /** In how many tasks. */
  readonly elsewhereCount: number;
  /** What the service consists of besides; none where it is left out. */
  readonly settings?: JsonObject;
  /** Whether ECS starts a deployment for what only service revisions show. */
  readonly revisionMembersRollOut?: boolean;
}

const SECRET = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:myservice/api_key";

export const BEHAVIOURS = {
  healthy: () => healthy({ startMs: 5_000, stopMs: 10_000 }),
  slow: () => healthy({ startMs: 60_000, stopMs: 90_000 }),
  crash: () => crashLoop({ afterMs: 8_000 }),
  secret: () => secretNotFound(SECRET),
  image: () => cannotPullContainer(imageOf(3)),
  unplaceable: () => unplaceable(),
  unhealthy: () => failingHealthCheck(),
} satisfies Record<string, () => Behaviour>;

export const ALL: Flags = [true, true, true];
export const NONE: Flags = [false, false, false];
