/** JSON 1.1 (CloudWatch: 1.0, which differs in nothing that matters here), which most services speak: the operation is in `X-Amz-Target`, its members in the body. */
import { type Answer } from "../exchange.ts";
import { parseBody } from "../input.ts";
import type { Protocol, ServiceName } from "./protocol.ts";

/** What tells the services apart on the wire. */
const TARGET_PREFIXES: Record<string, ServiceName> = {
  AmazonEC2ContainerServiceV20141113: "ecs",
  AnyScaleFrontendService: "autoscaling",
  AmazonSSM: "ssm",
  secretsmanager: "secretsmanager",
  AmazonEC2ContainerRegistry_V20150921: "ecr",
  GraniteServiceVersion20100801: "cloudwatch",
};

export const json: Protocol = {
  read({ target, body }) {
    const [prefix = "", operation = ""] = target.split(".");
    const service = TARGET_PREFIXES[prefix];
    // With an unknown prefix the whole target is the name of an operation that nobody knows.
    return {
      service: service ?? "ecs",
      operation: service === undefined ? target : operation,
      members: () => parseBody(body),
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
