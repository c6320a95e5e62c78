import assert from "node:assert/strict";
import { CallRates, type Turn } from "../../../src/aws/call_rates.ts";
import { AwsError } from "../../../src/errors.ts";
import { FleetClock } from "../../fleet_clock.ts";
import { ScriptedApi } from "./scripted_api.ts";

const never = new AbortController().signal;

/** When each of so many calls is sent, in milliseconds from now, in the order in which they were made. */
async function sentAt(rates: CallRates, clock: FleetClock, calls: readonly (readonly [string, Turn?])[]) {
  const fromMs = clock.elapsed();
  return await Promise.all(calls.map(async ([action, turn]) => {
    return await rates.run(action, turn ?? {}, never, () => clock.elapsed() - fromMs);
  }));
}

const times = (count: number, action: string, turn?: Turn) =>
  Array.from({ length: count }, () => [action, turn] as const);

Deno.test("the first calls are sent at once, the others at four fifths of AWS's rate", async () => {
  const clock = new FleetClock(0);
  const sent = await sentAt(new CallRates(clock), clock, times(48, "UpdateService"));
  assert.deepEqual(sent.slice(0, 41), [...Array.from({ length: 40 }, () => 0), 250]);
  assert.deepEqual(sent.slice(41), [500, 750, 1_000, 1_250, 1_500, 1_750, 2_000]);
});

Deno.test("each category has a bucket of its own, and what is of none of them is not held back", async () => {
  const clock = new FleetClock(0);
  const rates = new CallRates(clock);
  await sentAt(rates, clock, times(40, "DescribeTaskDefinition"));
  const calls = [...times(80, "DescribeServices"), ...times(200, "GetRole"), ["ListTaskDefinitions"] as const];
  const sent = await sentAt(rates, clock, calls);
  assert.deepEqual([...new Set(sent.slice(0, -1)), sent.at(-1)], [0, 63]);
});

Deno.test("a bucket fills up again, to its size and no further", async () => {
  const clock = new FleetClock(0);
  const rates = new CallRates(clock);
  await sentAt(rates, clock, times(40, "UpdateService"));
  await clock.sleep(3_600_000);
  assert.equal((await sentAt(rates, clock, times(41, "UpdateService"))).at(-1), 250);
});

Deno.test("polls wait behind all other calls of their category, each in its order", async () => {
  const clock = new FleetClock(0);
  const rates = new CallRates(clock);
  await sentAt(rates, clock, times(80, "DescribeServices"));
  const polls = sentAt(rates, clock, times(3, "DescribeServices", { priority: "poll" }));
  const others = sentAt(rates, clock, times(2, "DescribeServices"));
  assert.deepEqual(await others, [63, 125]);
  assert.deepEqual(await polls, [188, 250, 313]);
});

Deno.test("after AWS has throttled a call, half as many are sent for 30 s, and then all again", async () => {
  const clock = new FleetClock(0);
  const rates = new CallRates(clock);
  rates.noteThrottled("UpdateService");
  const sent = await sentAt(rates, clock, times(70, "UpdateService"));
  assert.deepEqual(sent.slice(0, 2), [500, 1_000]);
  assert.equal(sent[59], 30_000);
  assert.deepEqual(sent.slice(61, 63), [30_250, 30_500]);
});

Deno.test("who stops waiting is skipped, and leaves no timer behind", async () => {
  const clock = new FleetClock(0);
  const rates = new CallRates(clock);
  await sentAt(rates, clock, times(40, "UpdateService"));
  const stop = new AbortController();
  const wait = () => rates.run("UpdateService", {}, stop.signal, () => {});
  const stopped = [wait(), wait()];
  const other = sentAt(rates, clock, times(1, "UpdateService"));
  stop.abort();
  await Promise.all(stopped);
  assert.deepEqual(await other, [250]);
  await wait();
  assert.equal(clock.elapsed(), 5_250);
});

