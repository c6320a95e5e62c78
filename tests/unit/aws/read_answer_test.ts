import assert from "node:assert/strict";
import { readPages } from "../../../src/aws/read_answer.ts";
import { AwsError } from "../../../src/errors.ts";
import { revision } from "../made_up.ts";
import { inWords, wordsOf } from "../../in_words.ts";

Deno.test("readPages() refuses a list without an end, and takes 150,000 revisions", async () => {
  let taken = 0;
  const pages = readPages("ListTaskDefinitions", (token = "0") => {
    const revisions = Array.from({ length: 100 }, (_, index) => revision(Number(token) * 100 + index));
    return Promise.resolve({ items: revisions, nextToken: `${Number(token) + 1}` });
  });
  await assert.rejects(async () => {
    for await (const revisions of pages) {
      taken += revisions.length;
      if (taken > 1_000_000) break;
    }
  }, (error) => {
    assert.ok(error instanceof AwsError);
    assert.equal(
      wordsOf(error),
      "ListTaskDefinitions failed: AnswerTooLarge: the list is refused: its pages are more than 32 MiB",
    );
    return true;
  });
  assert.ok(taken > 150_000, `${taken}`);
});

Deno.test("readPages() refuses pages that have nothing but tokens, and ends where one comes back", async () => {
  let count = 0;
  const endless = readPages(
    "ListTasks",
    () => Promise.resolve({ items: [], nextToken: `${count++}${"x".repeat(100_000)}` }),
  );
  await assert.rejects(inWords(Array.fromAsync(endless)), /its pages are more than 32 MiB/);
  const around = readPages(
    "ListTasks",
    (token) => Promise.resolve({ items: [], nextToken: token === "a" ? "b" : "a" }),
  );
  assert.equal((await Array.fromAsync(around)).length, 3);
});

Deno.test("readPages() takes an empty token for none", async () => {
  const pages = readPages("ListTasks", (token) => Promise.resolve({ items: [token], nextToken: "" }));
  assert.deepEqual(await Array.fromAsync(pages), [[undefined]]);
});
