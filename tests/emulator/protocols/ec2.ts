/**
 * The Query protocol as Amazon EC2 alone speaks it: lists have no `member` in their names, members of answers have names of
 * their own, and errors are within `Errors`. https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html
 */
import type { Answer } from "../exchange.ts";
import type { Json, JsonObject } from "../model.ts";
import { type Protocol, translate } from "./protocol.ts";
import { element, XML_HEAD } from "./xml.ts";

export const EC2_VERSION = "2016-11-15";
const ATTRIBUTES = ` xmlns="http://ec2.amazonaws.com/doc/${EC2_VERSION}/"`;

/** https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-error-codes.html */
const WORDS = {
  AccessDeniedException: ["UnauthorizedOperation", 403],
  ThrottlingException: ["RequestLimitExceeded", 503],
  ServerException: ["InternalError", 500],
  ExpiredTokenException: ["RequestExpired", 400],
  UnrecognizedClientException: ["AuthFailure", 401],
  UnknownOperationException: ["InvalidAction", 400],
  ValidationException: ["InvalidParameterValue", 400],
} as const;

/** What a list is called in a form, and what in a structure. */
const LISTS: Readonly<Record<string, string>> = { Filter: "Filters", SubnetId: "SubnetIds", Value: "Values" };

export const ec2: Protocol = {
  read({ body }) {
    const { Action: operation = "", Version: _, ...form } = Object.fromEntries(new URLSearchParams(body));
    return { service: "ec2", operation, members: () => membersOf(form) };
  },
  answer(operation, output, requestId) {
    const body = element(`${operation}Response`, { requestId, ...(named(output) as JsonObject) }, ATTRIBUTES);
    // Its lists have items, where those of the other services have members.
    return answerOf(200, body.replaceAll("<member>", "<item>").replaceAll("</member>", "</item>"), requestId);
  },
  inOwnWords: (failure) => translate(failure, WORDS),
  refuse({ status, type, message }, requestId) {
    const error = { Errors: { Error: { Code: type, Message: message } }, RequestID: requestId };
    return answerOf(status, element("Response", error), requestId);
  },
};

/** `Filter.1.Value.1=...` as nested members. */
function membersOf(form: Record<string, string>): JsonObject {
  const members: JsonObject = {};
  for (const [name, text] of Object.entries(form)) {
    const [first = "", , inner, index] = name.split(".");
    if (first === "Filter" && inner !== undefined) {
      const filters = (members.Filters ??= []) as JsonObject[];
      const filter = filters[Number(name.split(".")[1]) - 1] ??= {};
      if (index === undefined) filter[inner] = text;
      else ((filter[LISTS[inner] ?? inner] ??= []) as string[]).push(text);
    } else if (LISTS[first] !== undefined) ((members[LISTS[first]] ??= []) as string[]).push(text);
    else members[first] = /^\d+$/.test(text) ? Number(text) : text;
  }
  return members;
}

/** The members of an answer as they are called on the wire: in small letters, and lists as sets. */
function named(value: Json): Json {
  if (Array.isArray(value)) return value.map(named);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      Array.isArray(inner) ? `${small(name).replace(/s$/, "")}Set` : small(name),
      named(inner ?? null),
    ]),
  );
}

const small = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);

function answerOf(status: number, body: string, requestId: string): Answer {
  return { status, headers: { "content-type": "text/xml", "x-amzn-requestid": requestId }, body: XML_HEAD + body };
}
