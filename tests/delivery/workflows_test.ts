import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import {
  type Job,
  readAction,
  readOwnUses,
  readRecipes,
  readScripts,
  readWorkflows,
  ROOT,
  type Step,
} from "./workflow_files.ts";
import { actionErrors, workflowErrors } from "./workflow_schema.ts";

const WORKFLOWS = await readWorkflows();
const ACTION = await readAction();
const RECIPES = await readRecipes();

const [OURS] = await readOwnUses();

function stepsOf(jobs: Readonly<Record<string, Job>>): Step[] {
  return Object.values(jobs).flatMap(({ steps }) => steps);
}

const STEPS = [...WORKFLOWS.flatMap(({ jobs }) => stepsOf(jobs)), ...ACTION.steps];

/** The actions of other people that a file uses, as it names them, with the comment behind. */
function othersActions(text: string): string[] {
  return [...text.matchAll(/^\s*(?:- )?uses: (.+)$/gm)]
    .map(([, use]) => use!)
    .filter((use) => use !== "./" && use !== `${OURS?.address}@${OURS?.version}`);
}

Deno.test("workflows and the action keep to GitHub's schema", async () => {
  assert.ok(WORKFLOWS.length >= 2);
  for (const { name, text } of WORKFLOWS) assert.deepEqual(await workflowErrors(name, text), []);
  assert.deepEqual(actionErrors(ACTION.name, ACTION.text), []);
});

Deno.test("so do the workflows in the documents", async () => {
  assert.ok(RECIPES.some(({ isWorkflow }) => isWorkflow));
  for (const { text, isWorkflow } of RECIPES) {
    const steps = text.replace(/^/gm, "      ");
    const workflow = isWorkflow ? text : `on: push\njobs:\n  job:\n    runs-on: ubuntu-24.04\n    steps:\n${steps}`;
    assert.deepEqual(await workflowErrors("a document", workflow), []);
  }
});

Deno.test("the schema finds a wrong key, expression, permission or need", async () => {
  const { text } = WORKFLOWS[0]!;
  const broken = {
    "timeout-minutes:": "timeout-minute:",
    "${{ github.ref }}": "${{ github.ref ",
    "${{ github.workflow }}": "${{ nothing.workflow }}",
    "contents: read": "content: read",
    "runs-on: ubuntu-24.04": "needs: nobody\n    runs-on: ubuntu-24.04",
  };
  for (const [right, wrong] of Object.entries(broken)) {
    assert.ok((await workflowErrors("ci.yml", text.replace(right, () => wrong))).length > 0, wrong);
  }
  assert.ok(actionErrors("action.yml", ACTION.text.replace("shell: bash", "")).length > 0);
});

Deno.test("every action of others is pinned to a commit, everywhere to the same, with its version beside it", () => {
  const pins = new Map<string, string>();
  const uses = [...WORKFLOWS, ACTION, ...RECIPES].flatMap(({ text }) => othersActions(text));
  assert.ok(uses.length > 10);
  for (const use of uses) {
    const [, name, pin] = /^([\w-]+\/[\w./-]+)@([0-9a-f]{40} # v\d+\.\d+\.\d+)$/.exec(use) ?? [];
    assert.ok(name !== undefined, `not pinned: ${use}`);
    assert.equal(pins.get(name) ?? pin, pin, `two pins of ${name}`);
    pins.set(name, pin!);
  }
});

Deno.test("no script has an expression in it: what it is given comes in a variable", () => {
  const scripts = STEPS.flatMap(({ run }) => run ?? []);
  assert.ok(scripts.length > 10);
  for (const script of scripts) assert.ok(!script.includes("${{"), script);
});

Deno.test("every workflow has one run at a time, and every job its own permissions and time limit", () => {
  for (const { name, permissions, concurrency, jobs } of WORKFLOWS) {
    assert.deepEqual(permissions, {}, name);
    assert.ok(concurrency, name);
    for (const [id, job] of Object.entries(jobs)) {
      assert.ok(job.permissions, `${name}: ${id} has no permissions`);
      // `deno task fuzz` ends within an hour.
      assert.ok(job["timeout-minutes"]! <= (id === "fuzz" ? 70 : 30), `${name}: ${id} has no time limit`);
    }
  }
});

Deno.test("what may write is a job of its own, and leaves its token behind only where it pushes", () => {
  const writers = WORKFLOWS.flatMap(({ jobs }) =>
    Object.entries(jobs).flatMap(([id, { permissions }]) =>
      Object.entries(permissions!).filter(([, access]) => access === "write").map(([scope]) => `${id} ${scope}`)
    )
  );
  assert.deepEqual(writers, ["attest id-token", "attest attestations", "publish contents", "major-tag contents"]);
  const pushing = WORKFLOWS.flatMap(({ jobs }) =>
    Object.entries(jobs).filter(([, { steps }]) =>
      steps.some((step) => step.uses?.startsWith("actions/checkout@") && step.with?.["persist-credentials"] !== false)
    )
  );
  assert.deepEqual(pushing.map(([id]) => id), ["major-tag"]);
});

Deno.test("the workflows run the Deno that .ci/run does", async () => {
  const script = await Deno.readTextFile(new URL(".ci/run", ROOT));
  const wanted = new Set([...script.matchAll(/deno@(\d+\.\d+\.\d+)/g)].map(([, version]) => version));
  const used = STEPS.filter(({ uses }) => uses?.startsWith("denoland/setup-deno@")).map((step) =>
    step.with?.["deno-version"]
  );
  assert.ok(used.length >= 3);
  assert.deepEqual(new Set(used), wanted);
});

Deno.test("where tests run on Linux, there is what .ci/run installs for them: without it they would be skipped", async () => {
  const script = await Deno.readTextFile(new URL(".ci/run", ROOT));
  const packages = /^packages=\((.+)\)$/m.exec(script)?.[1];
  assert.ok(packages);
  const testing = WORKFLOWS.flatMap(({ jobs }) =>
    Object.entries(jobs).filter(([, { steps }]) => steps.some(({ run }) => run?.startsWith("deno task test")))
  );
  assert.deepEqual(testing.map(([id]) => id), ["test", "executable", "build"]);
  for (const [id, { steps }] of testing) {
    const wanted = `sudo apt-get install --yes --no-install-recommends ${packages}\n`;
    assert.ok(steps.some(({ run }) => run?.endsWith(wanted)), id);
  }
});

Deno.test("the release builds what the action installs", async () => {
  const install = await Deno.readTextFile(new URL(".github/action/install.sh", ROOT));
  const targets = [...install.matchAll(/\) echo ([a-z0-9_-]+) ;;/g)].map(([, target]) => target);
  const { text } = WORKFLOWS.find(({ name }) => name.endsWith("/release.yml"))!;
  assert.deepEqual([...text.matchAll(/target: ([a-z0-9_-]+),/g)].map(([, target]) => target), targets);
  assert.equal(targets.length, 5);
});

