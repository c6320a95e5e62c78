/** Random deploys: the options and the user's files, and the run of one of them. */
import fc from "fast-check";
import { DEFINITION_FILES } from "../definition_files.ts";
import type { Emulator } from "../emulator/emulator.ts";
import type { JsonObject } from "../emulator/model.ts";
import { SERVICE, UNTIL_STEADY_MS } from "../emulator/myservice.ts";
import { arbitraryNewSettings, arbitraryOldSettings } from "./arbitrary_settings.ts";
import type { CommonOptions, Observed } from "./observed.ts";
import { observeRun } from "./observe_run.ts";
import type { Script } from "./rollback_faults.ts";
import { arbitraryWorld } from "./arbitrary_worlds.ts";
import type { WorldSpec } from "./world_spec.ts";

export interface Options extends CommonOptions {
  /** The file says the same as revision 4, or something else; or a task definition that is registered. */
  readonly ships: "same" | "changed" | "current" | "latest" | number;
  readonly forceRegister: boolean;
  readonly updatesService: boolean;
  /** What the service definition says besides what the service is made with. */
  readonly attributes: JsonObject;
  readonly tasks: number | null;
  readonly force: boolean;
  readonly until: "stable" | "deployed";
  readonly events: readonly string[];
  readonly failAfter: number | null;
  readonly deregistersFailed: boolean;
  /** The service has been deleted: it is created anew. */
  readonly isDeleted: boolean;
}

const EVENTS = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"];

const seldom = fc.oneof({ weight: 7, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) });

export const arbitraryOptions: fc.Arbitrary<Options> = fc.record({
  ships: fc.oneof(
    { weight: 6, arbitrary: fc.constant("changed" as const) },
    { weight: 2, arbitrary: fc.constantFrom("same" as const, "current", "latest") },
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 5 }) },
  ),
  forceRegister: seldom,
  updatesService: seldom.map((skips) => !skips),
  attributes: fc.oneof({ weight: 1, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: arbitraryNewSettings }),
  tasks: fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 4 }) },
  ),
  force: seldom,
  until: fc.oneof(
    { weight: 4, arbitrary: fc.constant("stable" as const) },
    { weight: 1, arbitrary: fc.constant("deployed" as const) },
  ),
  events: fc.oneof(
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 3, arbitrary: fc.constant(["DEPLOYMENT_FAILURE"]) },
    { weight: 2, arbitrary: fc.subarray(EVENTS, { minLength: 1 }) },
  ),
  failAfter: fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom(0, 1, 3) },
  ),
  deregistersFailed: fc.boolean(),
  isDeleted: fc.oneof({ weight: 15, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  dryRun: seldom,
  wait: seldom.map((skips) => !skips),
  scaling: fc.constantFrom<(readonly [boolean, boolean])[]>(
    [false, false],
    [true, true],
    [true, true],
    [true, false],
    [false, true],
  ),
  timeoutS: fc.oneof(
    { weight: 1, arbitrary: fc.integer({ min: 20, max: 60 }) },
    { weight: 3, arbitrary: fc.integer({ min: 60, max: 240 }) },
    { weight: 1, arbitrary: fc.constant(600) },
  ),
}).map(({ scaling: [suspend, resume], ...options }) => {
  // Most runs without waiting are to get past the check of the options.
  const mayAll = options.wait || options.timeoutS % 8 === 0;
  return {
    ...options,
    suspend,
    resume: resume && (mayAll || !suspend),
    events: mayAll ? options.events : [],
    failAfter: mayAll ? options.failAfter : null,
    deregistersFailed: mayAll && options.deregistersFailed,
  };
});

/** Worlds in which what a deploy brings fails more often than not: or it would seldom be rolled back. */
export const arbitraryDeployWorld: fc.Arbitrary<WorldSpec> = fc.tuple(
  arbitraryWorld,
  fc.constantFrom(null, "crash" as const, "secret" as const, "unhealthy" as const, "unplaceable" as const),
  fc.oneof({ weight: 1, arbitrary: fc.constant({}) }, { weight: 2, arbitrary: arbitraryOldSettings }),
  fc.boolean(),
).map(([world, how, settings, revisionMembersRollOut]) => ({
  ...world,
  settings,
  revisionMembersRollOut,
  ...(how !== null && { behaviours: { ...world.behaviours, 5: how } }),
}));

function argumentsOf(options: Options): string[] {
  const { ships, tasks, events, failAfter } = options;
  return [
    "deploy",
    `--timeout=${options.timeoutS}s`,
    `--wait-until=${options.until}`,
    ...(ships === "current" ? ["--skip-task-definition"] : []),
    ...(ships === "latest" ? ["--latest-task-definition"] : []),
    ...(typeof ships === "number" ? [`--revision=${ships}`] : []),
    ...(options.forceRegister ? ["--force-register"] : []),
    ...(options.updatesService ? [] : ["--no-update-service"]),
    ...(tasks === null ? [] : [`--tasks=${tasks}`]),
    ...(options.force ? ["--force-new-deployment"] : []),
    ...(events.length === 0 ? [] : [`--rollback-events=${events.join(",")}`]),
    ...(failAfter === null ? [] : [`--fail-after=${failAfter}`]),
    ...(options.deregistersFailed ? ["--deregister-failed"] : []),
    ...(options.dryRun ? ["--dry-run"] : []),
    ...(options.wait ? [] : ["--no-wait"]),
    ...(options.suspend ? ["--suspend-auto-scaling"] : []),
    ...(options.resume ? ["--resume-auto-scaling"] : []),
  ];
}

function filesOf(options: Options, world: WorldSpec): Record<string, string> {
  return { ...DEFINITION_FILES, "ecs-service-def.json": JSON.stringify(definitionOf(options, world)) };
}

/** The service definition. What it names of the deployment's configuration has to go with the strategy of the world. */
export function definitionOf(
  { attributes: { ...attributes }, isDeleted }: Options,
  { strategy }: WorldSpec,
): JsonObject {
  const { launchType, ...service } = JSON.parse(DEFINITION_FILES["ecs-service-def.json"]!) as JsonObject;
  const { deploymentConfiguration, capacityProviderStrategy } = attributes;
  // A service on Fargate is not created with these, which UpdateService takes.
  if (isDeleted) { for (const member of ["placementConstraints", "placementStrategy"]) delete attributes[member]; }
  const hasProviders = Array.isArray(capacityProviderStrategy) && capacityProviderStrategy.length > 0;
  const shifts = strategy === "BLUE_GREEN" && deploymentConfiguration !== undefined;
  return {
    ...service,
    ...(!hasProviders && { launchType }),
    ...attributes,
    ...(shifts && {
      deploymentConfiguration: { strategy, bakeTimeInMinutes: 1, ...deploymentConfiguration as JsonObject },
    }),
  };
}

/** The service goes, and is not to be seen any more but for its name. */
function deleteService(emulator: Emulator): void {
  emulator.deleteService({ service: SERVICE, force: true });
  emulator.advance(UNTIL_STEADY_MS);
}

/** Runs the program; throws when it does not end. */
export function observe(world: WorldSpec, options: Options, script: Script): Promise<Observed<Options>> {
  return observeRun({ world, options, script }, {
    args: argumentsOf(options),
    files: filesOf(options, world),
    env: options.ships === "changed" ? { TAG: "1.4.0" } : {},
    usesMatter: options.deregistersFailed,
    settingsMatter: true,
    ...(options.isDeleted && { prepare: deleteService }),
  });
}
