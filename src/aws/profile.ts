import { externalDataInterceptor, getProfileName, parseKnownFiles } from "@smithy/core/config";
import { findProfileFiles } from "../model/profile_files.ts";
import { reasonOf } from "../errors.ts";
import type { Clock, Environment, Files, Host, InvocationResult } from "../host.ts";
import type { CredentialProcessProblem } from "../problems/aws_failure.ts";

/** The AWS profile that a run uses, as far as the program itself reads it. */
export interface Profile {
  readonly name: string;
  /** Whether the AWS CLI's files have it. */
  readonly exists: boolean;
  /** A file of certificate authorities. */
  readonly caBundle: string | undefined;
}

/**
 * Reads the profile from the AWS CLI's files, wherever `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE` say that
 * they are. A file that cannot be read or parsed has no profiles, for the SDK as well. Where no home folder is known,
 * it is `/` from now on, as in a Docker container; the SDK needs one only for these files.
 */
export async function readProfile(env: Pick<Environment, "set">): Promise<Profile> {
  const name = getProfileName({});
  const profiles = await parseKnownFiles({}).catch(async () => {
    env.set("HOME", "/");
    return await parseKnownFiles({});
  });
  const profile = profiles[name];
  return { name, exists: profile !== undefined, caBundle: profile?.["ca_bundle"] };
}

/**
 * Reads in place of the AWS SDK what would block it: profiles, or the token of a web identity, that come from a pipe.
 * The SDK reads the latter synchronously, and in Deno 2.6 opening any pipe blocks the whole process.
 *
 * @throws what reading throws
 */
export async function preloadStreams(
  env: Pick<Environment, "get">,
  files: Pick<Files, "kindOf" | "readText">,
): Promise<void> {
  const token = env.get("AWS_WEB_IDENTITY_TOKEN_FILE");
  for (const path of [...findProfileFiles(env), token]) {
    if (!path || await files.kindOf(path) !== "stream") continue;
    const text = await files.readText(path) ?? "";
    if (path === token) externalDataInterceptor.interceptToken(path, text);
    else externalDataInterceptor.interceptFile(path, text);
  }
}

/** As in the AWS SDK for Go (`processcreds.DefaultTimeout`): somebody may have to be asked for a code. */
const LONGEST_RUN_MS = 60_000;

/**
 * Has the host run the `credential_process` of AWS profiles, and end it, with all that it has started, after 60 s or
 * with the run. The SDK would run it by Node's `exec`, without a limit. As there, it is a shell command whose stdin is
 * empty; it may ask on the terminal.
 *
 * @returns a function that says whether such a process is running
 * @param onFailure gets nothing of what the process has written for the SDK. The SDK goes on to look elsewhere, and then
 *   says only that there are no credentials.
 *
 * The SDK has no other hook; `tests/e2e/stubborn_programs_test.ts` fails when this one is gone.
 */
export function runCredentialProcesses(
  host: Pick<Host, "invoke"> & { readonly clock: Pick<Clock, "deadline"> },
  onFailure: (problem: CredentialProcessProblem) => void,
): () => boolean {
  let running = 0;
  const exec = (command: string, done: (error: Error | null, written?: InvocationResult) => void) => {
    running++;
    const program = command.trim().split(/\s+/, 1)[0]!;
    run(command, program, host).finally(() => running--).then((written) => done(null, written), (error) => {
      onFailure(error instanceof ProcessError ? error.problem : { code: "notRun", program, reason: reasonOf(error) });
      done(error);
    });
  };
  externalDataInterceptor.interceptToken("exec", exec);
  return () => running > 0;
}

class ProcessError extends Error {
  constructor(readonly problem: CredentialProcessProblem) {
    super(problem.code);
  }
}

async function run(
  command: string,
  program: string,
  host: Parameters<typeof runCredentialProcesses>[0],
): Promise<InvocationResult> {
  const limit = host.clock.deadline(LONGEST_RUN_MS);
  const shell = { program: "/bin/sh", args: ["-c", command], stdin: "", directory: ".", asksOnTerminal: true };
  const result = await host.invoke({ ...shell, signal: limit });
  if (limit.aborted) throw new ProcessError({ code: "notDone", program, withinMs: LONGEST_RUN_MS });
  if (result === undefined) throw new ProcessError({ code: "noShell", program });
  const { code: exitCode, stderr } = result;
  if (exitCode === 0) return result;
  const said = stderr.split("\n").map((line) => line.trim()).find((line) => line !== "");
  throw new ProcessError({ code: "programFailed", program, exitCode, said });
}
