/** Where the log of a container can be read. Only names and addresses: options of log drivers can hold tokens. */
export type LogPlace = Readonly<
  | CloudWatchLogs
  /** FireLens: the router, another container of the task, sends it on with a Fluent Bit or Fluentd plugin. */
  | {
    kind: "router";
    router: string | undefined;
    plugin: string | undefined;
    to: string | undefined;
    /** Where the router's configuration file is: it may name more targets. */
    configFile: string | undefined;
    /** The router's own log, which has its errors. */
    ownLog: CloudWatchLogs | undefined;
  }
  /** The log driver sends it to a server. */
  | { kind: "server"; driver: string; address: string | undefined }
  /** It stays on the container instance that the task ran on; `driver`: Docker's default where left out. */
  | { kind: "instance"; driver: string | undefined }
  /** Without a log driver, AWS Fargate keeps nothing. */
  | { kind: "nowhere" }
>;

/** The last lines that a container has written, oldest first; empty where it has written nothing. */
export interface ContainerLog {
  readonly container: string;
  readonly taskArn: string;
  readonly lines: readonly string[];
  /** Whether the user asked for log lines: only then they go into what is kept. */
  readonly isAskedFor: boolean;
}

/** A log group of Amazon CloudWatch Logs, and the stream where it is known. */
export interface CloudWatchLogs {
  readonly kind: "cloudWatchLogs";
  readonly group: string;
  /** Where the group is, which need not be where the service is. */
  readonly region: string | undefined;
  /** The container's own stream; `undefined` where nothing says its name. */
  readonly stream: string | undefined;
  /** The lines that matter were written later: milliseconds since the epoch. */
  readonly sinceMs: number | undefined;
}
