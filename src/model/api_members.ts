import type { Json, JsonObject } from "./json.ts";
import type { MemberProblem } from "../problems.ts";

/** A member of a service that UpdateService changes, as far as the API's own model shows. */
interface UpdatableMember {
  /** What takes the member away again; `undefined` where the model shows no such value. */
  readonly off: Json | undefined;
  /** A service revision holds it: going back to the revision, ECS brings it back. */
  readonly isInRevision: boolean;
  /** ECS describes it in service revisions, and nowhere else. */
  readonly isInRevisionOnly: boolean;
}

/** What UpdateService changes of a service; it leaves as it is what it is not given. */
export class UpdatableMembers {
  /** @param fixed what the API knows of a service and UpdateService does not take */
  constructor(readonly known: ReadonlyMap<string, UpdatableMember>, readonly fixed: ReadonlySet<string>) {}

  /** What the model does not know at all may be newer than it: that is for ECS to decide. */
  takes(name: string): boolean {
    return !this.fixed.has(name);
  }

  get inRevisionOnly(): string[] {
    return [...this.known].filter(([, { isInRevisionOnly }]) => isInRevisionOnly).map(([name]) => name);
  }
}

/** What is wrong with a definition that is to be sent to ECS. */
export interface DefinitionProblem {
  /** Where: the names and indexes that lead to the part in question. */
  readonly path: readonly (string | number)[];
  /** An unknown member is sent, and ECS decides: it is a spelling mistake, or newer than the program. */
  readonly problem: MemberProblem;
}

/** A definition in the names of the API, as it is compared and sent. */
export interface ReadDefinition {
  readonly value: JsonObject;
  readonly problems: readonly DefinitionProblem[];
}

/** Members that AWS adds to its descriptions (API reference, `TaskDefinition` and `Service`), and that no request takes. */
export const TASK_DEFINITION_READ_ONLY: readonly string[] = [
  ...["taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities", "registeredAt"],
  ...["registeredBy", "deregisteredAt", "deleteRequestedAt"],
];
export const SERVICE_READ_ONLY: readonly string[] = [
  ...["serviceArn", "clusterArn", "status", "runningCount", "pendingCount", "platformFamily", "taskSets", "roleArn"],
  ...["deployments", "events", "createdAt", "createdBy", "currentServiceDeployment", "currentServiceRevisions"],
  "resourceManagementType",
];

/**
 * Members that CreateService takes and that AWS describes in the service's deployments only: the PRIMARY one has what the
 * service has now (API reference, Deployment).
 */
export const SERVICE_DEPLOYED_MEMBERS: readonly string[] = [
  ...["serviceConnectConfiguration", "volumeConfigurations", "vpcLatticeConfigurations"],
];
