import type { ConnectionOptions } from "../aws/connection.ts";
import type { Host, HostOutput, Output, StopSignal } from "../host.ts";
import { EXIT } from "../report/exit_code.ts";
import type { Printer } from "../report/state.ts";
import { HiddenValues } from "../secrets/hidden_values.ts";
import { logOnly, type Reporter } from "./reporter.ts";

/** One run of the program, as its commands see it. */
export interface Context {
  /** What is written to its outputs and files is masked. */
  readonly host: Host;
  readonly hidden: HiddenValues;
  /** Where a result goes that is to be whole, such as a definition that is rendered. */
  readonly wholeStdout: Output;
  /** Stands in for the network in tests. */
  readonly requestHandler: ConnectionOptions["requestHandler"];
  /** Gets the events of the run, too; for tests. */
  readonly printer: Printer | undefined;
  /** Reports the run, once the command line has said how. */
  reporter: Reporter;
  /** The region that AWS is asked in, once the config or the environment has named it. */
  region: string | undefined;
  exitCode: number;
  /** Aborted when the program waits no longer for readers of its outputs. */
  patience: AbortSignal;
  /** The stop signal that has come to a command which changes nothing: it may be what has cut its result off. */
  cutOffBy: () => StopSignal | undefined;
}

/**
 * A run in which nothing has happened yet, without a reporter.
 *
 * @param requestHandler stands in for the network when AWS is called
 * @param printer gets the events of the run, too
 */
export function newContext(
  machine: Host,
  requestHandler?: ConnectionOptions["requestHandler"],
  printer?: Printer,
): Context {
  const hidden = new HiddenValues();
  const host = hidingHost(machine, hidden.mask);
  return {
    host,
    hidden,
    wholeStdout: machine.stdout,
    requestHandler,
    printer,
    reporter: logOnly(host),
    region: undefined,
    exitCode: EXIT.ok,
    patience: new AbortController().signal,
    cutOffBy: () => undefined,
  };
}

/** A host whose outputs and files get no value that is to be hidden, whatever is written to them. */
function hidingHost(host: Host, mask: (text: string) => string): Host {
  const { files } = host;
  return {
    ...host,
    stdout: hidingOutput(host.stdout, mask),
    stderr: hidingOutput(host.stderr, mask),
    files: {
      ...files,
      writeText: (path, text) => files.writeText(path, mask(text)),
      appendText: (path, text) => files.appendText(path, mask(text)),
    },
  };
}

function hidingOutput(output: HostOutput, mask: (text: string) => string): HostOutput {
  return {
    isTerminal: output.isTerminal,
    get failure() {
      return output.failure;
    },
    get isStalled() {
      return output.isStalled;
    },
    write: (text) => output.write(mask(text)),
    finish: (until) => output.finish(until),
  };
}
