import type { JsonObject } from "../model/json.ts";
import type { ContainerAttachment } from "../model/misfit.ts";
import type { ServiceEvent, StoppedTask } from "../model/service.ts";
import type { ServiceDeployment } from "../model/service_deployment.ts";

/** What ECS has said about one deployment, as far as it was read. */
export interface Evidence {
  /** `ecs-svc/<digits>`: of the service's tasks, those that it started count. */
  readonly deploymentId: string;
  /** Of all deployments of the service. */
  readonly tasks: readonly StoppedTask[];
  /** The service's events, of any time. */
  readonly events?: readonly ServiceEvent[];
  /** When the deployment began, by AWS's clock: earlier events are about others. Left out: all of them are. */
  readonly sinceMs?: number | undefined;
  /** Whether it has ended without success: only then what is said of the deployment as a whole is a cause. */
  readonly hasFailed?: boolean;
  readonly rolloutStateReason?: string | undefined;
  /** ECS's own record of the deployment. */
  readonly serviceDeployment?: ServiceDeployment | undefined;
  /** The task definition that was to be deployed, in the names of the API. */
  readonly taskDefinition?: JsonObject | undefined;
  /** The service's load balancers, with the container and the port that each sends to. */
  readonly loadBalancers?: readonly ContainerAttachment[];
}
