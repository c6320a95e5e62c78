import * as esbuild from "esbuild";
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { makeScripts, packScripts } from "../../tools/scripts.ts";

const SOURCES = {
  "main.ts": `import { note } from "./both.ts";
const { end } = await import("./command.ts");
note("main");
end();
`,
  "both.ts": `export const notes: string[] = [];
export const note = (name: string) => void notes.push(name);
`,
  "command.ts": `import { basename } from "node:path";
import { note, notes } from "./both.ts";
note(basename("/a/command"));
export const end = () => import("./end.ts").then(({ say }) => say(notes));
`,
  "end.ts": `export const say = (names: string[]) => console.log(names.join(), typeof (function () { return this; })());
`,
};

Deno.test("scripts share what the modules of the start have loaded, and run with any code or none, or packed", async () => {
  const directory = await Deno.makeTempDir();
  const sources = `${directory}/sources`;
  await Deno.mkdir(sources);
  for (const [name, text] of Object.entries(SOURCES)) await Deno.writeTextFile(`${sources}/${name}`, text);
  const outdir = `${directory}/bundle`;
  const { metafile } = await esbuild.build({
    entryPoints: [`${sources}/main.ts`],
    ...{ outdir, metafile: true, bundle: true, splitting: true, platform: "node", format: "esm" },
  });
  const main = Object.keys(metafile.inputs).find((input) => input.endsWith("/main.ts"))!;
  await makeScripts(outdir, metafile, [main]);

  const scripts = (await Array.fromAsync(Deno.readDir(outdir))).map(({ name }) => name)
    .filter((name) => name.endsWith(".script")).sort();
  deepStrictEqual(scripts.map((name) => name.replace(/-.*/, "")), ["command", "end"]);
  const run = async () => {
    const args = ["run", "--no-config", "--allow-read", `${outdir}/main.js`];
    const { stdout } = await new Deno.Command(Deno.execPath(), { args, stderr: "inherit" }).output();
    return new TextDecoder().decode(stdout);
  };
  strictEqual(await run(), "command,main undefined\n");
  for (const name of scripts) {
    await Deno.writeTextFile(`${outdir}/${name.replace(/script$/, "code")}`, "of another V8");
  }
  strictEqual(await run(), "command,main undefined\n");

  // Packed is what has no code, and what is short is left as it is, without.
  const [command = "", end = ""] = scripts;
  await Deno.remove(`${outdir}/${end.replace(/script$/, "code")}`);
  await packScripts(outdir);
  const left = (await Array.fromAsync(Deno.readDir(outdir))).map(({ name }) => name);
  deepStrictEqual([left.includes(command), left.includes(end)], [true, false]);
  deepStrictEqual(left.filter((name) => name.endsWith(".code")), []);
  strictEqual(await run(), "command,main undefined\n");
});
