import assert from "node:assert/strict";
import { DEFINITION_FILES } from "../definition_files.ts";
import { createScenario } from "../emulator/scenarios.ts";
import { type CliOptions, CONFIG, runScript, withServer } from "./cli_process.ts";

/** What a run does not need, it gives up as soon as it has read the config; with what it has kept, it works. */

const WITHOUT_KEYS = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" };
const KEYS = "aws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = a-secret-access-key\n";
const PROCESS = `credential_process = sh -c 'printf "%s" "$CREDENTIALS"'\n`;
const CREDENTIALS = '{"Version":1,"AccessKeyId":"AKIDEXAMPLE","SecretAccessKey":"a-secret-access-key"}';
const JSONNET = { ...CONFIG, "ecspresso.yml": `${CONFIG["ecspresso.yml"]}task_definition: task.jsonnet\n` };
const GITHUB = "touch summary outputs; export GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY=summary GITHUB_OUTPUT=outputs";

const profile = (settings: string, more: Record<string, string> = {}): CliOptions => ({
  files: { ...CONFIG, "aws-config": `[default]\n${settings}` },
  env: { ...WITHOUT_KEYS, AWS_CONFIG_FILE: "aws-config", ...more },
});

/** A name, what bash runs, what is given up, and what it prints besides. */
const CASES: [string, string, string, RegExp, CliOptions?][] = [
  ["keys in the environment", "ecspresso status", "ffi, run, write", /PRIMARY/],
  ["keys in a profile", "ecspresso status", "ffi, run, write", /PRIMARY/, profile(KEYS)],
  ["a process of a profile", "ecspresso status", "ffi, write", /PRIMARY/, profile(PROCESS, { CREDENTIALS })],
  [
    "a login by SSO",
    "ecspresso status",
    "ffi, run",
    /PRIMARY/,
    profile(`${KEYS}sso_start_url = https://example.com\n`),
  ],
  ["Jsonnet", "ecspresso status", "ffi, write", /PRIMARY/, { files: JSONNET }],
  ["--untrusted", "ecspresso status --untrusted", "ffi, run, write", /PRIMARY/, { files: JSONNET }],
  [
    "a file for the ARN that is yet to be made",
    "ecspresso register --output arn; cat arn",
    "ffi, run",
    /^arn:aws:ecs:.*myservice:\d+$/m,
    { files: DEFINITION_FILES },
  ],
  [
    "a file for the ARN that is there",
    "echo old, and longer than an ARN is, so that none of it may be left: $(seq 100) >arn; ecspresso register --output arn; cat arn",
    "ffi, run, write",
    /^arn:aws:ecs:.*myservice:\d+\n$/,
    { files: DEFINITION_FILES },
  ],
  [
    "summary and outputs for GitHub",
    `${GITHUB}; echo before >outputs; ecspresso rollback --revision 3 --no-wait; cat outputs; test -s summary && echo summary`,
    "ffi, run, write",
    /^before\nfrom=myservice:4\nto=myservice:3\noutcome=submitted\nsummary$/m,
  ],
];

for (const [name, script, givenUp, printed, options] of CASES) {
  Deno.test({
    name: `permissions with ${name}: without ${givenUp}`,
    ignore: Deno.build.os === "windows",
    fn: async () => {
      await withServer(createScenario("healthy"), async ({ url }) => {
        const env = { ECSPRESSO_DEBUG: "1", ...options?.env };
        const { code, stdout, stderr } = await runScript(url, script, { ...options, env });
        assert.equal(code, 0, stderr);
        assert.match(stderr, new RegExp(`permissions given up: ${givenUp}$`, "m"));
        assert.match(stdout, printed);
      });
    },
  });
}
