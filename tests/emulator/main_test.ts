import assert from "node:assert/strict";
import { SCENARIOS } from "./scenarios.ts";

async function start(...args: string[]) {
  const main = new URL("main.ts", import.meta.url).href;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--quiet", "--no-check", "--allow-net=127.0.0.1", "--allow-env", main, ...args],
    env: { NO_COLOR: "1", EMULATOR_RECORDING: "" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), lines: decoder.decode(stderr).trimEnd().split("\n") };
}

Deno.test("options that the emulator does not understand end it with 2 and say why", async () => {
  const refusals: Record<string, RegExp> = {
    "--scenario=nowhere": /^emulator: no scenario "nowhere": there are healthy, crash_loop, /,
    "--port=http": /^emulator: --port http is no port/,
    "--port=65536": /^emulator: --port 65536 is no port/,
    "--speed=0": /^emulator: --speed 0 is not above 0/,
    "--bogus": /^emulator: Unknown option '--bogus'/,
  };
  await Promise.all(
    Object.entries(refusals).map(async ([option, reason]) => {
      const { code, lines, stdout } = await start(option);
      assert.equal(code, 2, option);
      assert.match(lines[0]!, reason);
      assert.match(lines[1]!, /^usage: deno task emulator /);
      assert.equal(lines.length, 2, lines.join("\n"));
      assert.equal(stdout, "");
    }),
  );
});

Deno.test("the emulator lists its scenarios", async () => {
  const { code, stdout } = await start("--list");
  assert.equal(code, 0);
  assert.deepEqual(stdout.trimEnd().split("\n").map((line) => line.split(/\s/, 1)[0]), Object.keys(SCENARIOS));
});
