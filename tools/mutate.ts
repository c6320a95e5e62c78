/**
 * Breaks the safety rules on purpose, one at a time, and expects that a test fails: `deno task mutate`, or
 * `deno task mutate WORDS` for the mutations whose names contain the words.
 *
 * The mutations are in tests/mutations/mutations.ts. They are applied to a copy of the working tree, never to the tree
 * itself. Exits with 1 when a mutation survives, and with an error when one does not fit the sources any more.
 */

import { mutate, type Mutation, MUTATIONS } from "../tests/mutations/mutations.ts";
import { createSandbox, type Sandbox, testPermissions } from "./sandbox.ts";

/** The slower ones only for the mutations that the quick ones do not catch. */
const stages = [["tests/unit", "tests/transcripts"], ["tests/property"]];
const timeLimitMs = 2 * 60_000;

/** Copies everything that git tracks, or would: as it is now, committed or not. */
async function copyWorkingTree(to: string): Promise<void> {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const { success, stdout } = await new Deno.Command("git", { args, stderr: "inherit" }).output();
  if (!success) throw new Error("git ls-files failed");
  const files = new TextDecoder().decode(stdout).split("\0").filter((file) => file !== "");
  for (const file of files) {
    await Deno.mkdir(`${to}/${file}`.replace(/\/[^/]*$/, ""), { recursive: true });
    try {
      await Deno.copyFile(file, `${to}/${file}`);
    } catch (error) {
      // Deleted, but not committed yet.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  await Deno.symlink(await Deno.realPath("node_modules"), `${to}/node_modules`, { type: "dir" });
}

/** Runs tests on the copy; answers with the name of the first one that failed. @throws Error when none could run */
async function findFailure(
  paths: readonly string[],
  folder: string,
  { env, temporary }: Sandbox,
): Promise<string | undefined> {
  const timeout = AbortSignal.timeout(timeLimitMs);
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "test",
      "--cached-only",
      "--no-check",
      "--parallel",
      "--fail-fast",
      ...testPermissions([temporary]),
      ...paths,
    ],
    cwd: folder,
    env: { ...env, NO_COLOR: "1" },
    clearEnv: true,
    signal: timeout,
  }).output();
  if (success) return undefined;
  if (timeout.aborted) return `the time limit of ${timeLimitMs / 60_000} minutes`;
  const output = new TextDecoder().decode(stdout);
  const [, failed] = /^ FAILURES\s*\n\n(.+?)(?: => .*)?$/m.exec(output) ?? [];
  if (failed === undefined) throw new Error(`no test could run:\n${output}${new TextDecoder().decode(stderr)}`);
  return failed;
}

/** Runs tests with one mutation in the copy, and takes it back; answers as `findFailure` does. */
async function judge(
  mutation: Mutation,
  paths: readonly string[],
  folder: string,
  sandbox: Sandbox,
): Promise<string | undefined> {
  const path = `${folder}/${mutation.file}`;
  const source = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, mutate(source, mutation));
  try {
    return await findFailure(paths, folder, sandbox);
  } finally {
    await Deno.writeTextFile(path, source);
  }
}

/** The first test that failed, by mutation; those that no test has caught are left out. */
async function findCatchers(mutations: readonly Mutation[], folder: string, sandbox: Sandbox) {
  const caughtBy = new Map<Mutation, string>();
  for (const paths of stages) {
    const left = mutations.filter((mutation) => !caughtBy.has(mutation));
    if (left.length === 0) break;
    // Otherwise every mutation would seem to be caught.
    const failure = await findFailure(paths, folder, sandbox);
    if (failure !== undefined) throw new Error(`without any mutation, this test fails: ${failure}`);
    for (const [index, mutation] of left.entries()) {
      const failed = await judge(mutation, paths, folder, sandbox);
      if (failed !== undefined) caughtBy.set(mutation, failed);
      console.error(`${paths.join(" ")} ${index + 1}/${left.length} ${mutation.name}: ${failed ?? "not caught"}`);
    }
  }
  return caughtBy;
}

function formatTable(mutations: readonly Mutation[], caughtBy: ReadonlyMap<Mutation, string>): string {
  const rows = [
    ["mutation", "rule", "caught by"],
    ...mutations.map((mutation) => [mutation.name, mutation.rule, caughtBy.get(mutation) ?? "SURVIVED"]),
  ];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => row.map((text, column) => text.padEnd(widths[column] ?? 0)).join("  ")).join("\n");
}

async function main(words: string): Promise<boolean> {
  const chosen = MUTATIONS.filter(({ name }) => name.includes(words));
  if (chosen.length === 0) throw new Error(`no mutation's name contains ${JSON.stringify(words)}`);
  const startedAtMs = performance.now();
  const sandbox = await createSandbox();
  try {
    const folder = `${sandbox.temporary}/copy`;
    await copyWorkingTree(folder);
    // All of them first: that the list is out of date should be known in a second.
    for (const mutation of MUTATIONS) mutate(await Deno.readTextFile(`${folder}/${mutation.file}`), mutation);
    const caughtBy = await findCatchers(chosen, folder, sandbox);
    const seconds = ((performance.now() - startedAtMs) / 1_000).toFixed(0);
    console.log(`\n${formatTable(chosen, caughtBy)}\n`);
    console.log(`${caughtBy.size} caught, ${chosen.length - caughtBy.size} survived, in ${seconds} s`);
    return caughtBy.size === chosen.length;
  } finally {
    await sandbox.remove();
  }
}

Deno.exit(await main(Deno.args.join(" ")) ? 0 : 1);
