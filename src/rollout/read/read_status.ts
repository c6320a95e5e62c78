import { type AwsError, unlessDenied } from "../../errors.ts";
import type { ContainerImage } from "../../model/images.ts";
import type { ContainerLog } from "../../model/log_place.ts";
import type { ScalingPort } from "../../model/ports.ts";
import type { DescribedService } from "../../model/service.ts";
import type { ServiceDeployment } from "../../model/service_deployment.ts";
import type { LimitedChecker } from "./limited_checker.ts";
import type { PlannedImage } from "../judge/planned_images.ts";
import { mayHaveFailed, showsTrouble } from "../judge/rollout_stage.ts";
import { type LatestRollback, readLatestRollback } from "./latest_rollback.ts";
import type { LogContext, LogNotRead } from "./log_reader.ts";
import { type DeployedPart, type NoteDenied, readDeployed, readMoved } from "./read_deployed.ts";
import { type NewestRollout, readNewestLog, readNewestRollout, readStoppedTasks } from "./read_newest_rollout.ts";
import { imagesOfCurrent } from "./read_running_images.ts";
import { readScaling, type ScalingState, type ServiceReading } from "./read_service.ts";

/** How long finding out why the newest deployment failed may take: the rest of the status does not wait for it. */
const CAUSES_WITHIN_MS = 5_000;

/** What a service runs, how its newest deployment fares, and what auto scaling does. */
export interface ServiceStatus {
  readonly service: DescribedService;
  /** Where it says more than the service does. */
  readonly serviceDeployment: ServiceDeployment | undefined;
  readonly scaling: ScalingState | undefined;
  /** The images that run by tags which name other ones today. */
  readonly movedImages: readonly PlannedImage[];
  /** What runs, where that is on record. */
  readonly images: readonly ContainerImage[];
  /** The newest deployment, where it is under way or has failed. */
  readonly rollout: NewestRollout | undefined;
  /** What the container that failed has written last. */
  readonly containerLog: ContainerLog | undefined;
  /** Whether it was rolled back, and not deployed since; read only where that was asked for. */
  readonly back: LatestRollback | undefined;
}

interface StatusReading extends ServiceReading, Pick<LogContext, "logs" | "clock"> {
  readonly scaling: ScalingPort;
  readonly checker: LimitedChecker;
  /** Read, too, whether it was rolled back. */
  readonly readsLatestRollback: boolean;
  readonly note: NoteDenied<DeployedPart | "scaling" | "causes">;
  readonly noteOfLog: (notice: LogNotRead) => void;
}

/** Reads the status of a service; `undefined` where there is none. What may not be read of it is noted, and left out. */
export async function readServiceStatus(
  { ref, ecs, signal, scaling: port, checker, clock, logs, readsLatestRollback, note, noteOfLog }: StatusReading,
): Promise<ServiceStatus | undefined> {
  const [service, scaling] = await Promise.all([
    ecs.describeService(ref, signal),
    unlessDenied(readScaling(ref, port, signal), (denial) => note("scaling", denial)),
  ]);
  if (service === undefined) return undefined;
  const reading = { ref, ecs, signal };
  const brief = { ...reading, signal: AbortSignal.any([signal, clock.deadline(CAUSES_WITHIN_MS)]) };
  const noteCauses = (denial: AwsError) => note("causes", denial);
  const [{ newest, revisions }, ended, tasks] = await Promise.all([
    readDeployed(service, reading, "stage", note),
    mayHaveFailed(service)
      ? unlessDenied(ecs.findNewestServiceDeployment(ref, brief.signal), noteCauses, () => true)
      : undefined,
    showsTrouble(service) ? readStoppedTasks(brief, noteCauses) : "notRead" as const,
  ]);
  const record = newest?.deployment ?? ended;
  const images = imagesOfCurrent(revisions, service, newest);
  const [movedImages, rollout, back] = await Promise.all([
    readMoved(images, checker, signal, note),
    readNewestRollout(service, { record, tasks, note: noteCauses }, brief),
    readsLatestRollback ? readLatestRollback(service, images, reading) : undefined,
  ]);
  const containerLog = await readNewestLog(rollout, { logs, clock, stop: signal }, noteOfLog);
  const serviceDeployment = newest?.deployment;
  return { service, serviceDeployment, scaling, movedImages, images, rollout, containerLog, back };
}
