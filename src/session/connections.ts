import type { CallRates } from "../aws/call_rates.ts";
import type { ConnectionOptions } from "../aws/connection.ts";
import type { Ecs } from "../aws/ecs.ts";
import type { MetricsPort } from "../model/metrics.ts";
import type { AlarmsPort } from "../model/alarms.ts";
import type { DeepChecker, LogsPort, ReferenceChecker, ScalingPort, ValueSources } from "../model/ports.ts";
import type { RunScope } from "../model/service.ts";
import { describeConnection } from "./connection.ts";
import type { Context } from "./context.ts";
import type { GlobalOptions } from "./global_options.ts";

/** Connects to AWS's services. Each function loads its part of the SDK on its first call, and connects once. */
export interface Connectors {
  readonly connectEcs: () => Promise<Ecs>;
  readonly connectScaling: () => Promise<ScalingPort>;
  readonly connectReferences: () => Promise<ReferenceChecker>;
  /** Loads the SDK's part for looking up images ahead of time; contacts nobody. */
  readonly loadRegistry: () => Promise<unknown>;
  readonly connectDeepChecks: () => Promise<DeepChecker>;
  readonly connectAlarms: () => Promise<AlarmsPort>;
  readonly connectMetrics: () => Promise<MetricsPort>;
  readonly connectLogs: () => Promise<LogsPort>;
  readonly connectValues: () => Promise<ValueSources>;
  /** The number of the account that the calls are made in. */
  readonly readAccount: () => Promise<string>;
}

/** The connections to AWS of one run: one set for each region and role, which services share. */
export class Connections {
  readonly #known = new Map<string, Promise<Connectors>>();
  readonly #rates = new Map<string, CallRates>();
  #areMany = false;

  /** @param runId is in the user agent of all calls of the run */
  constructor(
    private readonly context: Context,
    private readonly signal: AbortSignal,
    private readonly runId: string,
  ) {}

  /** Says that there may be many services: from then on, calls are held to AWS's rates. One service does without. */
  expectMany(): void {
    this.#areMany = true;
  }

  /** Contacts nobody. Throws a ConfigError as `describeConnection` does. */
  connect(options: GlobalOptions, scope: RunScope): Promise<Connectors> {
    const way = JSON.stringify([scope.region, options.assumeRoleArn]);
    const connecting = this.#known.get(way) ?? this.#describe(options, scope);
    this.#known.set(way, connecting);
    return connecting;
  }

  async #describe({ untrusted, assumeRoleArn: arn }: GlobalOptions, scope: RunScope): Promise<Connectors> {
    const { context, signal } = this;
    const own = await describeConnection(context, scope.region, this.runId);
    const subject = scope.service ?? scope.cluster;
    const roleSession = arn && new (await import("../aws/role.ts")).RoleSession(arn, subject, own);
    const rates = this.#areMany && await this.#findRates(scope.region, arn);
    const shared = { ...(roleSession && { role: roleSession }), ...(rates && { rates }) };
    const connection: ConnectionOptions = { ...own, ...shared, changesNothing: untrusted, mask: context.hidden.mask };
    return {
      connectEcs: lazily(async () => (await import("../aws/ecs.ts")).connectEcs(connection)),
      connectReferences: lazily(async () => {
        // What may not be read counts as unknown. But without the role nothing can be read at all: that ends the run.
        await connection.role?.renew(signal);
        const alone = (await import("../aws/references.ts")).connectReferences(connection);
        const references = rates
          ? (await import("../aws/shared_lookups.ts")).shareLookups(alone, connection.clock)
          : alone;
        // Untrusted files learn nothing, not even the names of a secret's keys.
        return untrusted ? { ...references, readSecretKeys: () => Promise.resolve("unread") } : references;
      }),
      connectDeepChecks: lazily(async () => (await import("../aws/deep_checks.ts")).connectDeepChecks(connection)),
      loadRegistry: async () => (await import("../aws/references.ts")).loadRegistry(),
      // Nothing waits for a log: trouble in reading it is not reported.
      connectLogs: lazily(async () =>
        (await import("../aws/logs.ts")).connectLogs({ ...connection, onTrouble: () => {} })
      ),
      connectAlarms: lazily(async () => (await import("../aws/alarms.ts")).connectAlarms(connection)),
      connectMetrics: lazily(async () =>
        (await import("../aws/metrics.ts")).connectMetrics({ ...connection, onTrouble: () => {} })
      ),
      connectScaling: lazily(async () => (await import("../aws/scaling.ts")).connectScaling(connection)),
      connectValues: lazily(async () => (await import("../aws/lookups.ts")).connectValueSources(connection)),
      // The ARN of a role contains the account.
      readAccount: lazily(async () =>
        arn?.split(":")[4] ?? await (await import("../aws/role.ts")).readAccount(connection, signal)
      ),
    };
  }

  /** AWS's rates are for an account and region, whatever role a call uses. */
  async #findRates(region: string | undefined, role: string | undefined): Promise<CallRates> {
    const { CallRates } = await import("../aws/call_rates.ts");
    const key = JSON.stringify([region, role?.split(":")[4]]);
    const rates = this.#rates.get(key) ?? new CallRates(this.context.host.clock);
    this.#rates.set(key, rates);
    return rates;
  }
}

/** Connects on the first call, and returns the same connection from then on; after an error, connects again. */
function lazily<Connection>(connect: () => Promise<Connection>): () => Promise<Connection> {
  let connecting: Promise<Connection> | undefined;
  return () =>
    connecting ??= connect().catch((error) => {
      connecting = undefined;
      throw error;
    });
}
