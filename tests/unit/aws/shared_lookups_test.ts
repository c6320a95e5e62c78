import assert from "node:assert/strict";
import { shareLookups } from "../../../src/aws/shared_lookups.ts";
import type { ReferenceChecker } from "../../../src/model/ports.ts";

const never = new AbortController().signal;

/** A checker that only knows roles, answers when the test says so, and notes what it was asked. */
function roles() {
  const asked: { readonly name: string; readonly signal: AbortSignal; readonly answer: (policy?: string) => void }[] =
    [];
  const time = { ms: 0 };
  const readTrustPolicy = (name: string, signal: AbortSignal) =>
    new Promise<string | undefined>((resolve, reject) => {
      const fail = () => reject(new Error(`stopped: ${name}`));
      if (signal.aborted) return fail();
      signal.addEventListener("abort", fail);
      asked.push({
        name,
        signal,
        answer: (policy) => policy === "fails" ? reject(new Error(policy)) : resolve(policy),
      });
    });
  const checker = shareLookups({ readTrustPolicy } as ReferenceChecker, { elapsed: () => time.ms });
  const ask = (name: string, signal = never) => checker.readTrustPolicy(name, signal);
  return { asked, ask, time, names: () => asked.map(({ name }) => name).join(" ") };
}

Deno.test("what several want to know is asked once, also a little later, and after half a minute anew", async () => {
  const { ask, asked, time, names } = roles();
  const first = [ask("a"), ask("a"), ask("b")];
  asked[0]!.answer("policy of a");
  asked[1]!.answer();
  assert.deepEqual(await Promise.all(first), ["policy of a", "policy of a", undefined]);
  time.ms = 29_999;
  assert.equal(await ask("a"), "policy of a");
  assert.equal(names(), "a b");
  time.ms = 30_000;
  const later = ask("a");
  asked[2]!.answer("a new one");
  assert.equal(await later, "a new one");
});

Deno.test("what failed has failed for all who asked, and is asked anew", async () => {
  const { ask, asked, names } = roles();
  const both = [ask("a"), ask("a")];
  asked[0]!.answer("fails");
  for (const { status } of await Promise.allSettled(both)) assert.equal(status, "rejected");
  const again = ask("a");
  asked[1]!.answer("policy of a");
  assert.equal(await again, "policy of a");
  assert.equal(names(), "a a");
});

Deno.test("who stops waiting leaves the question to the others; without any it ends", async () => {
  const { ask, asked, names } = roles();
  const [one, other] = [new AbortController(), new AbortController()];
  const first = ask("a", one.signal);
  const second = ask("a", other.signal);
  one.abort();
  await assert.rejects(first, /stopped: a/);
  assert.equal(asked[0]!.signal.aborted, false);
  other.abort();
  await assert.rejects(second, /stopped: a/);
  assert.equal(asked[0]!.signal.aborted, true);
  const third = ask("a");
  asked[1]!.answer("policy of a");
  assert.equal(await third, "policy of a");
  await assert.rejects(ask("b", one.signal), /stopped: b/);
  assert.equal(names(), "a a");
});
