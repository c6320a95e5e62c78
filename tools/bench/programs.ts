import { bundleForNode } from "../bundle.ts";
import { compileExecutable } from "../executable.ts";
import { Skipped } from "../interop/check.ts";
import { createTools } from "../interop/install.ts";
import { Processes } from "../interop/processes.ts";
import type { Program } from "./start_process.ts";

/** Everything is made anew and with the same Deno, for the ratio of two runtimes' versions would mean nothing. */
export async function buildExecutable(directory: string): Promise<Program> {
  const output = `${directory}/ecspresso`;
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "compile", "--output", output],
    stdout: "null",
  }).spawn().status;
  if (!success) throw new Error("deno task compile failed");
  return [output];
}

/** What no compiled program can be faster than: one that ends at once. */
export async function buildEmpty(directory: string): Promise<Program> {
  const source = `${directory}/empty-js`;
  await Deno.mkdir(source);
  await Deno.writeTextFile(`${source}/main.js`, "Deno.exit(0);\n");
  const output = `${directory}/empty`;
  await compileExecutable({ entry: `${source}/main.js`, directory: source, output });
  return [output];
}

/** The same code for Node, split in the same way; `undefined` on a machine without Node. */
export async function buildForNode(directory: string): Promise<Program | undefined> {
  try {
    await new Deno.Command("node", { args: ["--version"], stdout: "null", stderr: "null" }).output();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const outdir = `${directory}/node-js`;
  await bundleForNode("tools/bench/main_on_node.ts", outdir);
  return ["node", `${outdir}/main.mjs`];
}

/** Kayac's ecspresso, installed as `deno task interop` does it; `undefined`, and said why, where it cannot be had. */
export async function findKayacs(): Promise<Program | undefined> {
  const processes = new Processes();
  try {
    return [await createTools(processes, console.log).kayac()];
  } catch (error) {
    if (!(error instanceof Skipped)) throw error;
    console.log(`# no Kayac's ecspresso: ${error.message}`);
    return undefined;
  } finally {
    await processes.endAll();
  }
}
