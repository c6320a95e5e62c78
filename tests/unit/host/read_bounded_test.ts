import assert from "node:assert/strict";
import { boundStream, readBounded, readStreamBounded, type Source } from "../../../src/host/read_bounded.ts";
import { TooLarge } from "../../../src/host/bounds.ts";

/** Gives so many bytes, no more than `atOnce` at once. */
function sourceOf(length: number, atOnce: number): Source {
  let given = 0;
  return {
    read(buffer) {
      const count = Math.min(buffer.length, atOnce, length - given);
      if (count === 0) return Promise.resolve(null);
      for (let at = 0; at < count; at++) buffer[at] = (given + at) % 251;
      given += count;
      return Promise.resolve(count);
    },
  };
}

const streamOf = (...lengths: number[]) => ReadableStream.from(lengths.map((length) => new Uint8Array(length)));

Deno.test("readBounded() reads up to the bound, and not a byte more", async () => {
  for (const length of [0, 1, 65_535, 65_536, 65_537, 200_000]) {
    const bytes = await readBounded(sourceOf(length, 7_000), 200_000);
    assert.equal(bytes.length, length);
    assert.ok(bytes.every((byte, at) => byte === at % 251));
  }
  assert.equal((await readBounded(sourceOf(100, 30), 200_000, 100)).length, 100);
  await assert.rejects(readBounded(sourceOf(200_001, 7_000), 200_000), TooLarge);
  await assert.rejects(readBounded(sourceOf(Infinity, Infinity), 200_000), TooLarge);
});

Deno.test("readStreamBounded() and boundStream() break off where there is too much", async () => {
  assert.equal((await readStreamBounded(streamOf(60_000, 60_000), 120_000)).length, 120_000);
  await assert.rejects(readStreamBounded(streamOf(60_000, 60_001), 120_000), TooLarge);
  const bounded = (...lengths: number[]) => boundStream(streamOf(...lengths), 100, ({ message }) => new Error(message));
  assert.equal((await readStreamBounded(bounded(60, 40), 1_000)).length, 100);
  await assert.rejects(readStreamBounded(bounded(60, 41), 1_000), { message: "it is more than 0 MiB" });
});
