import { EmulatedSurroundings } from "./emulated_surroundings.ts";
import type { Behaviour } from "./behaviours.ts";
import { ecsArn } from "./identifiers.ts";
import type { JsonObject } from "./model.ts";
import type { Settings } from "./settings.ts";
import { perform } from "./operations.ts";
import { json } from "./protocols/json.ts";
import { revisionsInUse, stateOf, type WorldState } from "./world_state.ts";

const ECS = "AmazonEC2ContainerServiceV20141113";
const AUTOSCALING = "AnyScaleFrontendService";
const DEFAULT_DIMENSION = { ServiceNamespace: "ecs", ScalableDimension: "ecs:service:DesiredCount" };

/** A world that a test sets up and looks at, past faults, rate limits and the log of calls. */
export abstract class EmulatedWorld extends EmulatedSurroundings {
  /** Carries out an operation directly. `target` as in `X-Amz-Target`. @throws AwsFailure for an error answer */
  call(target: string, input: JsonObject): JsonObject {
    return perform(this.world, json.read({ target, body: JSON.stringify(input) }));
  }

  /** Says how tasks of a revision (`family:revision`), or with an image (its digest), behave from now on. */
  setBehaviour(what: string, behaviour: Behaviour): void {
    this.world.behaviours[what] = behaviour;
  }

  /** Changes settings while the world runs. */
  configure(settings: Partial<Settings>): void {
    Object.assign(this.world.settings, settings);
  }

  /** `capacityProviders`: the names of those that are associated with it. */
  createCluster(name: string, capacityProviders = ["FARGATE", "FARGATE_SPOT"]): void {
    this.world.clusters.push({ name, arn: ecsArn(this.world, `cluster/${name}`), capacityProviders });
  }

  registerTaskDefinition(input: JsonObject): JsonObject {
    return this.call(`${ECS}.RegisterTaskDefinition`, input);
  }

  deregisterTaskDefinition(taskDefinition: string): JsonObject {
    return this.call(`${ECS}.DeregisterTaskDefinition`, { taskDefinition });
  }

  createService(input: JsonObject): JsonObject {
    return this.call(`${ECS}.CreateService`, input);
  }

  createTaskSet(input: JsonObject): JsonObject {
    return this.call(`${ECS}.CreateTaskSet`, input);
  }

  updateService(input: JsonObject): JsonObject {
    return this.call(`${ECS}.UpdateService`, input);
  }

  deleteService(input: JsonObject): JsonObject {
    return this.call(`${ECS}.DeleteService`, input);
  }

  /** Namespace and dimension are ECS's unless given. `withoutArn` makes a target as old as those that have no ARN. */
  registerScalableTarget(input: JsonObject, { withoutArn = false } = {}): JsonObject {
    const output = this.call(`${AUTOSCALING}.RegisterScalableTarget`, { ...DEFAULT_DIMENSION, ...input });
    const target = this.world.scalableTargets.find(({ resourceId }) => resourceId === input.ResourceId);
    if (withoutArn) delete target?.arn;
    return output;
  }

  /** A policy that scales a service by its load. Needs a scalable target. */
  putScalingPolicy(resourceId: string): JsonObject {
    return this.call(`${AUTOSCALING}.PutScalingPolicy`, {
      ...DEFAULT_DIMENSION,
      ResourceId: resourceId,
      PolicyName: "cpu",
      PolicyType: "TargetTrackingScaling",
      TargetTrackingScalingPolicyConfiguration: { TargetValue: 50 },
    });
  }

  /** One service as DescribeServices shows it. */
  describeService(service: string, cluster = "default"): JsonObject {
    const { services } = this.call(`${ECS}.DescribeServices`, { cluster, services: [service] });
    return (services as JsonObject[])[0] ?? {};
  }

  /** What clients can change, and how far ECS is with it: compare two of these to see what a client has done. */
  state(): WorldState {
    return stateOf(this.world);
  }

  /** The revisions of a family, as `family:revision`, that the service of its name or any task uses. */
  revisionsInUse(family: string): ReadonlySet<string> {
    return revisionsInUse(this.world, family);
  }
}
