import assert from "node:assert/strict";

/** What a service takes of the heap while it is watched, in the program and in the emulator: of the latter, some 25 kB. */
const MAX_EACH_BYTES = 40_000;

async function retainedBytes(services: number): Promise<number> {
  const script = new URL("./retained_memory.ts", import.meta.url).pathname;
  const args = ["run", "--no-check", "--allow-all", "--v8-flags=--expose-gc", script, String(services)];
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return Number(new TextDecoder().decode(stdout).trim().split("\n").at(-1));
}

Deno.test("each further service that is watched takes a small part of memory", async () => {
  const [some, many] = [await retainedBytes(300), await retainedBytes(500)] as const;
  const each = (many - some) / 200;
  assert.ok(each <= MAX_EACH_BYTES, `${Math.round(each)} bytes each`);
});
