import type { ConnectionOptions } from "../aws/connection.ts";
import type { Host, Output, StopSignal } from "../host.ts";
import { HiddenValues } from "../secrets/hidden_values.ts";
import type { Log, LogFormat } from "../report/log.ts";
import { type Audience, noAudience } from "./audience.ts";
import { EXIT } from "../report/exit_code.ts";

/** One run of the program, as its commands see it. */
export interface Context {
  /** What is written to its outputs and files is masked. */
  readonly host: Host;
  /** The values that nobody is to be shown. */
  readonly hidden: HiddenValues;
  /** Where a result goes that is to be whole, such as a definition that is rendered. */
  readonly wholeStdout: Output;
  /** Stands in for the network in tests. */
  readonly requestHandler: ConnectionOptions["requestHandler"];
  /** Reports the run, once the command line has said to whom. */
  audience: Audience;
  /** How errors are told while there is no log. */
  logFormat: LogFormat;
  /** The log, once the config has told which service the lines are about. */
  log: Log | undefined;
  /** The region that AWS is asked in, once the config or the environment has told it. */
  region: string | undefined;
  exitCode: number;
  /** Aborted when nobody is waited for any more who does not read what is written. */
  patience: AbortSignal;
  /** The stop signal that has come to a command which changes nothing: it may be what has cut its result off. */
  cutOffBy: () => StopSignal | undefined;
}

/** A run that nothing has happened in, and that nobody watches. */
export function newContext(host: Host): Context {
  return {
    host,
    hidden: new HiddenValues(),
    wholeStdout: host.stdout,
    requestHandler: undefined,
    audience: noAudience(host),
    logFormat: "text",
    log: undefined,
    region: undefined,
    exitCode: EXIT.ok,
    patience: new AbortController().signal,
    cutOffBy: () => undefined,
  };
}
