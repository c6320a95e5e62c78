import type { Json, JsonObject } from "./json.ts";
import type { MemberProblem } from "../problems.ts";

/** A member of a service that UpdateService can change, as far as the API's model shows. */
interface UpdatableMember {
  /** The value that removes the member; `undefined` where the model shows no such value. */
  readonly off: Json | undefined;
  /** Service revisions hold the member, so ECS restores it when it goes back to one. */
  readonly isInRevision: boolean;
  /** ECS shows the member in service revisions, and nowhere else. */
  readonly isInRevisionOnly: boolean;
}

/** What UpdateService can change of a service; a member that is left out keeps its value. */
export class UpdatableMembers {
  /** @param fixed members of a service that the API knows and UpdateService does not take */
  constructor(readonly known: ReadonlyMap<string, UpdatableMember>, readonly fixed: ReadonlySet<string>) {}

  /** A member that the model does not know may be newer than the model: ECS decides. */
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

/** Members that AWS adds to its descriptions (API reference, `TaskDefinition` and `Service`); no request takes them. */
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
 * Members that CreateService takes and DescribeServices shows only in the service's deployments: the PRIMARY one has
 * the current values (API reference, Deployment).
 */
export const SERVICE_DEPLOYED_MEMBERS: readonly string[] = [
  ...["serviceConnectConfiguration", "volumeConfigurations", "vpcLatticeConfigurations"],
];
