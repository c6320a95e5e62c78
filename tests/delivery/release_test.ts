import assert from "node:assert/strict";
import { sha256 } from "./action_runner.ts";
import { readWorkflows, type Step } from "./workflow_files.ts";

/** The scripts within the release workflow, run in their order with a `gh` that only writes down its arguments. */

const { jobs } = (await readWorkflows()).find(({ name }) => name.endsWith("/release.yml"))!;

const DIST: Readonly<Record<string, string>> = {
  "ecspresso-x86_64-unknown-linux-gnu": "an executable",
  "ecspresso-x86_64-pc-windows-msvc.exe": "another",
  "ecspresso.cdx.json": "{}",
};

interface Release {
  readonly folder: string;
  /** Runs the scripts of a job; rejects with what the first one printed that has failed. */
  run(job: string): Promise<void>;
  /** From now on these releases are published, newest first. */
  publish(...tags: string[]): Promise<void>;
  /** The command lines that `gh` was started with. */
  gh(): Promise<string[]>;
}

/** @param draft what `gh release view` says of an earlier run's release; with none there is no release */
async function inRelease(tag: string, draft: boolean | undefined, test: (release: Release) => Promise<void>) {
  const folder = await Deno.makeTempDir({ prefix: "ecspresso-release-" });
  try {
    await Deno.mkdir(`${folder}/bin`);
    await Deno.mkdir(`${folder}/dist`);
    for (const [name, text] of Object.entries(DIST)) await Deno.writeTextFile(`${folder}/dist/${name}`, text);
    const view = draft === undefined ? "exit 1" : `echo ${draft}; exit`;
    const gh =
      `#!/bin/sh\necho "$*" >>"${folder}/gh"\nif [ "$2" = view ]; then ${view}; fi\nif [ "$2" = list ]; then cat "${folder}/published"; fi\n`;
    await Deno.writeTextFile(`${folder}/bin/gh`, gh, { mode: 0o755 });
    await Deno.writeTextFile(`${folder}/published`, "");
    await test({
      folder,
      async run(job) {
        for (const step of jobs[job]!.steps) if (step.run !== undefined) await runStep(folder, tag, step);
      },
      publish: (...tags) => Deno.writeTextFile(`${folder}/published`, tags.map((tag) => `${tag}\n`).join("")),
      gh: async () => (await Deno.readTextFile(`${folder}/gh`)).trim().split("\n"),
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function runStep(folder: string, tag: string, step: Step): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-e", "-c", step.run!],
    cwd: `${folder}/${step["working-directory"] ?? ""}`,
    env: { PATH: `${folder}/bin:${Deno.env.get("PATH")}`, GITHUB_REF_NAME: tag },
    clearEnv: true,
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) throw new Error(`${text(stdout)}${text(stderr)}`);
}

function testRelease(name: string, tag: string, draft: boolean | undefined, test: (release: Release) => Promise<void>) {
  Deno.test({ name, ignore: Deno.build.os !== "linux", fn: () => inRelease(tag, draft, test) });
}

testRelease("the checksums are of all files of the release", "v1.0.0", undefined, async ({ folder, run }) => {
  await run("attest");
  const checksums = await Deno.readTextFile(`${folder}/dist/checksums.txt`);
  const lines = Object.entries(DIST).map(([name, text]) => `${sha256(text)}  ${name}`);
  assert.deepEqual(checksums.trim().split("\n").sort(), lines.sort());
});

testRelease("a second run makes the checksums anew", "v1.0.0", undefined, async ({ folder, run }) => {
  await run("attest");
  const checksums = await Deno.readTextFile(`${folder}/dist/checksums.txt`);
  await run("attest");
  assert.equal(await Deno.readTextFile(`${folder}/dist/checksums.txt`), checksums);
  await run("publish");
});

testRelease("a release is a draft until all of it is there", "v1.0.0", undefined, async ({ run, gh }) => {
  await run("attest");
  await run("publish");
  const files = ["checksums.txt", ...Object.keys(DIST)].sort().map((name) => `dist/${name}`);
  const [, create, list, ...rest] = await gh();
  const [options, uploaded] = create!.split(" --notes-file notes.md ");
  assert.equal(options, "release create v1.0.0 --draft --verify-tag --title v1.0.0");
  assert.deepEqual(uploaded!.split(" ").sort(), files);
  assert.match(list!, /^release list --exclude-drafts --exclude-pre-releases /);
  assert.deepEqual(rest, ["release edit v1.0.0 --draft=false --latest=true"]);
});

testRelease("a pre-release is called one, and so is not the latest", "v1.0.0-rc.1", undefined, async ({ run, gh }) => {
  await run("attest");
  await run("publish");
  const commands = await gh();
  assert.match(commands[1]!, /^release create v1\.0\.0-rc\.1 .* --prerelease /);
  assert.match(commands.at(-1)!, /^release edit .* --latest=false$/);
});

testRelease("the newest version is the latest", "v1.10.0", undefined, async ({ run, publish, gh }) => {
  await publish("v1.8.1", "v1.9.0", "v1.8.0");
  await run("attest");
  await run("publish");
  assert.match((await gh()).at(-1)!, /^release edit .* --latest=true$/);
});

testRelease("a fix of an older line does not become the latest", "v1.9.1", undefined, async ({ run, publish, gh }) => {
  await publish("v1.10.0", "v1.9.0");
  await run("attest");
  await run("publish");
  assert.match((await gh()).at(-1)!, /^release edit .* --latest=false$/);
});

testRelease("the draft of a run that failed is removed", "v1.0.0", true, async ({ run, gh }) => {
  await run("attest");
  await run("publish");
  assert.equal((await gh())[1], "release delete v1.0.0 --yes");
});

testRelease("a release that is published already is not removed", "v1.0.0", false, async ({ run, gh }) => {
  await run("attest");
  await run("publish");
  assert.ok(!(await gh()).some((line) => line.includes("delete")));
});

testRelease("nothing is published that has changed since", "v1.0.0", undefined, async ({ folder, run }) => {
  await run("attest");
  await Deno.writeTextFile(`${folder}/dist/ecspresso.cdx.json`, "[]");
  await assert.rejects(run("publish"), /ecspresso\.cdx\.json: FAILED/);
  await assert.rejects(Deno.stat(`${folder}/gh`), Deno.errors.NotFound);
});
