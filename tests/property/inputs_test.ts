import fc from "fast-check";
import { DEFINITION_FILES } from "../definition_files.ts";
import { INVISIBLE_TEXT } from "../invisible_characters.ts";
import { CONFIG_FILES } from "../in_process.ts";
import { INPUTS, tries } from "./how_often.ts";
import { checkRun, ENDINGS } from "./run_on_inputs.ts";
import { arbitraryTampering } from "./strange_answers.ts";

/**
 * Whatever stands in the user's files, on the command line and in AWS's answers: the program ends, with one of its exit
 * codes and words of its own, and neither a stack trace nor an "unforeseen" error.
 */

const TIMEOUT_S = 60;

Deno.test(`${INPUTS} answers of AWS of the wrong shape`, async () => {
  const args = fc.subarray(["--deregister", "--suspend-auto-scaling", "--resume-auto-scaling", "--dry-run", "--debug"]);
  const revision = fc.constantFrom("3", "3", "3", "4", "9", undefined);
  await fc.assert(
    fc.asyncProperty(args, revision, arbitraryTampering, async (options, number, tampering) => {
      const asked = number === undefined ? [] : [`--revision=${number}`];
      await checkRun({ args: ["rollback", ...asked, `--timeout=${TIMEOUT_S}s`, ...options], tampering });
    }),
    tries(INPUTS),
  );
});

// The user's files, the environment and the command line

const word = fc.oneof(
  fc.constantFrom(
    "myservice",
    "default",
    "ap-northeast-1",
    "10m",
    "0",
    "3",
    "true",
    "null",
    "",
    "é",
    "-1",
    "1e9",
    "x y",
    INVISIBLE_TEXT,
  ),
  fc.string({ unit: "binary", maxLength: 8 }),
);

const CONFIG_PIECES = [
  "service: myservice\n",
  "cluster: default\n",
  "region: ap-northeast-1\n",
  "timeout: 10m\n",
  "timeout: ",
  "region: ",
  "cluster: ",
  "service: ",
  "task_definition: taskdef.json\n",
  "required_version: '>= 2'\n",
  "plugins:\n  - name: tfstate\n",
  "{{ env `SERVICE` }}",
  "{{ must_env `NONE` }}",
  "{{ must_env `SERVICE` | json_escape }}",
  "{{ tfstate `a` }}",
  "{{",
  "}}",
  "- ",
  "&a ",
  "*a",
  "<<: ",
  "\n",
  "\t",
  "{",
  "}",
  '"',
  "'",
  ",",
  ":",
  "---\n",
  "!!binary ",
  "#",
];

const configText = fc.oneof(
  fc.constant(CONFIG_FILES["ecspresso.yml"]!),
  fc.array(fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...CONFIG_PIECES) }, word), { maxLength: 12 })
    .map((pieces) => pieces.join("")),
  fc.record({ service: word, cluster: word, region: word, timeout: word, task_definition: word }, { requiredKeys: [] })
    .map((settings) => JSON.stringify(settings)),
  fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)),
);

const envfileText = fc.array(
  fc.oneof(
    fc.constantFrom(
      "SERVICE=myservice",
      "export A=1",
      "A='",
      'B="\\n"',
      "=x",
      "C",
      "# c",
      "D=$A",
      "\u0000=1",
      "E==",
      "é=é",
    ),
    fc.string({ unit: "binary", maxLength: 12 }),
  ),
  { maxLength: 6 },
).map((lines) => lines.join("\n"));

const definitionText = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)),
  fc.constantFrom(
    '{"family": "myservice"}',
    '{"family": 5}',
    "{{ env `A",
    '{"family": "{{ must_env `X` }}"}',
    "",
    "[",
    "/*",
  ),
  fc.string({ unit: "binary" }),
);

