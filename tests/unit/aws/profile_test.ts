import assert from "node:assert/strict";
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { externalDataInterceptor, getHomeDir } from "@smithy/core/config";
import { preloadStreams, readProfile, runCredentialProcesses } from "../../../src/aws/profile.ts";
import { type Invocation, type InvocationResult, type PathKind } from "../../../src/host.ts";
import { describeCredentialProcess } from "../../../src/report/messages/aws_failure_text.ts";
import { VirtualClock } from "../../virtual_clock.ts";

/** The AWS CLI's files, as the SDK reads them. */
function write(config: string, credentials = ""): void {
  const home = `${getHomeDir()}/.aws`;
  externalDataInterceptor.interceptFile(Deno.env.get("AWS_CONFIG_FILE") ?? `${home}/config`, config);
  externalDataInterceptor.interceptFile(
    Deno.env.get("AWS_SHARED_CREDENTIALS_FILE") ?? `${home}/credentials`,
    credentials,
  );
}

Deno.test("readProfile() reads the profile's certificate authorities, and whether there is such a profile", async () => {
  const cases: [config: string, credentials: string, exists: boolean, caBundle: string | undefined][] = [
    ["[default]\nca_bundle = /etc/ssl/company.pem\n", "", true, "/etc/ssl/company.pem"],
    ["[default]\nregion = eu-west-1\n", "", true, undefined],
    ["", "[default]\naws_access_key_id = AKIDEXAMPLE\n", true, undefined],
    ["[profile other]\nca_bundle = /etc/ssl/other.pem\n", "", false, undefined],
  ];
  for (const [config, credentials, exists, caBundle] of cases) {
    write(config, credentials);
    assert.deepEqual(await readProfile({ set: () => {} }), { name: "default", exists, caBundle }, config);
  }
});

async function handIn(variables: Record<string, string>, kinds: Record<string, PathKind>): Promise<string[]> {
  const read: string[] = [];
  await preloadStreams({ get: (name) => variables[name] }, {
    kindOf: (path) => Promise.resolve(kinds[path]),
    readText: (path) => {
      read.push(path);
      return Promise.resolve(`[profile of-${path.length}]\n`);
    },
  });
  return read;
}

Deno.test("preloadStreams() reads the pipes among the files of the AWS SDK, and no plain file", async () => {
  const variables = {
    HOME: "/home/alice",
    AWS_CONFIG_FILE: "~/config.pipe",
    AWS_WEB_IDENTITY_TOKEN_FILE: "/dev/fd/63",
  };
  deepStrictEqual(
    await handIn(variables, {
      "/home/alice/config.pipe": "stream",
      "/home/alice/.aws/credentials": "file",
      "/dev/fd/63": "stream",
    }),
    ["/home/alice/config.pipe", "/dev/fd/63"],
  );
  const handed = externalDataInterceptor.getFileRecord()["/home/alice/config.pipe"];
  strictEqual(await handed, "[profile of-23]\n");
});

Deno.test("preloadStreams() names a file below HOME=/ as the SDK does", async () => {
  deepStrictEqual(await handIn({ HOME: "/" }, { "/.aws/config": "stream" }), ["/.aws/config"]);
});

Deno.test("preloadStreams() looks in no home folder where the environment names none", async () => {
  deepStrictEqual(await handIn({}, { "/.aws/config": "stream", "~/.aws/config": "stream" }), []);
});

type Exec = (command: string, done: (error: Error | null, written?: { stdout: string }) => void) => void;

/** What the SDK gets of a command, on a machine that answers as `invoke` does. */
async function get(command: string, invoke: (invocation: Invocation) => Promise<InvocationResult | undefined>) {
  const failures: string[] = [];
  const clock = new VirtualClock(0);
  const isRunning = runCredentialProcesses({ invoke, clock }, (problem) => {
    failures.push(describeCredentialProcess(problem));
  });
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
    assert.deepEqual([failures, isRunning], [[expected], false]);
    assert.doesNotMatch(String(error), /s3cret/);
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
  runCredentialProcesses({ invoke, clock }, (problem) => void failures.push(describeCredentialProcess(problem)));
  const exec = externalDataInterceptor.getTokenRecord().exec as unknown as Exec;
  await new Promise<void>((resolve) => exec("./get", () => resolve()));
  assert.deepEqual(failures, ["credential_process ./get was not done after 60 s"]);
});
