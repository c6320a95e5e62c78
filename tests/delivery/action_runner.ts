import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { type ReleasePage, REPOSITORY, startReleasePage } from "./release_page.ts";
import { filesBelow, readAction, ROOT } from "./workflow_files.ts";

/** The step of the action on a runner of its own: the folders and variables that GitHub's runner would set. */

/** What the action takes for Linux on x64, which the runner is unless a test says otherwise. */
export const ASSET = "ecspresso-x86_64-unknown-linux-gnu";

const [STEP] = (await readAction()).steps;
const LONGEST_RUN_MS = 30_000;

interface Installed {
  readonly code: number;
  readonly lines: readonly string[];
  readonly stderr: string;
  /** What the next steps of the job would see. */
  readonly path: string;
  readonly outputs: string;
  /** All files below RUNNER_TEMP. */
  readonly left: readonly string[];
}

export interface Runner {
  /** Whose `bin` comes first on the PATH, and whose `temp dir` is RUNNER_TEMP. */
  readonly folder: string;
  readonly page: ReleasePage;
  /** Runs the step of action.yml; `env` wins over what the runner sets. */
  install(version?: string, env?: Record<string, string>): Promise<Installed>;
}

/** A program that says its version as ours does. */
export function executable(version: string): string {
  return `#!/usr/bin/env bash\necho "ecspresso ${version}"\n`;
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A release whose checksums fit. */
export function release(version: string, names: readonly string[] = [ASSET], text = executable(version)) {
  const checksums = names.map((name) => `${sha256(text)}  ${name}\n`).join("");
  return { ...Object.fromEntries(names.map((name) => [name, text])), "checksums.txt": checksums };
}

/** A runner, with a release page that has one release, 0.1.0. */
export async function onRunner(test: (runner: Runner) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "ecspresso-runner-" });
  const page = startReleasePage();
  page.releases.set("v0.1.0", release("0.1.0"));
  page.latest = "v0.1.0";
  try {
    await Deno.mkdir(`${folder}/temp dir`);
    await Deno.mkdir(`${folder}/bin`);
    // So that the script's pauses take no time.
    await Deno.writeTextFile(`${folder}/bin/sleep`, `#!/bin/sh\necho "$1" >>"${folder}/pauses"\n`, { mode: 0o755 });
    await test({ folder, page, install: (version = "latest", env = {}) => install(folder, page, version, env) });
  } finally {
    await page.close();
    await Deno.remove(folder, { recursive: true });
  }
}

/** What a runner of GitHub's has in the environment of a step. */
function runnerVariables(folder: string, page: ReleasePage): Record<string, string> {
  return {
    PATH: `${folder}/bin:${Deno.env.get("PATH")}`,
    HOME: folder,
    RUNNER_OS: "Linux",
    RUNNER_ARCH: "X64",
    RUNNER_TEMP: `${folder}/temp dir`,
    GITHUB_ACTION_PATH: fileURLToPath(ROOT),
    GITHUB_PATH: `${folder}/path`,
    GITHUB_OUTPUT: `${folder}/output`,
    GITHUB_SERVER_URL: page.url,
  };
}

async function install(
  folder: string,
  page: ReleasePage,
  version: string,
  env: Record<string, string>,
): Promise<Installed> {
  assert.equal(STEP!.shell, "bash");
  const given = {
    "${{ inputs.version }}": version,
    "${{ github.action_repository || github.repository }}": REPOSITORY,
  };
  const variables = Object.entries(STEP!.env!).map(([name, value]) => [name, given[value as keyof typeof given]]);
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", STEP!.run!],
    env: { ...runnerVariables(folder, page), ...Object.fromEntries(variables), ...env },
    clearEnv: true,
    cwd: folder,
    signal: AbortSignal.timeout(LONGEST_RUN_MS),
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const read = (path: string) => Deno.readTextFile(path).catch(() => "");
  return {
    code,
    lines: text(stdout).split("\n").filter((line) => line !== ""),
    stderr: text(stderr),
    path: await read(`${folder}/path`),
    outputs: await read(`${folder}/output`),
    left: (await filesBelow(`${folder}/temp dir`)).sort(),
  };
}

/** The one line of a refusal; nothing is on the PATH, and nothing is left. */
export function refusal({ code, lines, path, outputs, left }: Installed): string {
  assert.deepEqual({ code, path, outputs, left, count: lines.length }, {
    code: 1,
    path: "",
    outputs: "",
    left: [],
    count: 1,
  });
  const [, message] = /^::error title=ecspresso::(.*)$/.exec(lines[0]!) ?? [];
  assert.ok(message !== undefined, lines[0]);
  return message;
}
