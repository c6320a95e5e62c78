import type { ConnectionOptions } from "../aws/connection.ts";
import type { Host } from "../host.ts";
import { EXIT } from "../report/exit_code.ts";
import type { Printer } from "../report/state.ts";
import { finishOutputs } from "./finish_outputs.ts";
import { VERSION } from "./version.ts";

/**
 * The program: takes the command line from `host` and returns the exit code. Throws nothing.
 *
 * @param requestHandler stands in for the network when AWS is called; the real one when left out.
 * @param printer gets the events of the run, too.
 */
export async function run(
  host: Host,
  requestHandler?: ConnectionOptions["requestHandler"],
  printer?: Printer,
): Promise<number> {
  // Scripts ask for the version often: answered before anything else is loaded.
  if (host.args.length === 1 && (host.args[0] === "--version" || host.args[0] === "-V")) {
    host.stdout.write(`ecspresso ${VERSION}\n`);
    return await finishOutputs(EXIT.ok, {
      host,
      reporter: undefined,
      patience: new AbortController().signal,
      cutOffBy: () => undefined,
    });
  }
  const { runCommand } = await import("./run_command.ts");
  return await runCommand(host, requestHandler, printer);
}
