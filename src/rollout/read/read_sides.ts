import { findSettingChanges, type SettingChanges } from "../../definitions/compare_settings.ts";
import type { Revision } from "../../model/arn.ts";
import { type ContainerImage, ranTheSame, readWrittenImages } from "../../model/images.ts";
import type { EcsReader, ImageRegistry } from "../../model/ports.ts";
import type { DescribedService } from "../../model/service.ts";
import type { PastDeployment, ServiceRevision } from "../../model/service_deployment.ts";
import type { TaskDefinition } from "../../model/task_definition.ts";
import type { LimitedChecker } from "../limited_checker.ts";
import type { PinPolicy } from "../plan/plan_images.ts";
import { isTurnedBackByEcs } from "../plan/plan_order.ts";
import type { DeployUndo } from "../plan/plan.ts";
import type { EarlyTarget } from "./early_target.ts";
import { findCopy, hasCopy, isCopy, readCopies, runsCopy } from "./copies.ts";
import type { DeploymentRecord } from "./deployment_record.ts";
import type { CurrentState } from "./current_state.ts";
import { readImages } from "./read_images.ts";
import type { NeedsReader } from "./read_preflight.ts";
import { withStarted } from "./read_running.ts";
import type { ChosenRevision } from "./revision_choice.ts";

/** Reads which images run, at most once, with the tags looked up in the registry that is given first. */
export type ReadImagesNow = (registry: ImageRegistry | undefined) => Promise<readonly ContainerImage[] | undefined>;

/** What is read with the sides of a rollback. */
interface SideReading {
  readonly ecs: EcsReader;
  readonly record: DeploymentRecord;
  readonly early: EarlyTarget;
  readonly checker: LimitedChecker | undefined;
  readonly needs: NeedsReader | undefined;
  readonly undo: Pick<DeployUndo, "ran" | "started"> | undefined;
  readonly readImagesNow: ReadImagesNow;
  readonly pin: PinPolicy;
}

/** The state of a rollback that has a target. */
type StateOfSides = CurrentState & {
  readonly chosen: ChosenRevision;
  readonly target: TaskDefinition;
  readonly service: DescribedService;
  readonly running: Revision;
};

/** What is read with them. Where a copy takes the place of the target, that, too. */
type Sides =
  & Pick<CurrentState, "ran" | "settings" | "images" | "preflight" | "denied">
  & Partial<Pick<CurrentState, "chosen" | "target">>;

/** Reads what ran on both sides, by digest and with which settings, and whether the target has what it needs. */
export async function readSides(
  state: StateOfSides,
  { ecs, record, checker, early, needs, undo, readImagesNow, pin }: SideReading,
  signal: AbortSignal,
): Promise<Sides> {
  const { chosen, target, current, newest, running } = state;
  const { ran, settings, denied } = await readRecorded(state, ecs, record, undo?.ran);
  const read = { ran, settings, denied: [...state.denied, ...denied] };
  // Nothing delays a stop: ECS starts what ran by its digests, whatever the registry says.
  const isTurnedBack = isTurnedBackByEcs(newest, target, ran);
  const registry = isTurnedBack ? undefined : checker;
  registry?.startLimit();
  const now = await readImagesNow(registry);
  const runs = withStarted(now, undo?.started);
  const known = { ran: undo?.ran ?? ran?.images, running: runs, registry, areTagsBegun: early.areImagesBegun };
  const { value: past = [] } = await record.read("few");
  const [images, copies] = await Promise.all([
    readImages(readWrittenImages(target.raw), known, signal),
    isTurnedBack ? [] : readCopies(target, past, ecs, signal),
  ]);
  const sides = { ...read, images };
  if (isCopy(current, target, images, pin)) {
    checker?.drop();
    return { ...sides, chosen: runsCopy(chosen, running, target), target: current };
  }
  const isDeployed = running.arn === target.arn;
  const isSettled = isTurnedBack || (isDeployed && ranTheSame(now, ran?.images));
  const copy = isSettled ? undefined : findCopy(copies, target, images, pin, isDeployed);
  const goal = copy === undefined ? sides : { ...sides, chosen: hasCopy(chosen, copy, target), target: copy };
  if (needs !== undefined && !isSettled) {
    return { ...goal, preflight: await needs.read({ ...state, ...goal, record }, ecs, signal) };
  }
  checker?.drop();
  return goal;
}

/**
 * Reads ECS's record of what ran on both sides, and the denial of it that nothing else says.
 *
 * @param known the images that ran with the target, where somebody knows better than the record
 */
async function readRecorded(
  { chosen, target, service, newest }: Omit<StateOfSides, "running">,
  ecs: EcsReader,
  record: DeploymentRecord,
  known: readonly ContainerImage[] | undefined,
) {
  const isOfTarget = ({ status, taskDefinition }: PastDeployment) =>
    status === "SUCCESSFUL" && taskDefinition === target.arn;
  const [found, runs] = await Promise.all([
    chosen.ran ?? record.find(isOfTarget).then((found) => found?.revision),
    record.findRunning(service),
  ]);
  // What the deployment under way came from has run, too.
  const recorded = found ?? (newest?.cameFrom === target.arn ? newest.source : undefined);
  const ran = recorded && { ...recorded, images: known ?? recorded.images };
  const { denied } = await record.read("few");
  return {
    ran,
    settings: ran && compareSettings(ran, runs, service, ecs),
    denied: denied === undefined ? [] : [{ part: "ran" as const, denial: denied.failure }],
  };
}

/** Without a record of what runs, the service itself shows most of its settings. */
function compareSettings(
  ran: ServiceRevision,
  runs: ServiceRevision | undefined,
  service: DescribedService,
  ecs: EcsReader,
): SettingChanges {
  const updatable = ecs.updatableMembers();
  return runs === undefined
    ? findSettingChanges(ran.raw, service.raw, updatable, updatable.inRevisionOnly)
    : findSettingChanges(ran.raw, runs.raw, updatable);
}