Deno.test(`${INPUTS} configs, templates, envfiles and environments`, async () => {
  const name = fc.constantFrom("ecspresso.yml", "ecspresso.yml", "ecspresso.json", "ecspresso.yaml");
  const env = fc.dictionary(
    fc.constantFrom(
      "ECSPRESSO_CONFIG",
      "ECSPRESSO_ENVFILE",
      "ECSPRESSO_TIMEOUT",
      "ECSPRESSO_DEBUG",
      "ECSPRESSO_COLOR",
      "AWS_REGION",
      "AWS_DEFAULT_REGION",
      "AWS_CA_BUNDLE",
      "SERVICE",
      "USER",
      "GITHUB_ACTOR",
    ),
    word,
    { maxKeys: 3 },
  );
  await fc.assert(
    fc.asyncProperty(
      name,
      configText,
      envfileText,
      definitionText,
      env,
      async (name, config, envfile, definition, env) => {
        const files = { [name]: config, ".env": envfile, "taskdef.json": definition };
        const scaling = ["--suspend-auto-scaling", "--resume-auto-scaling"];
        await checkRun({ args: ["rollback", "--revision=3", "--envfile=.env", ...scaling], files, env });
      },
    ),
    tries(INPUTS),
  );
});

const COMMANDS = [
  "rollback",
  "deploy",
  "wait",
  "status",
  "diff",
  "verify",
  "register",
  "revisions",
  "deregister",
  "render",
];

const ARGUMENTS = [
  ...COMMANDS,
  "--revision=previous",
  "--revision=latest",
  "--revision=current",
  "--revision=myservice:3",
  "--reregister",
  "--until=deployed",
  "--until",
  "--events=3",
  "--output=json",
  "--output=tsv",
  "--output",
  "--keeps=1",
  "--keeps=0",
  "--delete",
  "--force",
  "--exit-code",
  "config",
  "taskdef",
  "servicedef",
  "--rollback-events=DEPLOYMENT_FAILURE",
  "--rollback-events=,",
  "--skip-task-definition",
  "--latest-task-definition",
  "--force-new-deployment",
  "--force-register",
  "--no-update-service",
  "--tasks=3",
  "--tasks=-1",
  "--wait-until=deployed",
  "--deregister-failed",
  "--ext-str=a=b",
  "--ext-code",
  "--assume-role-arn",
  "--assume-role-arn=arn:aws:iam::123456789012:role/deploy-myservice",
  "--revision",
  "--revision=3",
  "3",
  "--deregister",
  "--dry-run",
  "--no-wait",
  "--wait",
  "--suspend-auto-scaling",
  "--resume-auto-scaling",
  "--config",
  "ecspresso.yml",
  "--envfile",
  "--timeout",
  "--timeout=5m",
  "10m",
  "--debug",
  "--color",
  "--no-color",
  "--help",
  "-h",
  "--version",
  "-V",
  "help",
  "--",
  "-",
  "--revision=",
  "--revision=03",
  "--revision=9999999999",
  "--timeout=-1s",
  "--timeout=1e3",
  "--timeout=99999999999999h",
];

Deno.test(`${INPUTS} command lines`, async () => {
  const argument = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...ARGUMENTS) },
    { weight: 1, arbitrary: fc.oneof(fc.constant(INVISIBLE_TEXT), fc.string({ unit: "binary", maxLength: 10 })) },
    { weight: 1, arbitrary: fc.string({ maxLength: 6 }).map((name) => `--${name}`) },
  );
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(argument, { maxLength: 7 }), async (isRollback, args) => {
      await checkRun({ args: isRollback ? ["rollback", "--revision=3", ...args] : args });
    }),
    tries(INPUTS),
  );
});

Deno.test(`${INPUTS} command lines of every command, with definition files`, async () => {
  const argument = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...ARGUMENTS) },
    { weight: 1, arbitrary: fc.oneof(fc.constant(INVISIBLE_TEXT), fc.string({ unit: "binary", maxLength: 10 })) },
  );
  const command = fc.constantFrom(...COMMANDS);
  await fc.assert(
    fc.asyncProperty(command, fc.array(argument, { maxLength: 4 }), async (name, args) => {
      const endings = new Set([...ENDINGS, 9]);
      await checkRun({ args: [name, ...args, "--timeout=5m"], files: DEFINITION_FILES }, endings);
    }),
    tries(INPUTS),
  );
});
