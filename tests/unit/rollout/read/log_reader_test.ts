import assert from "node:assert/strict";
import type { Cause } from "../../../../src/diagnosis/cause.ts";
import { AwsError } from "../../../../src/errors.ts";
import type { LogPlace } from "../../../../src/model/log_place.ts";
import type { LogsPort } from "../../../../src/model/ports.ts";
import { LogReader } from "../../../../src/rollout/read/log_reader.ts";
import { VirtualClock } from "../../../virtual_clock.ts";

const IN_LOGS = { kind: "cloudWatchLogs", group: "/ecs/web", region: "us-east-1", sinceMs: 0 } as const;

function causeOf(
  container: string,
  task: string,
  log: LogPlace = { ...IN_LOGS, stream: `${container}/${task}` },
): Cause {
  const cause = { code: "exited", exitCode: 1, count: 1, said: "", about: {}, atMs: 0 } as const;
  return { ...cause, container, taskArn: `arn:aws:ecs:us-east-1:123456789012:task/default/${task}`, log };
}

type Answer = readonly string[] | Error | undefined | "none";

interface Reading {
  readonly lines?: number;
  readonly isAskedFor?: boolean;
  readonly stop?: AbortSignal;
}

/** A reader that gets these answers, one after the other; `none`: there is none until it is too late for it. */
function reading(
  answers: readonly Answer[],
  { lines = 3, isAskedFor = false, stop = new AbortController().signal }: Reading = {},
) {
  const clock = new VirtualClock(0);
  const asked: string[] = [];
  const readLastEvents: LogsPort["readLastEvents"] = async ({ group, stream, region }, limit, signal) => {
    const answer = answers[asked.length];
    asked.push(`${region} ${group} ${stream} ${limit}`);
    if (answer === "none") await new Promise((resolve) => signal.addEventListener("abort", resolve));
    if (answer === "none") {
      throw new AwsError({ operation: "GetLogEvents", kind: "unreachable", code: "Aborted", detail: "" });
    }
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const logs = { connect: () => Promise.resolve({ readLastEvents }), lines, isAskedFor };
  const reader = new LogReader({ logs, clock, stop });
  const end = () => reader.end();
  return { reader, asked, clock, end };
}

/** Lets what has been begun come to its end. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

const denied = () =>
  new AwsError({ operation: "GetLogEvents", kind: "denied", code: "AccessDeniedException", detail: "no" });

async function linesOf(answers: readonly Answer[]): Promise<readonly string[] | undefined> {
  const { reader, end } = reading(answers, {});
  reader.begin([causeOf("app", "1")]);
  const read = await end();
  return read !== undefined && "lines" in read ? read.lines : undefined;
}

Deno.test("the log of the primary cause is read, once it is known", async () => {
  const { reader, asked, end } = reading([["a", "b"]], { isAskedFor: true });
  reader.begin([]);
  assert.equal(await end(), undefined);
  reader.begin([causeOf("app", "1"), causeOf("envoy", "1")]);
  assert.deepEqual(asked.length, 0, "it is read beside the watching");
  await settle();
  reader.begin([causeOf("app", "2")]);
  const taskArn = causeOf("app", "1").taskArn;
  assert.deepEqual(await end(), { container: "app", taskArn, lines: ["a", "b"], isAskedFor: true });
  assert.deepEqual(asked, ["us-east-1 /ecs/web app/1 3"]);
});

Deno.test("a log that is empty or not there yet is looked for again, in that of the newest task", async () => {
  const { reader, asked, end } = reading([undefined, [], ["b"], ["not read"]]);
  for (const task of ["1", "2", "3", "4"]) {
    reader.begin([causeOf("app", task)]);
    await settle();
  }
  const read = await end();
  assert.ok(read !== undefined && "lines" in read);
  assert.deepEqual([read.lines, read.taskArn], [["b"], causeOf("app", "3").taskArn]);
  assert.equal(asked.length, 3);
});

Deno.test("where another container turns out to be the cause, its log is read", async () => {
  const { reader, end } = reading([["of envoy"], ["of app"]]);
  reader.begin([causeOf("envoy", "1")]);
  await settle();
  reader.begin([causeOf("app", "1"), causeOf("envoy", "1")]);
  const read = await end();
  assert.ok(read !== undefined && "lines" in read);
  assert.deepEqual(read.lines, ["of app"]);
});

Deno.test("nothing is read where no stream is known, nor where no log is wanted", async () => {
  for (const log of [{ ...IN_LOGS, stream: undefined }, { kind: "nowhere" } as const]) {
    const { reader, asked, end } = reading([["a"]]);
    reader.begin([causeOf("app", "1", log)]);
    assert.deepEqual([await end(), asked], [undefined, []]);
  }
  const idle = new LogReader({ clock: new VirtualClock(0), stop: new AbortController().signal });
  idle.begin([causeOf("app", "1")]);
  assert.equal(await idle.end(), undefined);
});

Deno.test("an event with several lines is shown as lines, the last of all of them", async () => {
  assert.deepEqual(await linesOf([["one\n", "two\r\n\r\n\tthree  ", "four"]]), ["two", "  three", "four"]);
  const [long] = await linesOf([["x".repeat(299) + "日日"]]) ?? [];
  assert.equal(long, `${"x".repeat(299)}…`);
  assert.deepEqual(await linesOf([["x".repeat(300)]]), ["x".repeat(300)]);
});

Deno.test("a log that may not be read costs one notice; what else fails is said where the log was asked for", async () => {
  const noticeOf = async (answer: Answer, isAskedFor: boolean) => {
    const { reader, asked, end } = reading([answer, answer], { isAskedFor });
    reader.begin([causeOf("app", "1")]);
    await settle();
    if (answer instanceof Error) reader.begin([causeOf("app", "2")]);
    const read = await end();
    assert.equal(asked.length, 1);
    return read !== undefined && "code" in read ? read.error?.code ?? "none" : undefined;
  };
  const refused = "AccessDeniedException";
  for (const isAskedFor of [true, false]) assert.equal(await noticeOf(denied(), isAskedFor), refused);
  const slow = new AwsError({ operation: "GetLogEvents", kind: "throttled", code: "ThrottlingException", detail: "" });
  assert.equal(await noticeOf(slow, true), "ThrottlingException");
  assert.equal(await noticeOf(slow, false), undefined);
  assert.equal(await noticeOf(new TypeError("a part is missing"), false), undefined);
  assert.equal(await noticeOf(undefined, true), "none");
});

Deno.test("the end of a rollout waits for a log no longer than a moment, and not at all once it is stopped", async () => {
  const { reader, clock, end } = reading(["none"]);
  reader.begin([causeOf("app", "1")]);
  const ending = end();
  await settle();
  clock.advance(1_499);
  const isOver = await Promise.race([ending.then(() => true), settle().then(() => false)]);
  assert.equal(isOver, false);
  clock.advance(1);
  assert.equal(await ending, undefined);
  const stop = new AbortController();
  const stopped = reading(["none"], { stop: stop.signal, isAskedFor: true });
  stopped.reader.begin([causeOf("app", "1")]);
  const event = stopped.end();
  await settle();
  stop.abort();
  assert.equal(await event, undefined);
});
