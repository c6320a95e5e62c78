import { bundleForNode } from "../bundle.ts";
import { compileExecutable } from "../executable.ts";

/** A program as the start of a command line. */
export type Program = readonly [command: string, ...args: string[]];

/** Everything is made anew and with the same Deno, for the ratio of two runtimes' versions would mean nothing. */
export async function buildExecutable(directory: string): Promise<Program> {
  const output = `${directory}/ecspresso`;
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "compile", "--output", output],
  })
    .spawn().status;
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
