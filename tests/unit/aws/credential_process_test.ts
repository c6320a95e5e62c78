import assert from "node:assert/strict";
import { externalDataInterceptor } from "@smithy/core/config";
import { runCredentialProcesses } from "../../../src/aws/credential_process.ts";
import type { Invocation, InvocationResult } from "../../../src/host.ts";
import { VirtualClock } from "../../virtual_clock.ts";

type Exec = (command: string, done: (error: Error | null, written?: { stdout: string }) => void) => void;

/** What the SDK gets of a command, on a machine that answers as `invoke` does. */
async function get(command: string, invoke: (invocation: Invocation) => Promise<InvocationResult | undefined>) {
  const failures: string[] = [];
  const clock = new VirtualClock(0);
  const isRunning = runCredentialProcesses({ invoke, clock }, (line) => void failures.push(line));
  const exec = externalDataInterceptor.getTokenRecord().exec as unknown as Exec;
  const got = new Promise<{ error: Error | null; stdout: string | undefined }>((resolve) =>
    exec(command, (error, written) => resolve({ error, stdout: written?.stdout }))
  );
  const wasRunning = isRunning();
  return { ...await got, failures, wasRunning, isRunning: isRunning() };
}

Deno.test("a credential_process is a command of the shell, and counts as running until it has ended", async () => {
  const invocations: Invocation[] = [];
  const got = await get("aws-vault export 'my profile'", (invocation) => {
    invocations.push(invocation);
    return Promise.resolve({ code: 0, stdout: '{"Version":1}', stderr: "" });
  });
  assert.deepEqual(got, { error: null, stdout: '{"Version":1}', failures: [], wasRunning: true, isRunning: false });
  const [{ program, args, asksOnTerminal } = {} as Invocation] = invocations;
  assert.deepEqual([program, args, asksOnTerminal], ["/bin/sh", ["-c", "aws-vault export 'my profile'"], true]);
});

Deno.test("a credential_process that fails is one line, without what it has written for the SDK", async () => {
  const cases: [InvocationResult | undefined, string][] = [
    [
      { code: 3, stdout: '{"SecretAccessKey":"s3cret"}', stderr: "\n no such profile\nusage: ..." },
      "credential_process ./get ended with exit code 3: no such profile",
    ],
    [{ code: 1, stdout: "s3cret", stderr: "" }, "credential_process ./get ended with exit code 1"],
    [undefined, "credential_process ./get needs /bin/sh"],
  ];
  for (const [result, expected] of cases) {
    const { error, failures, isRunning } = await get("./get --all", () => Promise.resolve(result));
    assert.deepEqual([error?.message, failures, isRunning], [expected, [expected], false]);
  }
});

Deno.test("a credential_process is ended after a minute", async () => {
  const clock = new VirtualClock(0);
  const failures: string[] = [];
  const invoke = ({ signal }: Invocation) => {
    clock.advance(60_000);
    assert.ok(signal.aborted);
    return Promise.resolve({ code: 143, stdout: "", stderr: "" });
  };
  runCredentialProcesses({ invoke, clock }, (line) => void failures.push(line));
  const exec = externalDataInterceptor.getTokenRecord().exec as unknown as Exec;
  await new Promise<void>((resolve) => exec("./get", () => resolve()));
  assert.deepEqual(failures, ["credential_process ./get was not done after 60 s"]);
});
