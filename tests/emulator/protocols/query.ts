/** The Query protocol, which IAM speaks: a form with `Action` in it, answered in XML. */
import { type Answer } from "../exchange.ts";
import { type Protocol, translate } from "./protocol.ts";
import { element, XML_HEAD } from "./xml.ts";

const NAMESPACE = ' xmlns="https://iam.amazonaws.com/doc/2010-05-08/"';

/** IAM's names for what every service says. */
const WORDS = {
  AccessDeniedException: ["AccessDenied", 403],
  ThrottlingException: ["Throttling", 400],
  ServerException: ["ServiceFailure", 500],
  ExpiredTokenException: ["ExpiredToken", 403],
  UnrecognizedClientException: ["InvalidClientTokenId", 403],
  InvalidSignatureException: ["SignatureDoesNotMatch", 403],
  MissingAuthenticationTokenException: ["MissingAuthenticationToken", 403],
  ValidationException: ["ValidationError", 400],
  UnknownOperationException: ["InvalidAction", 400],
} as const;

export const query: Protocol = {
  read({ body }) {
    const { Action: operation = "", Version: _, ...members } = Object.fromEntries(new URLSearchParams(body));
    return { service: "iam", operation, members: () => members };
  },
  answer(operation, output, requestId) {
    const response = {
      [`${operation}Result`]: output,
      ResponseMetadata: { RequestId: requestId },
    };
    return answerOf(200, element(`${operation}Response`, response, NAMESPACE), requestId);
  },
  inOwnWords: (failure) => translate(failure, WORDS),
  refuse({ status, type, message }, requestId) {
    const error = { Type: status < 500 ? "Sender" : "Receiver", Code: type, Message: message };
    return answerOf(status, element("ErrorResponse", { Error: error, RequestId: requestId }, NAMESPACE), requestId);
  },
};

function answerOf(status: number, body: string, requestId: string): Answer {
  return { status, headers: { "content-type": "text/xml", "x-amzn-requestid": requestId }, body: XML_HEAD + body };
}
