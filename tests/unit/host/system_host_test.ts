import assert from "node:assert/strict";
import { systemHost } from "../../../src/host/system_host.ts";

const { clock, files, env, random, stdout, stderr, terminalSize } = systemHost();

Deno.test("files.kindOf() distinguishes a file, a folder and nothing", async () => {
  assert.equal(await files.kindOf("deno.json"), "file");
  assert.equal(await files.kindOf("src"), "folder");
  for (const path of ["no-such-file", "no/such/file", "deno.json/file"]) {
    assert.equal(await files.kindOf(path), undefined);
  }
});

Deno.test("files.readText() reads a file, and returns undefined for one that is not there", async () => {
  assert.match(await files.readText("deno.json") ?? "", /"version"/);
  assert.equal(await files.readText("no/such/file"), undefined);
  await assert.rejects(files.readText("src"), "a folder is no file that is not there");
});

Deno.test("files.appendText() adds to a file, and makes one where there is none", async () => {
  const folder = await Deno.makeTempDir();
  await files.appendText(`${folder}/new`, "one\n");
  await files.appendText(`${folder}/new`, "two\n");
  assert.equal(await files.readText(`${folder}/new`), "one\ntwo\n");
  await assert.rejects(files.appendText(`${folder}/none/new`, "one\n"));
  await Deno.remove(folder, { recursive: true });
});

Deno.test("clock.sleep() ends after its time, or at once when its signal is aborted", async () => {
  const before = clock.now();
  await clock.sleep(20);
  assert.ok(clock.now() - before >= 19);
  const aborted = new AbortController();
  const sleeping = clock.sleep(60_000, aborted.signal);
  aborted.abort();
  await sleeping;
  await clock.sleep(60_000, aborted.signal);
  assert.ok(clock.now() - before < 10_000);
});

Deno.test("clock.deadline() aborts after its time", async () => {
  const signal = clock.deadline(5);
  assert.equal(signal.aborted, false);
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
  assert.equal(signal.aborted, true);
});

Deno.test("env sets what the process sees", () => {
  assert.equal(env.get("ECSPRESSO_TEST_UNSET"), undefined);
  env.set("ECSPRESSO_TEST_SET", "1");
  assert.equal(Deno.env.get("ECSPRESSO_TEST_SET"), "1");
  Deno.env.delete("ECSPRESSO_TEST_SET");
});

Deno.test("random() is in [0, 1), and the outputs know what they are", () => {
  const number = random();
  assert.ok(number >= 0 && number < 1);
  assert.deepEqual([stdout.isTerminal, stderr.isTerminal], [Deno.stdout.isTerminal(), Deno.stderr.isTerminal()]);
});

Deno.test("clock.deadline() takes any length", async () => {
  const signal = clock.deadline(366 * 24 * 3_600_000);
  await clock.sleep(20);
  assert.equal(signal.aborted, false);
});

Deno.test("terminalSize() knows a size, or 0, whether there is a terminal or none", () => {
  const { columns, rows } = terminalSize();
  assert.ok(columns >= 0 && rows >= 0, `${columns} x ${rows}`);
});
