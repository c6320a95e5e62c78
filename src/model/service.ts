import { clusterName, serviceName } from "./arn.ts";
import type { DeploymentSettings } from "./deployment_settings.ts";
import type { Waits } from "./waits.ts";
import type { ContainerImage } from "./images.ts";
import type { JsonObject } from "./json.ts";
import type { ServiceRequirements } from "./misfit.ts";

/** An option, and its value unless it is a switch. */
export type TypedOption = readonly [name: string, value?: string];

/** What makes two services of a run different. Cluster and service are names or ARNs, as the user's config has them. */
interface ServiceIdentity {
  readonly cluster: string;
  readonly service: string;
  /** Left out where only the AWS profile knows it. */
  readonly region?: string | undefined;
  /** The ARN of the role that is assumed for it: another account may have a service of the same names. */
  readonly role?: string | undefined;
}

/** Whether two references mean one service of a run. */
export function isSameService(one: ServiceIdentity, other: ServiceIdentity): boolean {
  return one.service === other.service && one.cluster === other.cluster && one.region === other.region &&
    one.role === other.role;
}

/** Which service is meant, and for commands that a person types, how it is named there. */
export interface ServiceRef extends ServiceIdentity {
  /** The options that name its config, its envfiles and the role to assume. */
  readonly options?: readonly TypedOption[];
  readonly codeDeploy?: CodeDeployNames | undefined;
  /** For a service from a fleet file: the options to name and read the file; whether its name is unique in there. */
  readonly fleet?: { readonly options: readonly TypedOption[]; readonly isOnlyOne: boolean } | undefined;
}

/** Names in AWS CodeDeploy; `undefined`: CodeDeploy's default name for an ECS service. */
export interface CodeDeployNames {
  readonly application: string | undefined;
  readonly deploymentGroup: string | undefined;
}

/** What a run is about: a service, or a cluster where the user's config names no service. */
export interface RunScope extends Omit<ServiceRef, "service"> {
  readonly service: string | undefined;
}

/** Values by key. */
export type Tags = ReadonlyMap<string, string>;

/** `service/cluster`, as the log and every message name a service; the cluster alone where there is no service. */
export function subjectName({ cluster, service }: RunScope): string {
  return service === undefined ? clusterName(cluster) : `${serviceName(service)}/${clusterName(cluster)}`;
}

export interface Deployment {
  /** `ecs-svc/<digits>` */
  readonly id: string;
  /** `PRIMARY` is the newest; `ACTIVE` ones are being replaced, `INACTIVE` ones have been completely replaced. */
  readonly status: string;
  /** The full ARN. */
  readonly taskDefinition: string;
  readonly desiredCount: number;
  readonly pendingCount: number;
  readonly runningCount: number;
  /** Consecutive failures; goes back to 0 once a task runs. */
  readonly failedTasks: number;
  readonly createdAtMs: number;
  /** `IN_PROGRESS`, `COMPLETED` or `FAILED`; absent behind a Classic load balancer. */
  readonly rolloutState: string | undefined;
  readonly rolloutStateReason: string | undefined;
  /** The network of its tasks; left out where they use their host's. */
  readonly network?: TaskNetwork;
}

/** The subnets and security groups of tasks, each in order. */
interface TaskNetwork {
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  /** `ENABLED` or `DISABLED`. */
  readonly assignPublicIp: string | undefined;
}

/** Whether the tasks of two deployments are in the same network; `undefined` where that is not known. */
export function sharesNetwork({ network: one }: Deployment, { network: other }: Deployment): boolean | undefined {
  return one === undefined || other === undefined ? undefined : JSON.stringify(one) === JSON.stringify(other);
}

/** A task set: the tasks of a service whose deployment controller is CODE_DEPLOY or EXTERNAL. */
export interface TaskSet
  extends Pick<Deployment, "id" | "taskDefinition" | "desiredCount" | "pendingCount" | "runningCount"> {
  /** `PRIMARY`, `ACTIVE` or `DRAINING`. */
  readonly status: string;
  /** The id of the CodeDeploy deployment that made it. */
  readonly externalId: string | undefined;
  /** `STEADY_STATE` or `STABILIZING`. */
  readonly stabilityStatus: string | undefined;
}

export interface ServiceEvent {
  readonly id: string;
  readonly createdAtMs: number;
  readonly message: string;
}

