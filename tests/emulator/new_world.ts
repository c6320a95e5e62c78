/** The world as it is before anything is in it. */
import { copyOf } from "./copy_of.ts";
import type { Settings } from "./settings.ts";
import type { World } from "./model.ts";
import { METRIC_DELAY_MS } from "./traffic.ts";

export interface EmulatorOptions extends Partial<Settings> {
  /** The world's time at the start. */
  startAtMs?: number;
}

const DEFAULT_SETTINGS: Settings = {
  region: "ap-northeast-1",
  accountId: "123456789012",
  pageSize: 0,
  inactiveEnforcementDelayMs: 0,
  rollbackReusesDeploymentId: true,
  revisionMembersRollOut: true,
  pendingMs: 0,
  rollbackRequestedMs: 0,
  terseAnswers: false,
  containerInstances: 2,
  rollbackRenewsCreatedAt: false,
  rollbackTakesSteps: false,
  showsDraining: false,
  metricDelayMs: METRIC_DELAY_MS,
  listsOldestDeploymentsFirst: false,
  startFailuresHaveEvents: false,
  leavesOutRepeatedEvents: false,
  rateLimits: false,
  fillsInAllDefaults: false,
  furtherMembers: {},
};
const DEFAULT_START_MS = Date.UTC(2023, 0, 1, 12);

export function newWorld({ startAtMs = DEFAULT_START_MS, ...settings }: EmulatorOptions): World {
  return {
    nowMs: startAtMs,
    sequence: 0,
    settings: { ...DEFAULT_SETTINGS, ...settings },
    clusters: [],
    taskDefinitions: [],
    lastRevisions: {},
    services: [],
    tasks: [],
    serviceDeployments: [],
    serviceRevisions: [],
    scalableTargets: [],
    scalingPolicies: [],
    loads: {},
    tags: {},
    behaviours: {},
    alarms: {},
    functions: {},
    misrouted: {},
    buckets: {},
    parameters: {},
    secrets: {},
    stacks: {},
    logGroups: {},
    logStreams: {},
    repositories: {},
    roles: {},
    issuedCredentials: {},
    objects: {},
    pullThroughCacheRules: {},
    fileSystems: {},
    accessPoints: {},
    targetGroups: {},
    traffic: {},
    subnets: {},
    keys: {},
  };
}

/**
 * The world as it is now, to be looked at when it has moved on. What nobody changes once it is there, the members of
 * registered task definitions, is shared: a family can have ten thousand revisions.
 */
export function snapshotOf(world: World): World {
  return {
    ...copyOf({ ...world, taskDefinitions: [] }),
    taskDefinitions: world.taskDefinitions.map((definition) => ({ ...definition })),
  };
}
