import assert from "node:assert/strict";
import { connectEcs } from "../../../src/aws/ecs.ts";
import { AwsError } from "../../../src/errors.ts";
import { describeAttempt } from "../../../src/report/messages/aws_failure_text.ts";
import type { AttemptedCall, AwsErrorKind } from "../../../src/problems/aws_failure.ts";
import { VirtualClock } from "../../virtual_clock.ts";

/** A request handler for the SDK's real clients that answers by script and keeps what was sent. */

interface SentRequest {
  readonly operation: string;
  readonly input: unknown;
}

export type ScriptedAnswer =
  | { readonly status?: number; readonly body: unknown; readonly text?: undefined }
  /** Sent as it is, in place of JSON. */
  | { readonly status?: number; readonly text: string; readonly body?: undefined }
  | { readonly networkError: Error & { code?: string } };

interface StubNetwork {
  readonly sent: SentRequest[];
  /** The hosts that were asked, one for each request. */
  readonly hosts: string[];
  // deno-lint-ignore no-explicit-any -- the SDK's HttpResponse is a class of a package that is not ours to import
  readonly requestHandler: { handle(request: any): Promise<{ response: any }>; metadata: { handlerProtocol: string } };
}

/** Answers the calls in order; the last answer stays. */
export function stubNetwork(...answers: ScriptedAnswer[]): StubNetwork {
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) Deno.env.set(name, "example");
  const sent: SentRequest[] = [];
  const hosts: string[] = [];
  return {
    sent,
    hosts,
    requestHandler: {
      metadata: { handlerProtocol: "http/1.1" },
      handle({ hostname, headers, body }) {
        hosts.push(hostname);
        const text = typeof body === "string" ? body : new TextDecoder().decode(body);
        sent.push({ operation: headers["x-amz-target"].split(".")[1], input: JSON.parse(text) });
        const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
        if ("networkError" in answer) return Promise.reject(answer.networkError);
        const response = {
          statusCode: answer.status ?? 200,
          headers: { "x-amzn-requestid": "request-1", "content-type": "application/x-amz-json-1.1" },
          body: new TextEncoder().encode(answer.text ?? JSON.stringify(answer.body)),
        };
        return Promise.resolve({ response });
      },
    },
  };
}

/** An error as AWS sends it. */
export function awsFailure(type: string, message: string, status = 400): ScriptedAnswer {
  return { status, body: { __type: type, message } };
}

/** The network's own failure, as Node's modules report it. */
export function networkFailure(code: string): ScriptedAnswer {
  return { networkError: Object.assign(new Error(code), { code }) };
}

export function connectionOptions(network: Pick<StubNetwork, "requestHandler">, attempts: string[] = []) {
  return {
    region: "ap-northeast-1",
    onAttempt: (attempt: AttemptedCall) => void attempts.push(describeAttempt(attempt)),
    onTrouble: () => {},
    onTagsRefused: () => {},
    clock: new VirtualClock(0),
    random: () => 0.5,
    fetchOptions: { ordinary: {}, once: {} },
    requestHandler: network.requestHandler,
  };
}

/** ECS that answers the calls in order, the attempts that were made, and what was sent. */
export function connect(...answers: ScriptedAnswer[]) {
  const network = stubNetwork(...answers);
  const attempts: string[] = [];
  return { ecs: connectEcs(connectionOptions(network, attempts)), sent: network.sent, attempts };
}

/** For `assert.rejects()`: an `AwsError` of this kind and code. */
export function failing(kind: AwsErrorKind, code: string) {
  return (error: unknown) => {
    assert.ok(error instanceof AwsError, String(error));
    assert.deepEqual([error.kind, error.code], [kind, code]);
    return true;
  };
}
