import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { PERMISSIONS } from "../../e2e/cli_process.ts";

/** What is given up is gone for good, so each test gives it up in a process of its own, with the program's permissions. */
async function runNarrowed(script: string, args: readonly string[] = []): Promise<string> {
  const module = new URL("../../../src/host/system_host.ts", import.meta.url).href;
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(
    file,
    `import { systemHost } from "${module}";\nconst { giveUp, files } = systemHost();\n${script}`,
  );
  try {
    const config = fileURLToPath(new URL("../../../deno.json", import.meta.url));
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "--no-check", "--cached-only", "--config", config, ...PERMISSIONS, file, ...args],
    }).output();
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    return new TextDecoder().decode(stdout).trim();
  } finally {
    await Deno.remove(file);
  }
}

Deno.test("giveUp() takes away what it names, and nothing else", async () => {
  const script = `
    const states = () => ["run", "write", "ffi", "read", "env", "net", "sys"].map((name) =>
      name + " " + Deno.permissions.querySync({ name }).state
    ).join(", ");
    giveUp(["run"]);
    console.log(states());
    giveUp(["run", "write", "ffi"]);
    console.log(states());
    try { new Deno.Command("true").outputSync(); console.log("ran"); } catch (error) { console.log(error.name); }
    try { Deno.writeTextFileSync(Deno.args[0], ""); console.log("wrote"); } catch (error) { console.log(error.name); }
    console.log((await Deno.permissions.request({ name: "run" })).state === "granted");`;
  assert.deepEqual((await runNarrowed(script, ["no/such/file"])).split("\n"), [
    "run prompt, write granted, ffi prompt, read granted, env granted, net granted, sys granted",
    "run prompt, write prompt, ffi prompt, read granted, env granted, net granted, sys granted",
    "NotCapable",
    "NotCapable",
    "false",
  ]);
});

Deno.test("a file that is held can be replaced and added to without the permission to write", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/replaced`, "a longer text than the new one\n");
    await Deno.writeTextFile(`${folder}/added`, "one\n");
    const script = `
      const [folder] = Deno.args;
      const [replaced, added, other] = ["replaced", "added", "other"].map((name) => folder + "/" + name);
      console.log(files.hold(replaced), files.hold(added), files.hold(added), files.hold(other), files.hold(folder));
      giveUp(["write"]);
      await files.writeText(replaced, "new\\n");
      await files.appendText(added, "two\\n");
      await files.appendText(added, "three\\n");
      console.log(await files.writeText(other, "x").then(() => "wrote", (error) => error.name));`;
    assert.deepEqual((await runNarrowed(script, [folder])).split("\n"), ["true true true false false", "NotCapable"]);
    assert.equal(await Deno.readTextFile(`${folder}/replaced`), "new\n");
    assert.equal(await Deno.readTextFile(`${folder}/added`), "one\ntwo\nthree\n");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
