import type { Cause } from "../../diagnosis/cause.ts";
import { diagnose } from "../../diagnosis/diagnose.ts";
import { type AwsError, unlessDenied } from "../../errors.ts";
import { parseTaskDefinitionArn, type Revision } from "../../model/arn.ts";
import type { Deployment, ServiceSnapshot, StoppedTask } from "../../model/service.ts";
import type { ServiceDeployment } from "../../model/service_deployment.ts";
import type { ServiceReading } from "./read_service.ts";
import { findDeploymentOf, findRolloutStage, type RolloutStage } from "../judge/rollout_stage.ts";
import type { ContainerLog } from "../../model/log_place.ts";
import { type LogContext, type LogNotRead, LogReader } from "./log_reader.ts";

/** A service's newest deployment, where it is under way or has failed, and why its tasks do not run. */
export interface NewestRollout {
  readonly stage: RolloutStage;
  /** The revision that it was to bring; `undefined` where that may not be read, or AWS no longer knows it. */
  readonly of: Revision | undefined;
  /** How many tasks have failed to start, one after the other. */
  readonly failedTasks: number;
  /** The main cause first. */
  readonly causes: readonly Cause[];
  readonly record: ServiceDeployment | undefined;
}

/** What was read before, and where denials are noted. */
interface RolloutParts {
  readonly record: ServiceDeployment | undefined;
  /** The service's stopped tasks, where they were read already; `undefined`: they may not be read. */
  readonly tasks: readonly StoppedTask[] | "notRead" | undefined;
  readonly note: (denial: AwsError) => void;
}

/** Reads, at once, what is still missing to say how the newest deployment fares; `undefined` where it is completed. */
export async function readNewestRollout(
  service: ServiceSnapshot,
  { record, tasks: known, note }: RolloutParts,
  reading: ServiceReading,
): Promise<NewestRollout | undefined> {
  const stage = findRolloutStage(service, record);
  if (stage === undefined) return undefined;
  const deployment = findDeploymentOf(stage, service);
  const isOver = stage === "failed" || stage === "goingBack" || stage === "wentBack";
  const [tasks = [], of = deployment?.taskDefinition] = await Promise.all([
    known !== "notRead" ? known : isOver ? readStoppedTasks(reading, note) : undefined,
    isOver ? readTarget(record, reading, note) : undefined,
  ]);
  const raw = of === undefined || tasks.length === 0
    ? undefined
    : (await unlessDenied(reading.ecs.describeTaskDefinition(of, reading.signal), note, () => true))?.raw;
  const deploymentId = deployment?.id ?? newestGone(tasks, service);
  const causes = deploymentId === undefined ? [] : diagnose({
    deploymentId,
    tasks,
    events: service.events,
    sinceMs: deployment?.createdAtMs ?? record?.createdAtMs ?? 0,
    hasFailed: isOver,
    rolloutStateReason: deployment?.rolloutStateReason,
    serviceDeployment: record,
    taskDefinition: raw,
    loadBalancers: service.attachments.filter(({ kind }) => kind === "loadBalancer"),
  });
  return {
    stage,
    of: of === undefined ? undefined : parseTaskDefinitionArn(of),
    failedTasks: deployment?.failedTasks ?? 0,
    causes,
    record,
  };
}

/** The service's stopped tasks; `undefined` where they cannot be read, for whatever reason. */
export function readStoppedTasks(
  { ref, ecs, signal }: ServiceReading,
  note: RolloutParts["note"],
): Promise<readonly StoppedTask[] | undefined> {
  return unlessDenied(ecs.listStoppedTasks(ref, signal), note, () => true);
}

async function readTarget(
  record: ServiceDeployment | undefined,
  { ecs, signal }: ServiceReading,
  note: RolloutParts["note"],
): Promise<string | undefined> {
  if (record?.targetRevisionArn === undefined) return undefined;
  const reading = ecs.describeServiceRevisions([record.targetRevisionArn], signal);
  return (await unlessDenied(reading, note, () => true))?.[0]?.taskDefinition;
}

/** The id of the deployment whose task stopped last, of those that ECS no longer lists. */
function newestGone(tasks: readonly StoppedTask[], { deployments }: ServiceSnapshot): string | undefined {
  const isListed = (id: string | undefined) => deployments.some((deployment: Deployment) => deployment.id === id);
  const gone = tasks.filter(({ startedBy }) => startedBy !== undefined && !isListed(startedBy));
  return gone.toSorted((a, b) => (b.stoppedAtMs ?? 0) - (a.stoppedAtMs ?? 0))[0]?.startedBy;
}

/** Reads the last lines that the failed container has logged, where they are to be shown. */
export async function readNewestLog(
  rollout: NewestRollout | undefined,
  context: LogContext,
  note: (notice: LogNotRead) => void,
): Promise<ContainerLog | undefined> {
  const reader = new LogReader(context);
  reader.begin(rollout?.causes ?? []);
  const read = await reader.end();
  if (read === undefined || !("code" in read)) return read;
  note(read);
}
