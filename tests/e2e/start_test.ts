import assert from "node:assert/strict";
import { createScenario } from "../emulator/scenarios.ts";
import { type CliOptions, runCli, withServer } from "./cli_process.ts";
import { NOWHERE } from "./nowhere.ts";

const WITHOUT_KEYS = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" };

Deno.test("--version and --help ask neither config nor AWS", async () => {
  const broken = { files: { "ecspresso.yml": "{" } };
  const version = await runCli(NOWHERE, ["--version"], broken);
  assert.deepEqual([version.code, version.stderr], [0, ""]);
  assert.match(version.stdout, /^ecspresso \d+\.\d+\.\d+\n$/);
  for (const args of [["--help"], ["rollback", "--help"], ["help", "rollback"]]) {
    const help = await runCli(NOWHERE, args, broken);
    assert.deepEqual([help.code, help.stderr], [0, ""]);
    assert.match(help.stdout, /^Usage: ecspresso /);
  }
});

Deno.test("a version that cannot be written is no success", { ignore: Deno.build.os !== "linux" }, async () => {
  const script = `"$0" run --no-prompt --allow-all main.ts --version > /dev/full`;
  const { code, stderr } = await new Deno.Command("sh", { args: ["-c", script, Deno.execPath()] }).output();
  assert.match(new TextDecoder().decode(stderr), /error: the result could not be written to stdout: No space left/);
  assert.equal(code, 8);
});

Deno.test("an endpoint that does not answer is known in seconds", async () => {
  const { code, stderr, tookMs } = await runCli(NOWHERE, ["rollback", "--revision", "3"]);
  assert.equal(code, 5, stderr);
  assert.match(stderr, /\[error\] .*DescribeServices failed: NotConnected: http:.*Connection refused/);
  assert.ok(tookMs < 5_000, `took ${tookMs} ms`);
});

Deno.test("keys of the environment count before a profile, as for the AWS CLI", async () => {
  const profile = (name: string, key: string) =>
    `[${name}]\naws_access_key_id = ${key}\naws_secret_access_key = b\nregion = ap-northeast-1\n`;
  const files = {
    "ecspresso.yml": "service: myservice\n",
    aws: profile("default", "AKIDDEFAULT") + profile("staging", "AKIDSTAGING") + profile("other", "AKIDOTHER"),
  };
  const cases: readonly (readonly [env: Readonly<Record<string, string>>, key: string])[] = [
    [{ AWS_PROFILE: "staging" }, "AKIDEXAMPLE"],
    [{ AWS_PROFILE: "gone", AWS_REGION: "ap-northeast-1" }, "AKIDEXAMPLE"],
    [{ AWS_PROFILE: "staging", AWS_ACCESS_KEY_ID: "AKIDOFFILE\n" }, "AKIDOFFILE"],
    [{ ...WITHOUT_KEYS, AWS_PROFILE: "staging" }, "AKIDSTAGING"],
    [{ ...WITHOUT_KEYS, AWS_DEFAULT_PROFILE: "other" }, "AKIDOTHER"],
    [{ ...WITHOUT_KEYS, AWS_DEFAULT_PROFILE: "other", AWS_PROFILE: "staging" }, "AKIDSTAGING"],
    [WITHOUT_KEYS, "AKIDDEFAULT"],
  ];
  const emulator = createScenario("healthy");
  const keys: (string | undefined)[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    keys.push(/Credential=([^/]+)/.exec(request.headers.get("authorization") ?? "")?.[1]);
    const target = request.headers.get("x-amz-target") ?? "";
    const answer = emulator.handle({ target, body: await request.text() });
    assert.ok(!("drop" in answer));
    return new Response(answer.body, { status: answer.status, headers: answer.headers });
  });
  for (const [env, key] of cases) {
    const ended = await runCli(`http://127.0.0.1:${server.addr.port}`, ["status"], {
      files,
      env: { AWS_SHARED_CREDENTIALS_FILE: "aws", AWS_CONFIG_FILE: "none", ...env },
    });
    assert.equal(ended.stderr, "");
    assert.equal(ended.code, 0);
    assert.deepEqual([...new Set(keys.splice(0))], [key], JSON.stringify(env));
  }
  await server.shutdown();
});

