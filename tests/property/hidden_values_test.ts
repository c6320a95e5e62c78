/** Whatever a definition looks up, wherever it stands and whatever AWS says of it: nobody is shown it. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { DEFINITION_FILES } from "../definition_files.ts";
import { AwsFailure } from "../emulator/failure.ts";
import { crashLoop, healthy } from "../emulator/behaviours.ts";
import { myservice } from "../emulator/myservice.ts";
import { type Result, runInProcess } from "../in_process.ts";
import { DEFINITIONS, tries } from "./how_often.ts";

/** How a definition asks for a value; `n` distinguishes the values of one definition apart. */
const SOURCES = {
  variable: (n: number) => `{{ must_env \`X${n}\` | json_escape }}`,
  password: (n: number) => `{{ must_env \`PASSWORD${n}\` | json_escape }}`,
  text: (n: number) => `{{ ssm \`/text/${n}\` | json_escape }}`,
  secure: (n: number) => `{{ ssm \`/secure/${n}\` | json_escape }}`,
  sensitive: (n: number) => `{{ tfstate \`output.o${n}\` | json_escape }}`,
} as const;
type Source = keyof typeof SOURCES;
/** What these give is shown nowhere; what the others give may stand where ECS takes a name. */
const NEVER_SHOWN: readonly Source[] = ["secure", "sensitive"];

/** Members that a value is put into, as the JSON of a container. `@` stands for the value. */
const PLACES = {
  command: '"command": ["run", "@"]',
  entryPoint: '"entryPoint": ["sh", "-c", "echo @"]',
  options:
    '"logConfiguration": {"logDriver": "splunk", "options": {"splunk-url": "https://h:8088", "splunk-token": "@"}}',
  label: '"dockerLabels": {"of": "@"}',
  healthCheck: '"healthCheck": {"command": ["CMD-SHELL", "curl @"]}',
  unknown: '"memberOfTomorrow": {"of": "@"}',
  variable: '"environment": [{"name": "V", "value": "@"}]',
  workingDirectory: '"workingDirectory": "/@"',
} as const;
type Place = keyof typeof PLACES;

const COMMANDS = [
  ["diff"],
  ["diff", "--revision", "3", "--exit-code", "--show-values"],
  ["deploy", "--dry-run", "--show-values"],
  ["deploy", "--dry-run", "--output", "json"],
  ["deploy", "--debug", "--timeout", "2m", "--rollback-events", "DEPLOYMENT_FAILURE"],
  ["deploy", "--output", "json", "--log-format", "json", "--timeout", "2m"],
  ["register", "--debug", "--output", "arn.txt"],
  ["register", "--dry-run", "--show-values"],
  ["verify"],
  ["rollback", "--revision", "3", "--debug"],
  ["status"],
] as const;

/** How AWS repeats what it does not like. */
const ECHOES: readonly ((value: string) => string)[] = [
  (value) => `Invalid value ${value} for member`,
  (value) => `Invalid ${JSON.stringify({ of: value })}`,
  (value) => `cannot reach https://host/?q=${encodeURIComponent(value)}`,
  (value) => `bad login ${Buffer.from(`user:${value}`).toString("base64")}`,
];

/** Has eight digits that stand nowhere else, so that also a part of it is found. */
const valueOf = fc.tuple(
  fc.stringMatching(/^[0-9a-f]{8}$/),
  fc.string({
    unit: fc.constantFrom("a", '"', "\\", "'", "<", "%", " ", "\n", "\t", "é", "{{", "$", "::", "##["),
    maxLength: 4,
  }),
).map(([core, rest]) => ({ core: `x${core}`, value: `x${core}${rest}` }));

const lookup = fc.record({
  source: fc.constantFrom(...Object.keys(SOURCES) as Source[]),
  place: fc.constantFrom(...Object.keys(PLACES) as Place[]),
  old: valueOf,
  new: valueOf,
}).map((one) => ({
  ...one,
  // Where ECS takes a name, what is not secret for certain is shown.
  place: one.place === "workingDirectory" && !NEVER_SHOWN.includes(one.source) ? "command" : one.place,
}));
type Lookup = typeof lookup extends fc.Arbitrary<infer Of> ? Of : never;

