import assert from "node:assert/strict";

/** Runs `deno task conformance` where `python3` is the script given, or where there is none. */
async function conformance(python: string | undefined, env: Record<string, string>) {
  const folder = await Deno.makeTempDir();
  if (python !== undefined) await Deno.writeTextFile(`${folder}/python3`, `#!/bin/sh\n${python}\n`, { mode: 0o755 });
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--no-prompt", "--allow-read", "--allow-write", "--allow-env", "--allow-run"]
      .concat("tools/conformance.ts"),
    env: { PATH: folder, ...env },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

const NO_NETWORK = "echo 'ERROR: no route to the index' >&2; exit 1";

Deno.test({
  name: "conformance that cannot be checked is skipped and says so, and is a failure in CI",
  ignore: Deno.build.os === "windows",
  async fn(t) {
    await t.step("no Python", async () => {
      const { code, stdout } = await conformance(undefined, { CI: "true" });
      assert.deepEqual({ code, stdout }, {
        code: 0,
        stdout: "conformance is skipped: python3 is not on this machine\n",
      });
    });
    await t.step("no package", async () => {
      const { code, stdout } = await conformance(NO_NETWORK, { CI: "" });
      assert.match(
        stdout,
        /^conformance is skipped: pip cannot install botocore==[\d.]+: ERROR: no route to the index\n$/,
      );
      assert.equal(code, 0);
    });
    await t.step("no package in CI", async () => {
      const { code, stdout, stderr } = await conformance(NO_NETWORK, { CI: "true" });
      assert.match(stderr, /pip cannot install botocore==[\d.]+: ERROR: no route to the index/);
      assert.equal(stdout, "");
      assert.equal(code, 1);
    });
  },
});
