/** The Query protocol, which IAM, STS, CloudFormation and Elastic Load Balancing speak: a form with `Action` in it, answered in XML. */
import { type Answer } from "../exchange.ts";
import { tableOf } from "../api/tables.ts";
import { ec2, EC2_VERSION } from "./ec2.ts";
import { formMembers } from "./form.ts";
import { type Protocol, type ServiceName, translate } from "./protocol.ts";
import { element, XML_HEAD } from "./xml.ts";

/** The API version of a request says which service it is for. */
const STS_VERSION = "2011-06-15";
const CLOUDFORMATION_VERSION = "2010-05-15";
const LOAD_BALANCING_VERSION = "2015-12-01";

/** Their names for what every service says. */
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
  SerializationException: ["MalformedInput", 400],
} as const;

const iam = speakQuery("iam", "https://iam.amazonaws.com/doc/2010-05-08/");
const sts = speakQuery("sts", `https://sts.amazonaws.com/doc/${STS_VERSION}/`);
const cloudformation = speakQuery(
  "cloudformation",
  `http://cloudformation.amazonaws.com/doc/${CLOUDFORMATION_VERSION}/`,
);

const elbv2 = speakQuery(
  "elbv2",
  `http://elasticloadbalancing.amazonaws.com/doc/${LOAD_BALANCING_VERSION}/`,
);

const OF_VERSION: Readonly<Record<string, Protocol>> = {
  [STS_VERSION]: sts,
  [CLOUDFORMATION_VERSION]: cloudformation,
  [LOAD_BALANCING_VERSION]: elbv2,
  [EC2_VERSION]: ec2,
};

/** The protocol as the service speaks it that a form is sent to. */
export function queryOf(form: string): Protocol {
  return OF_VERSION[new URLSearchParams(form).get("Version") ?? ""] ?? iam;
}

function speakQuery(service: ServiceName, namespace: string): Protocol {
  const attributes = ` xmlns="${namespace}"`;
  return {
    read({ body }) {
      const { Action: operation = "", Version: _, ...form } = Object.fromEntries(new URLSearchParams(body));
      const table = tableOf(service);
      return { service, operation, members: () => formMembers(table, table.operations[operation]?.input, form) };
    },
    answer(operation, output, requestId) {
      const response = {
        [`${operation}Result`]: output,
        ResponseMetadata: { RequestId: requestId },
      };
      return answerOf(200, element(`${operation}Response`, response, attributes), requestId);
    },
    inOwnWords: (failure) => translate(failure, WORDS),
    refuse({ status, type, message }, requestId) {
      const error = { Type: status < 500 ? "Sender" : "Receiver", Code: type, Message: message };
      return answerOf(status, element("ErrorResponse", { Error: error, RequestId: requestId }, attributes), requestId);
    },
  };
}

function answerOf(status: number, body: string, requestId: string): Answer {
  return { status, headers: { "content-type": "text/xml", "x-amzn-requestid": requestId }, body: XML_HEAD + body };
}
