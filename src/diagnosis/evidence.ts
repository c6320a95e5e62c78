import type { ServiceEvent, StoppedTask } from "../model/service.ts";
import type { ServiceDeployment } from "../model/service_deployment.ts";
import type { JsonObject } from "../model/json.ts";

/** What ECS has said about one deployment, as far as it was read. */
export interface Evidence {
  /** `ecs-svc/<digits>`: of the service's tasks, those that it started count. */
  readonly deploymentId: string;
  /** Of all deployments of the service. */
  readonly tasks: readonly StoppedTask[];
  /** The service's events, of any time. */
  readonly events?: readonly ServiceEvent[];
  /** When the deployment began, by AWS's clock: earlier events are about others. */
  readonly sinceMs?: number;
  readonly rolloutStateReason?: string | undefined;
  /** ECS's own record of the deployment. */
  readonly serviceDeployment?: ServiceDeployment | undefined;
  /** The task definition that was to be deployed, in the names of the API. */
  readonly taskDefinition?: JsonObject | undefined;
}