const KEYS = "aws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = a-secret-access-key\n";
const CONFIG = { "ecspresso.yml": "service: myservice\n" };
const PROCESS = `sh -c 'printf "%s" "$CREDENTIALS"'`;
const CREDENTIALS: [string, CliOptions, number, RegExp][] = [
  ["keys and AWS_REGION", { files: CONFIG, env: { AWS_REGION: "ap-northeast-1" } }, 0, /Plan/],
  ["keys and AWS_DEFAULT_REGION", { files: CONFIG, env: { AWS_DEFAULT_REGION: "ap-northeast-1" } }, 0, /Plan/],
  [
    "a profile with keys and a region",
    {
      files: { ...CONFIG, credentials: `[staging]\n${KEYS}`, config: "[profile staging]\nregion = ap-northeast-1\n" },
      env: {
        ...WITHOUT_KEYS,
        AWS_PROFILE: "staging",
        AWS_SHARED_CREDENTIALS_FILE: "credentials",
        AWS_CONFIG_FILE: "config",
      },
    },
    0,
    /Plan/,
  ],
  [
    "a profile with a credential_process",
    {
      files: { ...CONFIG, config: `[default]\nregion = ap-northeast-1\ncredential_process = ${PROCESS}\n` },
      env: {
        ...WITHOUT_KEYS,
        AWS_CONFIG_FILE: "config",
        CREDENTIALS: '{"Version":1,"AccessKeyId":"AKIDEXAMPLE","SecretAccessKey":"a-secret-access-key"}',
      },
    },
    0,
    /Plan/,
  ],
  ["no credentials", { files: CONFIG, env: { ...WITHOUT_KEYS, AWS_REGION: "ap-northeast-1" } }, 5, /[Cc]redentials/],
  ["no region", { files: CONFIG }, 3, /region/],
];

Deno.test("credentials and region come from where the AWS CLI takes them", async (test) => {
  for (const [name, options, code, expected] of CREDENTIALS) {
    await test.step(name, () =>
      withServer(createScenario("healthy"), async ({ url }) => {
        const ended = await runCli(url, ["rollback", "--revision", "3", "--dry-run"], options);
        assert.equal(ended.code, code, ended.stderr);
        assert.match(ended.stdout + ended.stderr, expected);
        assert.doesNotMatch(ended.stderr, /^\s+at /m, "no stack trace");
      }));
  }
});

Deno.test("an envfile reaches the templates and the AWS SDK", () =>
  withServer(createScenario("healthy"), async ({ url }) => {
    const files = {
      "ecspresso.yml": "service: {{ must_env `SERVICE` }}\n",
      "aws.env": "export AWS_REGION='ap-northeast-1'\nAWS_ACCESS_KEY_ID=AKIDEXAMPLE\n",
      "service.env": 'SERVICE="myservice" # which one\nAWS_SECRET_ACCESS_KEY=a-secret-access-key\n',
    };
    const args = ["--envfile", "aws.env", "rollback", "--revision", "3", "--dry-run", "--envfile", "service.env"];
    const { code, stderr } = await runCli(url, args, { files, env: WITHOUT_KEYS });
    assert.equal(code, 0, stderr);
  }));

Deno.test("debug lines name the calls and never a credential or a value", () =>
  withServer(createScenario("healthy"), async ({ url }) => {
    const { code, stdout, stderr } = await runCli(url, ["rollback", "--revision", "3", "--debug", "--no-wait"]);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /\[debug\] myservice\/default UpdateService attempt 1: ok in \d+ ms/);
    for (const secret of ["a-secret-access-key", "AKIDEXAMPLE", "redis://cache.internal"]) {
      assert.ok(!(stdout + stderr).includes(secret), secret);
    }
  }));

Deno.test("colours are for terminals, or on request", async () => {
  await withServer(createScenario("healthy"), async ({ url }) => {
    const args = ["rollback", "--revision", "9"];
    assert.doesNotMatch((await runCli(url, args)).stderr, /\x1b/);
    assert.match((await runCli(url, [...args, "--color"])).stderr, /\x1b\[31m/);
    assert.match((await runCli(url, args, { env: { ECSPRESSO_COLOR: "true" } })).stderr, /\x1b\[31m/);
  });
});
