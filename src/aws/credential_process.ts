import { externalDataInterceptor } from "@smithy/core/config";
import type { Clock, Host } from "../host.ts";

/** As in the AWS SDK for Go (`processcreds.DefaultTimeout`): somebody may have to be asked for a code. */
const LONGEST_RUN_MS = 60_000;

/** What a profile's process has written; it has secrets in it. */
interface Written {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Has the `credential_process` of AWS profiles run by the host, which ends it, with all that it has started, after 60 s or
 * with the run. The SDK would run it by Node's `exec`, without a limit. As there, it is a command of the shell, and its
 * stdin has nothing to read; it may ask on the terminal.
 *
 * @returns whether such a process is running now
 * @param onFailure is given one line, without what the process has written for the SDK, which goes on to look elsewhere and
 *   then says only that there are no credentials
 *
 * The SDK offers no other way in; `tests/e2e/stubborn_programs_test.ts` notices when this one is gone.
 */
export function runCredentialProcesses(
  host: Pick<Host, "invoke"> & { readonly clock: Pick<Clock, "deadline"> },
  onFailure: (line: string) => void,
): () => boolean {
  let running = 0;
  const exec = (command: string, done: (error: Error | null, written?: Written) => void) => {
    running++;
    run(command, host).finally(() => running--).then((written) => done(null, written), (error) => {
      onFailure(error.message);
      done(error);
    });
  };
  externalDataInterceptor.interceptToken("exec", exec);
  return () => running > 0;
}

async function run(command: string, host: Parameters<typeof runCredentialProcesses>[0]): Promise<Written> {
  const limit = host.clock.deadline(LONGEST_RUN_MS);
  const shell = { program: "/bin/sh", args: ["-c", command], stdin: "", directory: ".", asksOnTerminal: true };
  const name = `credential_process ${command.trim().split(/\s+/, 1)[0]}`;
  const result = await host.invoke({ ...shell, signal: limit });
  if (limit.aborted) throw new Error(`${name} was not done after ${LONGEST_RUN_MS / 1_000} s`);
  if (result === undefined) throw new Error(`${name} needs /bin/sh`);
  const { code, stdout, stderr } = result;
  if (code === 0) return { stdout, stderr };
  const said = stderr.split("\n").map((line) => line.trim()).find((line) => line !== "");
  throw new Error(`${name} ended with exit code ${code}${said === undefined ? "" : `: ${said}`}`);
}
