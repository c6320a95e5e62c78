import assert from "node:assert/strict";
import { boundStream, readBounded, TooLarge } from "../../../src/host/read_bounded.ts";

const streamOf = (...lengths: number[]) => ReadableStream.from(lengths.map((length) => new Uint8Array(length)));

Deno.test("readBounded() reads up to the bound, and not a byte more", async () => {
  for (const length of [0, 1, 65_535, 65_536, 65_537, 200_000]) {
    const whole = Uint8Array.from({ length }, (_, at) => at % 251);
    const pieces = Array.from(
      { length: Math.ceil(length / 7_000) },
      (_, at) => whole.slice(at * 7_000, (at + 1) * 7_000),
    );
    assert.deepEqual(await readBounded(ReadableStream.from(pieces), 200_000), whole);
  }
  await assert.rejects(readBounded(streamOf(200_000, 1), 200_000), TooLarge);
  const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(7_000)) });
  await assert.rejects(readBounded(endless, 200_000), TooLarge);
});

Deno.test("readBounded() and boundStream() break off where there is too much", async () => {
  assert.equal((await readBounded(streamOf(60_000, 60_000), 120_000)).length, 120_000);
  await assert.rejects(readBounded(streamOf(60_000, 60_001), 120_000), TooLarge);
  const bounded = (...lengths: number[]) =>
    boundStream(streamOf(...lengths), 100, ({ mostBytes }) => new Error(`${mostBytes}`));
  assert.equal((await readBounded(bounded(60, 40), 1_000)).length, 100);
  await assert.rejects(readBounded(bounded(60, 41), 1_000), { message: "100" });
});
