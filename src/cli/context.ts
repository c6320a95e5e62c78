import type { ConnectionOptions } from "../aws/connection.ts";
import type { Host } from "../host.ts";
import type { Log } from "../ui/log.ts";

/** One run of the program, as its commands see it. */
export interface Context {
  readonly host: Host;
  /** Stands in for the network in tests. */
  readonly requestHandler: ConnectionOptions["requestHandler"];
  /** The log, once the config has told which service the lines are about. */
  log: Log | undefined;
  exitCode: number;
}