/** As DescribeServices shows it, reduced to what the program decides by. Names are AWS's own. */
export interface ServiceSnapshot extends ServiceRequirements {
  readonly arn: string;
  readonly clusterArn: string;
  readonly name: string;
  /** `ACTIVE`, `DRAINING` (being deleted) or `INACTIVE` (deleted). */
  readonly status: string;
  readonly desiredCount: number;
  readonly runningCount: number;
  /** The full ARN of the PRIMARY deployment's task definition; absent where task sets hold it (controller EXTERNAL). */
  readonly taskDefinition: string | undefined;
  /** `ECS` when AWS leaves the field out. */
  readonly deploymentController: string;
  /** `REPLICA`, or `DAEMON`: one task on each container instance, without a desired count of its own. */
  readonly schedulingStrategy: string;
  readonly deployments: readonly Deployment[];
  /** `ROLLING`, `BLUE_GREEN`, `LINEAR` or `CANARY`; `ROLLING` when AWS leaves the field out. */
  readonly deploymentStrategy: string;
  readonly deploymentSettings: DeploymentSettings;
  /** What its deployments wait for: bake time, hooks, steps of traffic. */
  readonly waits: Waits;
  /** The ARN of the service deployment that is under way; `undefined` when AWS names none. */
  readonly currentServiceDeployment: string | undefined;
  /** The ARNs of the service revisions that have tasks, or are to get some. */
  readonly serviceRevisionArns: readonly string[];
  /** Empty under the controller ECS. */
  readonly taskSets: readonly TaskSet[];
  /** Newest first, at most 100. */
  readonly events: readonly ServiceEvent[];
  /** Only in the answer to an order: the members that were sent, but that ECS does not seem to know. */
  readonly unkept?: readonly string[];
}

/** A service as DescribeServices returned it, not as the answer to an order. */
export interface DescribedService extends ServiceSnapshot {
  /** AWS's whole description, in the names of the API, `tags` among its members. */
  readonly raw: JsonObject;
}

/** For what is kept during a whole run: AWS's whole description takes several times the memory. */
export function withoutRaw({ raw: _, ...snapshot }: DescribedService): ServiceSnapshot {
  return snapshot;
}

/** The deployments that still have, or want, tasks: AWS calls one INACTIVE that "has been completely replaced". */
export function liveDeployments({ deployments }: ServiceSnapshot): readonly Deployment[] {
  return deployments.filter(({ status }) => status !== "INACTIVE");
}

/** The deployment that ECS is steering towards, or has reached. */
export function primaryDeployment({ deployments }: Pick<ServiceSnapshot, "deployments">): Deployment | undefined {
  return deployments.find(({ status }) => status === "PRIMARY");
}

/** A task that runs, or is to run, reduced to what shows which images it has, and how it is. */
export interface LiveTask {
  /** The id of the deployment that started it, `ecs-svc/<digits>`. */
  readonly startedBy: string | undefined;
  /** The full ARN. */
  readonly taskDefinition: string;
  /** Without digests until its images have been pulled. */
  readonly images: readonly ContainerImage[];
  /** `RUNNING`, or a status before or after it. */
  readonly lastStatus?: string | undefined;
  /** `HEALTHY`, `UNHEALTHY`, or `UNKNOWN`: no container has a health check, or none has reported yet. */
  readonly healthStatus?: string | undefined;
  /** When it was first RUNNING. */
  readonly startedAtMs?: number | undefined;
}

/** A task that ECS has stopped, reduced to what shows why. AWS keeps it for about an hour. */
export interface StoppedTask {
  readonly arn: string;
  /** For a service's tasks the id of the deployment that started it, `ecs-svc/<digits>`. */
  readonly startedBy: string | undefined;
  /** `TaskFailedToStart`, `EssentialContainerExited`, `ServiceSchedulerInitiated`, ... */
  readonly stopCode: string | undefined;
  readonly stoppedReason: string | undefined;
  /** When it was first RUNNING; `undefined`: never. */
  readonly startedAtMs?: number | undefined;
  /** When an essential container ended, or ECS was asked to stop it. */
  readonly stoppingAtMs?: number | undefined;
  /** When the last container ended. */
  readonly executionStoppedAtMs?: number | undefined;
  readonly stoppedAtMs: number | undefined;
  /** In MiB; AWS may leave it out on EC2. */
  readonly memoryMiB?: number | undefined;
  readonly containers: readonly StoppedContainer[];
}

export interface StoppedContainer {
  readonly name: string;
  /** Absent when it never ran. */
  readonly exitCode: number | undefined;
  /** AWS's own words, such as `OutOfMemoryError: Container killed due to memory usage`. */
  readonly reason: string | undefined;
  /** The ID of the container at its runtime; absent when it never ran. */
  readonly runtimeId?: string | undefined;
  /** `HEALTHY`, `UNHEALTHY`; `UNKNOWN` without a health check. */
  readonly healthStatus?: string | undefined;
  /** As the task definition names it. */
  readonly image?: string | undefined;
  /** The hard limit, in MiB. */
  readonly memoryMiB?: number | undefined;
}
