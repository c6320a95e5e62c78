import assert from "node:assert/strict";
import { createScenario } from "../emulator/scenarios.ts";
import { CONFIG, runScript, withServer } from "./cli_process.ts";

/**
 * Environments that nobody means to make: variables that are no text, few open files, no home, outputs that are closed.
 * None ends in a stack trace or a panic.
 */

interface Oddity {
  readonly name: string;
  /** Before the command, in bash. */
  readonly before?: string;
  readonly command?: string;
  readonly files?: Readonly<Record<string, string>>;
  /** The whole of what goes to stderr; all is well, and there is nothing, when left out. */
  readonly says?: RegExp;
  readonly code?: number;
}

/** From source, it is Deno itself that some of this is too much for. */
const isExecutable = Boolean(Deno.env.get("CLI_UNDER_TEST"));

const BYTES = "$'topsecret\\xff'";
const NAMING_ENVIRONMENT = {
  ...CONFIG,
  "task.json": '{"family": "myservice", "containerDefinitions": [{"name": "app", "image": "{{ must_env `IMAGE` }}"}]}',
};

/** A state of Terraform 5,000 lists deep, and a definition that looks `value` up in it. */
function filesOfDeepState(value: string): Record<string, string> {
  const attributes = `{"id": "i-1", "deep": ${"[".repeat(5_000)}${"]".repeat(5_000)}}`;
  const resource = `{"mode": "managed", "type": "aws_x", "name": "y", "instances": [{"attributes": ${attributes}}]}`;
  return {
    "ecspresso.yml": `${CONFIG["ecspresso.yml"]}task_definition: task.json\n` +
      "plugins: [{name: tfstate, config: {path: deep.tfstate}}]\n",
    "task.json":
      `{"family": "x", "containerDefinitions": [{"name": "a", "image": "{{ tfstate \`aws_x.y.${value}\` }}"}]}`,
    "deep.tfstate": `{"version": 4, "resources": [${resource}]}`,
  };
}

const ODDITIES: readonly Oddity[] = [
  { name: "a variable that nobody reads", before: `export UNREAD=${BYTES}` },
  ...["ECSPRESSO_CONFIG", "GITHUB_ACTIONS", "AWS_SESSION_TOKEN"].map((name) => ({
    name,
    before: `export ${name}=${BYTES}`,
    says: new RegExp(`^error: the variable ${name} is not UTF-8 text: .*\\n$`),
    code: 3,
  })),
  ...[
    "AWS_PROFILE",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_ENDPOINT_URL_ECS",
    "AWS_CA_BUNDLE",
    "HTTPS_PROXY",
  ].map((name) => ({
    name,
    before: `export ${name}=${BYTES}`,
    says: new RegExp(`^\\S+ \\S+ \\[error\\] \\S+ the variable ${name} is not UTF-8 text: .*\\n$`),
    code: 3,
  })),
  {
    name: "a variable of a template",
    before: `export IMAGE=${BYTES}`,
    command: "ecspresso render taskdef",
    files: { ...NAMING_ENVIRONMENT, "ecspresso.yml": `${CONFIG["ecspresso.yml"]}task_definition: task.json\n` },
    says: /the variable IMAGE is not UTF-8 text/,
    code: 3,
  },
  { name: "a value of a deep state", command: "ecspresso render taskdef", files: filesOfDeepState("id") },
  {
    name: "the depth of a deep state",
    command: "ecspresso render taskdef",
    files: filesOfDeepState("deep"),
    says: /task\.json:1:\d+: tfstate `aws_x\.y\.deep`: its value in the state deep\.tfstate is nested too deeply.*\n$/,
    code: 3,
  },
  { name: "no home", before: "unset HOME" },
  {
    name: "a session of SSO that is missing",
    before: 'printf "[profile a]\nsso_session=x\nsso_account_id=1\nsso_role_name=y\n" >aws\n' +
      "export AWS_CONFIG_FILE=aws AWS_PROFILE=a; unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY",
    says: /CredentialsProviderError: the AWS CLI's files do not have the \[sso-session\] section that the profile's/,
    code: 5,
  },
  {
    name: "a profile that is missing",
    before: "export AWS_PROFILE=gone; unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY",
    says:
      /failed: CredentialsProviderError: the AWS profile gone is in none of the AWS CLI's files \(AWS_PROFILE names it\)/,
    code: 5,
  },
  // From source, Deno keeps in there what it has compiled.
  ...(isExecutable ? [{ name: "a home that is no folder", before: "export HOME=/dev/null" }] : []),
  { name: "no folder for temporary files", before: "export TMPDIR=/nonexistent" },
  { name: "an odd terminal", before: "export TERM=nonsense LANG=C LC_ALL=C COLUMNS=0 LINES=-1 TZ=No/Such" },
  {
    name: "empty variables",
    before: "export AWS_PROFILE= AWS_REGION= AWS_ENDPOINT_URL_ECS= AWS_CONFIG_FILE= HTTPS_PROXY=",
  },
  {
    name: "settings of the SDK that make no sense",
    before: "export AWS_MAX_ATTEMPTS=x AWS_RETRY_MODE=x AWS_USE_FIPS_ENDPOINT=x",
  },
  {
    name: "a config of the AWS CLI that makes no sense",
    before: 'printf "[x\\n=\\n]]" >aws; export AWS_CONFIG_FILE=aws',
  },
  { name: "no input and no outputs", command: "ecspresso status <&- >&- 2>&-" },
];

for (const limit of [13, 14, 15, 16, 20]) {
  Deno.test({
    name: `with ${limit} open files it works, or says what is missing`,
    ignore: !isExecutable,
    fn: () =>
      withServer(createScenario("healthy"), async ({ url }) => {
        const { code, stderr } = await runScript(url, `ulimit -n ${limit}\necspresso status`);
        assert.ok([0, 3, 5].includes(code), `${code}: ${stderr}`);
        if (code !== 0) assert.match(stderr, /Too many open files/);
        if (code === 5) assert.match(stderr, /raise the limit of open files: ulimit -n 1024/);
        assert.ok(!/panic|stack|defect/.test(stderr), stderr);
      }),
  });
}

for (const { name, before = "", command = "ecspresso status", files = CONFIG, says = /^$/, code = 0 } of ODDITIES) {
  Deno.test(`an odd environment ends as any other does: ${name}`, async () => {
    await withServer(createScenario("healthy"), async ({ url }) => {
      const ended = await runScript(url, `${before}\n${command}`, { files });
      assert.equal(ended.code, code, ended.stderr);
      assert.match(ended.stderr, says);
      assert.ok(!ended.stderr.includes("topsecret"), ended.stderr);
    });
  });
}

const ENDED_BY_RUNTIME: readonly (readonly [name: string, script: string, code: number | undefined])[] = [
  ["an argument that is no text", "ecspresso rollback --revision $'\\xff'", 101],
  // The runtimes differ: this one panics up to Deno 2.6.
  [
    "a working directory that is gone",
    "mkdir gone && cd gone && rmdir ../gone\necspresso rollback --revision 3",
    undefined,
  ],
];

for (const [name, script, expected] of ENDED_BY_RUNTIME) {
  Deno.test({
    name: `what the runtime ends by itself has changed nothing: ${name}`,
    ignore: !isExecutable,
    fn: () =>
      withServer(createScenario("healthy"), async ({ url, emulator }) => {
        const { code, stderr } = await runScript(url, script);
        assert.notEqual(code, 0);
        if (expected !== undefined) assert.equal(code, expected, stderr);
        assert.deepEqual(emulator.calls, []);
      }),
  });
}