function filesWith(lookups: readonly Lookup[], side: "old" | "new") {
  const members = lookups.map(({ source, place }, n) => PLACES[place].replace("@", SOURCES[source](n)));
  const task = DEFINITION_FILES["ecs-task-def.json"]!
    .replace(/"environment": \[[^\]]*\],/, "")
    .replace('"essential": true', [...members, '"essential": true'].join(", "));
  const outputs = lookups.map((one, n) => [`o${n}`, { value: one[side].value, type: "string", sensitive: true }]);
  return {
    ...DEFINITION_FILES,
    "ecspresso.yml": `${DEFINITION_FILES["ecspresso.yml"]}plugins:\n  - name: tfstate\n    config: {path: s.tfstate}\n`,
    "ecs-task-def.json": task,
    "s.tfstate": JSON.stringify({ version: 4, outputs: Object.fromEntries(outputs), resources: [] }),
  };
}

async function run(
  lookups: readonly Lookup[],
  side: "old" | "new",
  args: readonly string[],
  emulator: ReturnType<typeof myservice>,
  isForGithub: boolean,
): Promise<Result> {
  const env = Object.fromEntries(
    lookups.flatMap((one, n) => [`X${n}`, `PASSWORD${n}`].map((name) => [name, one[side].value])),
  );
  lookups.forEach((one, n) => {
    emulator.setParameter(`/text/${n}`, one[side].value);
    emulator.setParameter(`/secure/${n}`, one[side].value, "SecureString");
  });
  const github = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: "summary.md", GITHUB_OUTPUT: "outputs" };
  const files = filesWith(lookups, side);
  return await runInProcess(emulator, args, { files, env: { ...env, ...(isForGithub ? github : {}) } });
}

/** Looks for each value, and for a part of it, in all that was written. */
function assertHidden(lookups: readonly Lookup[], { stdout, stderr, files }: Result): void {
  const written = ["summary.md", "outputs", "arn.txt"].map((name) => files.get(name) ?? "");
  const all = [stdout, stderr, ...written].join("\n");
  for (const { core, value } of lookups.flatMap((one) => [one.old, one.new])) {
    for (const form of [core, Buffer.from(value).toString("base64").slice(0, -4)]) {
      const at = all.indexOf(form);
      assert.equal(at, -1, `${form} is shown: ${all.slice(Math.max(0, at - 200), at + 60)}`);
    }
  }
}

/** How long tasks take means nothing here. */
const QUICK = healthy({ startMs: 2_000, stopMs: 2_000 });

Deno.test(`${DEFINITIONS} definitions: what they look up, and what it was before, is shown nowhere`, async () => {
  const scene = fc.record({
    // Each place once: it is a member of one container.
    lookups: fc.uniqueArray(lookup, { selector: ({ place }) => place, minLength: 1, maxLength: 5 }),
    args: fc.constantFrom(...COMMANDS),
    failing: fc.constantFrom(undefined, "RegisterTaskDefinition", "UpdateService", "DescribeTaskDefinition"),
    echo: fc.constantFrom(...ECHOES),
    isForGithub: fc.boolean(),
    crashes: fc.boolean(),
  });
  let shown = 0;
  await fc.assert(
    fc.asyncProperty(scene, async ({ lookups, args, failing, echo, isForGithub, crashes }) => {
      const emulator = myservice({ behaviours: { 3: QUICK, 4: QUICK, 5: QUICK, 6: crashes ? crashLoop() : QUICK } });
      // What runs was made of the same files, with the values of another day.
      assert.equal((await run(lookups, "old", ["deploy"], emulator, false)).code, 0);
      if (failing !== undefined) {
        // These send nothing of the files.
        const sends = args[0] !== "rollback" && args[0] !== "status";
        const message = !sends ? "no" : lookups.map((one) => echo(one.new.value)).join("; ");
        const failure = () => new AwsFailure("ClientException", message);
        emulator.inject({ operation: failing, times: Infinity, effect: { kind: "refuse", failure } });
      }
      const result = await run(lookups, "new", args, emulator, isForGithub);
      assert.ok([0, 4, 5, 6, 7, 9].includes(result.code), `${result.code}: ${result.stderr}`);
      assertHidden(lookups, result);
      if (/\(hidden/.test(result.stdout + result.stderr)) shown++;
    }),
    tries(DEFINITIONS),
  );
  assert.ok(shown > DEFINITIONS / 4, "most of them are about hidden values at all");
});
