/**
 * JSON 1.1, which most services speak: the operation is in `X-Amz-Target`, its members in the body. CloudWatch speaks 1.0,
 * which differs in nothing that matters here.
 */
import { type Answer } from "../exchange.ts";
import { parseBody } from "../input.ts";
import type { JsonObject } from "../model.ts";
import { SERVICES, tableOf } from "../api/tables.ts";
import type { Protocol } from "./protocol.ts";

export const json: Protocol = {
  read({ target, body }) {
    const [prefix = "", operation = ""] = target.split(".");
    const service = SERVICES.find((one) => tableOf(one).targetPrefix === prefix);
    let members: JsonObject | undefined;
    // With an unknown prefix the whole target is the name of an operation that nobody knows.
    return {
      service: service ?? "ecs",
      operation: service === undefined ? target : operation,
      members: () => members ??= parseBody(body),
    };
  },
  answer: (_operation, output, requestId) => answerOf(200, output, requestId),
  inOwnWords: (failure) => failure,
  refuse: ({ status, type, message }, requestId) => answerOf(status, { __type: type, message }, requestId),
};

function answerOf(status: number, body: object, requestId: string): Answer {
  return {
    status,
    headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": requestId },
    body: JSON.stringify(body),
  };
}