Deno.test("a turn that is held is used by its holder alone, and once", async () => {
  const clock = new FleetClock(0);
  const rates = new CallRates(clock);
  await rates.hold("UpdateService", "default/web", never);
  await rates.hold("UpdateService", "default/web", never);
  const sent = await sentAt(rates, clock, [
    ...times(40, "UpdateService", { holder: "default/api" }),
    ...times(2, "UpdateService", { holder: "default/web" }),
  ]);
  assert.deepEqual(sent.slice(38), [0, 250, 0, 500]);
});

function apiWith(clock: FleetClock, rates: CallRates) {
  const nothing = () => {};
  const options = { region: "r", onAttempt: nothing, onTrouble: nothing, onTagsRefused: nothing, clock };
  return new ScriptedApi({ ...options, random: () => 0.5, fetchOptions: { ordinary: {}, once: {} }, rates });
}

Deno.test("an order that is stopped while it waits for its turn was not sent, and may not have been applied", async () => {
  const clock = new FleetClock(0);
  const rates = new CallRates(clock);
  await sentAt(rates, clock, times(40, "UpdateService"));
  const stop = new AbortController();
  let sent = 0;
  const send = () => Promise.resolve(++sent);
  const call = { operation: "UpdateService", policy: "once", send, sendRenewed: send } as const;
  const made = apiWith(clock, rates).make({ ...call, read: () => "done", signal: stop.signal });
  stop.abort();
  await assert.rejects(made, ({ kind, code }: AwsError) => kind === "throttled" && code === "NotSent");
  assert.equal(sent, 0);
});

Deno.test("a call that AWS throttles takes another turn before it is sent again", async () => {
  const clock = new FleetClock(0);
  const rates = new CallRates(clock);
  const throttled = Object.assign(new Error("Rate exceeded"), { name: "ThrottlingException" });
  const sentAtMs: number[] = [];
  const send = () => {
    sentAtMs.push(clock.elapsed() - 5_000);
    return sentAtMs.length === 1 ? Promise.reject(throttled) : Promise.resolve("done");
  };
  const call = { operation: "RegisterTaskDefinition", policy: "safe", read: () => "done", signal: never } as const;
  await apiWith(clock, rates).make({ ...call, send, sendRenewed: send });
  assert.deepEqual(sentAtMs, [0, 2_500]);
});

Deno.test("no more than ten calls of a category are under way, and who stops waiting has not sent its call", async () => {
  const clock = new FleetClock(0);
  const api = apiWith(clock, new CallRates(clock));
  const stop = new AbortController();
  const answers: (() => void)[] = [];
  const send = () => new Promise<string>((resolve) => answers.push(() => resolve("done")));
  const make = (signal: AbortSignal, policy: "safe" | "once" = "safe") =>
    api.make({ operation: "ListServices", policy, read: () => "done", send, sendRenewed: send, signal });
  const calls = Array.from({ length: 30 }, () => make(never));
  const stopped = make(stop.signal, "once");
  await clock.sleep(1);
  assert.equal(answers.length, 10);
  stop.abort();
  await assert.rejects(stopped, ({ kind, code }: AwsError) => kind === "throttled" && code === "NotSent");
  for (let left = 30; left > 0; left--) {
    answers.shift()!();
    await clock.sleep(1);
    assert.equal(answers.length, Math.min(10, left - 1));
  }
  await Promise.all(calls);
});

Deno.test("no more than four polls are under way, and a call goes before those that wait", async () => {
  const clock = new FleetClock(0);
  const rates = new CallRates(clock);
  const answers: (() => void)[] = [];
  const sent: string[] = [];
  const send = (name: string, turn: Turn = {}) =>
    rates.run("DescribeServices", turn, never, () => {
      sent.push(name);
      return new Promise<void>((resolve) => answers.push(resolve));
    });
  const polls = ["1", "2", "3", "4", "5", "6"].map((name) => send(name, { priority: "poll" }));
  await clock.sleep(1);
  assert.deepEqual(sent, ["1", "2", "3", "4"]);
  const call = send("call");
  await clock.sleep(1);
  assert.deepEqual(sent.slice(4), ["call"]);
  for (let answered = 0; answered < 7; answered++) {
    answers[answered]!();
    await clock.sleep(1);
  }
  assert.deepEqual(sent.slice(5), ["5", "6"]);
  await Promise.all([...polls, call]);
});
