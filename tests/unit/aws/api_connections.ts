import type { CallPolicy } from "../../../src/aws/call_policy.ts";
import type { ConnectionOptions } from "../../../src/aws/connection.ts";
import { AwsError } from "../../../src/errors.ts";
import type { AttemptedCall } from "../../../src/problems/aws_failure.ts";
import { describeAttempt } from "../../../src/report/messages/aws_failure_text.ts";
import { VirtualClock } from "../../virtual_clock.ts";
import { ScriptedApi } from "./scripted_api.ts";

export const RESET = Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
export const REJECTED = Object.assign(new Error("No."), {
  name: "ClientException",
  $metadata: { httpStatusCode: 400 },
});

export function connect(more: Pick<ConnectionOptions, "isGettingCredentials" | "keys"> = {}) {
  const clock = new VirtualClock(0);
  const attempts: string[] = [];
  const troubles: string[] = [];
  const options = {
    region: "r",
    onAttempt: (attempt: AttemptedCall) => void attempts.push(describeAttempt(attempt)),
    onTrouble: ({ code }: AwsError, failingForMs: number) => void troubles.push(`${code} ${failingForMs}`),
    onTagsRefused: () => {},
    clock,
    random: () => 0.5,
    ...more,
  };
  return { api: new ScriptedApi({ ...options, fetchOptions: { ordinary: {}, once: {} } }), clock, attempts, troubles };
}

/** A call that answers in order; the last answer stays. */
export function call(answers: unknown[], more: { policy?: CallPolicy<string>; signal?: AbortSignal } = {}) {
  let calls = 0;
  const send = () => {
    const answer = answers[Math.min(calls++, answers.length - 1)];
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer as string);
  };
  const read = (answer: string) => answer.toUpperCase();
  const sendRenewed = () => send().then((answer) => `${answer} anew`);
  const made = {
    operation: "Op",
    send,
    sendRenewed,
    read,
    signal: more.signal ?? new AbortController().signal,
    policy: more.policy ?? "safe",
  };
  return { made, count: () => calls };
}
