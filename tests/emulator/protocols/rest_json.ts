/** JSON over REST, which Amazon EFS speaks: method and path name the operation, and the query string has its members. */
import { tableOf } from "../api/tables.ts";
import type { EmulatorRequest } from "../exchange.ts";
import { type Protocol, translate } from "./protocol.ts";

/** The path of each operation, all of which are GET. */
const PATHS: Readonly<Record<string, string>> = {
  "/2015-02-01/file-systems": "DescribeFileSystems",
  "/2015-02-01/access-points": "DescribeAccessPoints",
};

/** Its name for what is there in other words in its model: https://docs.aws.amazon.com/efs/latest/ug/API_DescribeFileSystems.html */
const WORDS = {
  ServerException: ["InternalServerError", 500],
  ValidationException: ["BadRequest", 400],
  AccessDeniedException: ["AccessDeniedException", 403],
} as const;

/** The path of an operation, for tests that send it themselves. */
export function pathOf(operation: string): string {
  return Object.entries(PATHS).find(([, one]) => one === operation)?.[0] ?? "/2015-02-01/";
}

/** Whether a request is for Amazon EFS: its paths begin with the version of its API. */
export function isRestJson({ path = "/" }: EmulatorRequest): boolean {
  return path.startsWith("/2015-02-01/");
}

export const restJson: Protocol = {
  read({ path = "/", method }) {
    const [resource = "", query = ""] = path.split("?");
    const operation = (method === "GET" ? PATHS[resource] : undefined) ?? `${method} ${resource}`;
    return { service: "efs", operation, members: () => typed(operation, new URLSearchParams(query)) };
  },
  answer: (_operation, output, requestId) => answerOf(200, output, requestId),
  inOwnWords: (failure) => translate(failure, WORDS),
  refuse: ({ status, type, message }, requestId) =>
    answerOf(status, { ErrorCode: type, Message: message }, requestId, { "x-amzn-errortype": type }),
};

/** In a query string everything is text. */
function typed(operation: string, query: URLSearchParams) {
  const { operations, shapes } = tableOf("efs");
  const members = shapes[operations[operation]?.input ?? ""]?.members ?? {};
  return Object.fromEntries(
    [...query].map(([name, value]) => [name, shapes[members[name] ?? ""]?.type === "integer" ? Number(value) : value]),
  );
}

function answerOf(status: number, body: object, requestId: string, headers: Record<string, string> = {}) {
  return {
    status,
    headers: { "content-type": "application/json", "x-amzn-requestid": requestId, ...headers },
    body: JSON.stringify(body),
  };
}
