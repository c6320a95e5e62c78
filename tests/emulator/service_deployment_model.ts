import type { JsonObject, ServiceSettings } from "./model.ts";

export interface ServiceRevision {
  arn: string;
  serviceArn: string;
  clusterArn: string;
  taskDefinition: string;
  settings: ServiceSettings;
  /** What the tags of the images stand for in this revision, by container, as soon as its first task was started. */
  imageDigests: Record<string, string>;
  createdAtMs: number;
}

type ServiceDeploymentStatus =
  | "PENDING"
  | "IN_PROGRESS"
  | "STOP_REQUESTED"
  | "STOPPED"
  | "SUCCESSFUL"
  | "ROLLBACK_REQUESTED"
  | "ROLLBACK_IN_PROGRESS"
  | "ROLLBACK_SUCCESSFUL"
  | "ROLLBACK_FAILED";

/** A lifecycle hook at the stage that a service deployment is at. */
export interface HookRun {
  hookId: string;
  targetType: "PAUSE" | "AWS_LAMBDA";
  targetArn?: string;
  status: "AWAITING_ACTION" | "IN_PROGRESS" | "SUCCEEDED" | "FAILED" | "TIMED_OUT";
  /** When a function answers, and what. */
  answer?: { atMs: number; status: "SUCCEEDED" | "FAILED" };
  expiresAtMs: number;
  timeoutAction: string;
}

/** What has become of that which may end a service deployment: circuit breaker, alarms. */
type MonitorStatus = "DISABLED" | "MONITORING" | "MONITORING_COMPLETE" | "TRIGGERED";

export interface ServiceDeployment {
  arn: string;
  serviceArn: string;
  clusterArn: string;
  status: ServiceDeploymentStatus;
  statusReason?: string;
  sourceServiceRevisionArns: string[];
  targetServiceRevisionArn: string;
  createdAtMs: number;
  startedAtMs?: number;
  updatedAtMs: number;
  finishedAtMs?: number;
  stoppedAtMs?: number;
  /** When ECS begins it, while it is PENDING. */
  beginsAtMs?: number;
  /** When ECS goes back, after it was asked to stop. */
  goesBackAtMs?: number;
  rollback?: { reason: string; startedAtMs: number; serviceRevisionArn: string };
  breaker: { status: MonitorStatus; threshold: number; failures: number };
  alarms: { status: MonitorStatus; names: string[]; triggered: string[] };
  deploymentConfiguration: JsonObject;
  /** Where a blue/green, linear or canary deployment is, and since when. */
  lifecycleStage?: string;
  stageEnteredAtMs?: number;
  /** Of a linear or canary deployment: how many steps the production traffic has been shifted by, or is being. */
  step?: number;
  /** The hooks of this stage. */
  hooks?: HookRun[];
  /** The stages that are left of the way back, where traffic is shifted back. */
  stagesBack?: string[];
}
