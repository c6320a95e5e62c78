import assert from "node:assert/strict";
import { readProfileNeeds } from "../../../src/config/read_profile_needs.ts";
import { memoryEnvironment, memoryFiles } from "./memory_host.ts";

const CONFIG = `
# credential_process = no
[default]
region = ap-northeast-1

[profile "in quotes"]
credential_process = quoted

[profile ci]
role_arn = arn:aws:iam::123456789012:role/ci
source_profile = base # the team's

[profile loop]
source_profile = loop

[profile sso]
sso_session = company
`;
const CREDENTIALS = "[base]\nCredential_Process=/opt/keys --all\n";

function profileFiles(texts: Readonly<Record<string, string>>, pipes: readonly string[] = []) {
  const kindOf = (path: string) =>
    Promise.resolve(
      Object.hasOwn(texts, path) ? "file" as const : pipes.includes(path) ? "stream" as const : undefined,
    );
  return { ...memoryFiles(texts), kindOf };
}

const FILES = profileFiles({ "/home/me/.aws/config": CONFIG, "/home/me/.aws/credentials": CREDENTIALS });

const read = (env: Record<string, string>, files = FILES) =>
  readProfileNeeds(memoryEnvironment({ HOME: "/home/me", ...env }), files);

Deno.test("readProfileNeeds() finds the process of the profile in use, and of what that builds on", async () => {
  const cases: [string | undefined, unknown][] = [
    [undefined, undefined],
    ["ci", { profile: "base", position: { file: "/home/me/.aws/credentials", line: 2 } }],
    ["in quotes", { profile: "in quotes", position: { file: "/home/me/.aws/config", line: 7 } }],
    ["loop", undefined],
    ["none", undefined],
  ];
  for (const [profile, process] of cases) {
    const needs = await read(profile === undefined ? {} : { AWS_PROFILE: profile });
    assert.deepEqual(needs, { mayRun: true, mayWrite: true, process }, profile);
  }
});

Deno.test("readProfileNeeds() looks at no profile where the environment has keys", async () => {
  const keys = { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" };
  for (const env of [keys, { ...keys, AWS_PROFILE: "ci" }]) {
    assert.deepEqual(await read(env), { mayRun: false, mayWrite: false, process: undefined });
  }
});

Deno.test("readProfileNeeds() reads the files that variables name, and goes without those that are not there", async () => {
  const files = profileFiles({ config: "[default]\nlogin_session = me\n", credentials: "[default]\n" });
  const named = { AWS_CONFIG_FILE: "config", AWS_SHARED_CREDENTIALS_FILE: "credentials" };
  assert.deepEqual(await read(named, files), { mayRun: false, mayWrite: true, process: undefined });
  const broken = { ...FILES, readText: () => Promise.reject(new Error("permission denied")) };
  assert.deepEqual(await read({}, broken), { mayRun: false, mayWrite: false, process: undefined });
});

Deno.test("readProfileNeeds() finds ~/ in the home folder, as the SDK does", async () => {
  const files = profileFiles({ "/home/me/work/config": "[default]\ncredential_process = keys\n" });
  const named = { AWS_CONFIG_FILE: "~/work/config" };
  assert.deepEqual((await read(named, files)).process?.position, { file: "/home/me/work/config", line: 2 });
  assert.equal((await read({ ...named, HOME: "" }, files)).mayRun, true);
});

Deno.test("readProfileNeeds() leaves a pipe to the SDK, and a home that only the system knows", async () => {
  const unknown = { mayRun: true, mayWrite: true, process: undefined };
  const files = { ...profileFiles({}, ["/dev/fd/63"]), readText: () => assert.fail("read") };
  assert.deepEqual(await read({ AWS_CONFIG_FILE: "/dev/fd/63" }, files), unknown);
  assert.deepEqual(await read({ HOME: "" }, files), unknown);
});
