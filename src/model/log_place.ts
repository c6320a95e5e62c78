/** Where what a container writes can be read. Only names and addresses: options of log drivers can hold tokens. */
export type LogPlace = Readonly<
  | CloudWatchLogs
  /** FireLens: a container of the task sends it on. `to`: a plugin of Fluent Bit or Fluentd, and what that names. */
  | {
    kind: "router";
    router: string | undefined;
    plugin: string | undefined;
    to: string | undefined;
    /** Where the router's configuration file is, which may say more. */
    configFile: string | undefined;
    /** Of the router itself, which says there what it could not send. */
    ownLog: CloudWatchLogs | undefined;
  }
  /** The log driver sends it to a server. */
  | { kind: "server"; driver: string; address: string | undefined }
  /** It stays on the container instance that the task ran on; `driver`: Docker's default where left out. */
  | { kind: "instance"; driver: string | undefined }
  /** Without a log driver, AWS Fargate keeps nothing. */
  | { kind: "nowhere" }
>;

/** The last lines that a container has written, oldest first; none where it has written nothing. */
export interface ContainerLog {
  readonly container: string;
  readonly taskArn: string;
  readonly lines: readonly string[];
  /** Whether the user has asked for them by name: only then they go into what is kept. */
  readonly isAsked: boolean;
}

/** A log group of Amazon CloudWatch Logs, and as far as it is known which stream. */
export interface CloudWatchLogs {
  readonly kind: "cloudWatchLogs";
  readonly group: string;
  /** Where the group is, which need not be where the service is. */
  readonly region: string | undefined;
  /** The container's own stream; `undefined` where nothing says its name. */
  readonly stream: string | undefined;
  /** What matters was written after that: milliseconds since the epoch. */
  readonly sinceMs: number | undefined;
}
