import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { codeBlocks, documents, readDocument } from "../documents.ts";

/** The workflows and the action as data, for rules that GitHub's schema does not have. */

export const ROOT = new URL("../../", import.meta.url);

export interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly "working-directory"?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly steps: readonly Step[];
}

interface WorkflowFile {
  /** Relative to the repository, as a message names it. */
  readonly name: string;
  readonly text: string;
  readonly permissions: unknown;
  readonly concurrency: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

export async function readWorkflows(): Promise<WorkflowFile[]> {
  const folder = new URL(".github/workflows/", ROOT);
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  return await Promise.all(
    names.sort().map(async (name) => {
      const text = await Deno.readTextFile(new URL(name, folder));
      const { permissions, concurrency, jobs } = parse(text);
      return { name: `.github/workflows/${name}`, text, permissions, concurrency, jobs };
    }),
  );
}

interface ActionFile {
  readonly name: string;
  readonly text: string;
  readonly steps: readonly Step[];
}

export async function readAction(): Promise<ActionFile> {
  const text = await Deno.readTextFile(new URL("action.yml", ROOT));
  return { name: "action.yml", text, steps: parse(text).runs.steps };
}

/** The workflows that the documents show, in full or in part; those in part have no jobs. */
export async function readRecipes(): Promise<{ readonly text: string; readonly isWorkflow: boolean }[]> {
  const texts = await Promise.all((await documents()).map(readDocument));
  return texts.flatMap((text) => codeBlocks(text, "yaml"))
    .filter((text) => /\buses: /.test(text))
    .map((text) => ({ text, isWorkflow: /^jobs:$/m.test(text) }));
}

/** What the documents name by a major version, which only this repository may be: its address, and that version. */
export async function readOwnUses(): Promise<{ readonly address: string; readonly version: string }[]> {
  const uses = (await readRecipes()).flatMap(({ text }) => [...text.matchAll(/^\s*(?:- )?uses: (\S+)@(v\d+)$/gm)]);
  return uses.map(([, address, version]) => ({ address: address!, version: version! }));
}

/** The scripts of the repository, relative to it. */
export async function readScripts(): Promise<string[]> {
  const found = await Promise.all([".ci", ".github"].map(async (folder) => {
    const paths = await filesBelow(fileURLToPath(new URL(folder, ROOT)));
    return paths.map((path) => `${folder}/${path}`);
  }));
  const isScript = async (path: string) => (await Deno.readTextFile(new URL(path, ROOT))).startsWith("#!");
  const scripts = await Promise.all(found.flat().map(async (path) => await isScript(path) ? [path] : []));
  return scripts.flat().sort();
}

/** All files in a folder and below it, relative to it. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  const found = await Promise.all(entries.map(async ({ name, isDirectory }) => {
    return isDirectory ? (await filesBelow(`${folder}/${name}`)).map((path) => `${name}/${path}`) : [name];
  }));
  return found.flat();
}
