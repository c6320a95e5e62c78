/** What differs from one emulated account to another. */
export interface Settings {
  region: string;
  accountId: string;
  /** The largest page any listing returns, below AWS's own limits; 0 leaves AWS's limits alone. */
  pageSize: number;
  /** How long UpdateService still accepts a task definition after it was deregistered (AWS: up to ten minutes). */
  inactiveEnforcementDelayMs: number;
  /** Whether an automatic rollback brings back the old deployment under its own id or makes a new one: AWS does not say. */
  rollbackReusesDeploymentId: boolean;
  /**
   * Whether a change of what only service revisions answer (`monitoring`, `gatewayConnectors`) starts a deployment: AWS does
   * not say.
   */
  revisionMembersRollOut: boolean;
  /** How long a service deployment is PENDING before ECS begins it: AWS does not say. */
  pendingMs: number;
  /** How long a service deployment that was asked to stop is ROLLBACK_REQUESTED before ECS goes back: AWS does not say. */
  rollbackRequestedMs: number;
  /**
   * Whether ECS leaves out of its answers what sources disagree about, or gives it in its other form: the number of the
   * platform in place of LATEST, the namespace as it was written, defaults of the deployment configuration.
   */
  terseAnswers: boolean;
  /** How many tasks a DAEMON service runs: one for each container instance. */
  containerInstances: number;
  /** Whether the deployment that ECS goes back to, under its own id, gets a new `createdAt`: AWS does not say. */
  rollbackRenewsCreatedAt: boolean;
  /** Whether ECS takes the steps and the bake time also when it shifts traffic back by itself: AWS does not say. */
  rollbackTakesSteps: boolean;
  /** Whether a deployment whose tasks are all on their way out is shown as DRAINING; as ACTIVE otherwise. */
  showsDraining: boolean;
  /** How long after a minute CloudWatch knows of it. */
  metricDelayMs: number;
  /** Whether ListServiceDeployments begins with the oldest one: AWS promises no order. */
  listsOldestDeploymentsFirst: boolean;
  /**
   * Whether a task definition is answered also with those defaults of its API reference of which no public answer shows
   * whether ECS fills them in.
   */
  fillsInAllDefaults: boolean;
  /**
   * Whether a service event says, too, why a task failed to start: public reports since 2024 show it for Fargate, others
   * show none.
   */
  startFailuresHaveEvents: boolean;
  /**
   * Whether an event that says the same as the one before it is left out: so says AWS's page on service events, for six
   * hours; public reports show repeated ones.
   */
  leavesOutRepeatedEvents: boolean;
  /** Whether the per-action token buckets are enforced. */
  rateLimits: boolean;
  /**
   * Members that this account's ECS knows besides those in `api/tables.json`, as a newer ECS would: by structure, then by
   * member the shape of its value. They are checked, stored and answered like all others. Structures that the table does
   * not have are made of what is said here. For a container:
   *
   * ```ts
   * new Emulator({ furtherMembers: { ContainerDefinition: { isolation: "Isolation" }, Isolation: { level: "String" } } })
   * ```
   *
   * A member of the task definition itself is one of both `RegisterTaskDefinitionRequest` and `TaskDefinition`.
   */
  furtherMembers: Record<string, Record<string, string>>;
}
