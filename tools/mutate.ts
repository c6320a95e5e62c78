/**
 * Breaks the rules of safety on purpose, one at a time, and expects that a test fails: `deno task mutate`, or
 * `deno task mutate WORDS` for the rules that contain the words.
 *
 * The rules are in tests/mutations/rules. They are broken in a copy of the working tree, never in the tree itself.
 * Exits with 1 when no test notices one of them.
 */

import { fileOf, mutate } from "../tests/mutations/mutate.ts";
import { type Rule, testOf } from "../tests/mutations/rule.ts";
import { RULES } from "../tests/mutations/rules.ts";
import { createSandbox, type Sandbox, testPermissions } from "./sandbox.ts";

/** Copies all files that git tracks, or would track, as they are now, committed or not. */
async function copyWorkingTree(to: string): Promise<void> {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const { success, stdout } = await new Deno.Command("git", { args, stderr: "inherit" }).output();
  if (!success) throw new Error("git ls-files failed");
  for (const file of new TextDecoder().decode(stdout).split("\0").filter((name) => name !== "")) {
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

/**
 * Runs tests in the copy. Returns the name of the first one that failed.
 *
 * @throws Error when none could run
 */
async function findFailure(
  tests: readonly string[],
  folder: string,
  { env, temporary }: Sandbox,
): Promise<string | undefined> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--cached-only", "--no-check", "--parallel", ...testPermissions([temporary]), ...tests],
    cwd: folder,
    env: { ...env, NO_COLOR: "1" },
    clearEnv: true,
  }).output();
  if (success) return undefined;
  const output = new TextDecoder().decode(stdout);
  const [, failed] = /^ FAILURES\s*\n\n(.+?)(?: => .*)?$/m.exec(output) ?? [];
  if (failed === undefined || failed.endsWith("(uncaught error)")) {
    throw new Error(`${tests.join(" ")}: no test could run:\n${output}${new TextDecoder().decode(stderr)}`);
  }
  return failed;
}

/** Runs the rule's test while the rule is broken in the copy. Returns the name of the test that failed. */
async function breakRule(rule: Rule, folder: string, sandbox: Sandbox): Promise<string | undefined> {
  const path = `${folder}/${fileOf(rule)}`;
  const source = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, mutate(source, rule));
  try {
    return await findFailure([testOf(rule)], folder, sandbox);
  } finally {
    await Deno.writeTextFile(path, source);
  }
}

async function main(words: string): Promise<boolean> {
  const rules = RULES.filter(({ rule }) => rule.includes(words));
  if (rules.length === 0) throw new Error(`no rule contains ${JSON.stringify(words)}`);
  const sandbox = await createSandbox();
  try {
    const folder = `${sandbox.temporary}/copy`;
    await copyWorkingTree(folder);
    // Otherwise every broken rule would seem to be noticed.
    const failed = await findFailure([...new Set(rules.map(testOf))], folder, sandbox);
    if (failed !== undefined) throw new Error(`with every rule kept, this test fails: ${failed}`);
    let unnoticed = 0;
    for (const rule of rules) {
      const noticedBy = await breakRule(rule, folder, sandbox);
      if (noticedBy === undefined) unnoticed++;
      console.log(`${rule.rule}\n  ${noticedBy ?? `NOT NOTICED by ${testOf(rule)}: ${rule.in}`}`);
    }
    console.log(`${rules.length - unnoticed} noticed, ${unnoticed} not`);
    return unnoticed === 0;
  } finally {
    await sandbox.remove();
  }
}

Deno.exit(await main(Deno.args.join(" ")) ? 0 : 1);