Deno.test("the documents name the major version that a release would move the tag of", async () => {
  const { version } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  assert.equal(OURS?.version, `v${version.split(".")[0]}`);
});

async function isInstalled(command: string): Promise<boolean> {
  try {
    return (await new Deno.Command(command, { args: ["--version"] }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

const hasShellcheck = await isInstalled("shellcheck");

async function shellcheck(args: readonly string[], script = ""): Promise<string> {
  const child = new Deno.Command("shellcheck", {
    args: [...args],
    cwd: fileURLToPath(ROOT),
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(script));
  await writer.close();
  return new TextDecoder().decode((await child.output()).stdout);
}

Deno.test({
  name: `shellcheck finds nothing in any script${hasShellcheck ? "" : " (it is not on this machine)"}`,
  ignore: !hasShellcheck,
  fn: async () => {
    const scripts = await readScripts();
    assert.deepEqual(scripts, [".ci/run", ".github/action/install.sh", ".github/release/move_major_tag.sh"]);
    assert.equal(await shellcheck(scripts), "");
    // As GitHub runs them.
    for (const { run } of STEPS) if (run) assert.equal(await shellcheck(["--shell=bash", "-"], `set -e\n${run}`), "");
    assert.match(await shellcheck(["--shell=bash", "-"], 'rm -rf "$1"/* $2\n'), /SC2086/);
  },
});

Deno.test("a checkout has the line ends that were committed, also where git would write those of Windows", async () => {
  const folder = await Deno.makeTempDir({ prefix: "ecspresso-checkout-" });
  const git = async (...args: string[]) => {
    const { success, stderr } = await new Deno.Command("git", { args, cwd: folder }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
  };
  try {
    await Deno.copyFile(new URL(".gitattributes", ROOT), `${folder}/.gitattributes`);
    const texts = { "install.sh": "echo\n", "windows.yml": "a: 1\r\n" };
    for (const [name, text] of Object.entries(texts)) await Deno.writeTextFile(`${folder}/${name}`, text);
    await git("init", "--quiet");
    await git("config", "core.autocrlf", "true");
    await git("add", ".");
    for (const name of Object.keys(texts)) await Deno.remove(`${folder}/${name}`);
    await git("checkout", "--", ".");
    for (const [name, text] of Object.entries(texts)) assert.equal(await Deno.readTextFile(`${folder}/${name}`), text);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the Dockerfile names both of its bases by digest", async () => {
  const bases = (await Deno.readTextFile(new URL("Dockerfile", ROOT))).match(/^FROM .*$/gm)!;
  assert.equal(bases.length, 2);
  for (const base of bases) assert.match(base, /@sha256:[0-9a-f]{64}( AS build)?$/);
});
