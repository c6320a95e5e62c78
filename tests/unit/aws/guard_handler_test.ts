import assert from "node:assert/strict";
import { checkAnswer } from "../../../src/aws/guard_handler.ts";
import type { RefusedAnswerError } from "../../../src/aws/refused_answer.ts";
import { toAwsError } from "../../../src/aws/to_aws_error.ts";
import { wordsOf } from "../../in_words.ts";

const JSON_CALL = { host: "ecs.example", isJson: true, isRest: false };
const FORM = { host: "sts.example", isJson: false, isRest: false };
const OBJECT = { host: "bucket.s3.example", isJson: false, isRest: true };

const ID = { "x-amzn-requestid": "r-1" };
const S3_ID = { "x-amz-request-id": "r-1" };
const AWS_JSON = { "content-type": "application/x-amz-json-1.1" };
const PAGE = "\n<!DOCTYPE html><html><body>No</body></html>";
const XML_ERROR =
  '<?xml version="1.0"?>\n<ErrorResponse xmlns="x"><Error><Code>Throttling</Code></Error></ErrorResponse>';

const XML_ANSWER = "<R><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></R>";
/** As botocore's parsers know it. */
const UNAVAILABLE = "<html><body><b>Http/1.1 Service Unavailable</b></body></html>";

type Asked = Parameters<typeof checkAnswer>[1];
type Row = readonly [name: string, asked: Asked, status: number, headers: Record<string, string>, body?: string];

const FROM_AWS: readonly Row[] = [
  ["an answer with the request's ID", JSON_CALL, 200, ID, "{}"],
  ["an answer of a JSON type", JSON_CALL, 200, AWS_JSON, "{}"],
  ["no body, where AWS has none to send", JSON_CALL, 200, ID, ""],
  ["JSON that is said to be HTML, as moto has it", JSON_CALL, 200, { ...ID, "content-type": "text/html" }, "{}"],
  ["a refusal with nothing but its type", JSON_CALL, 400, {}, '{"__type":"ClientException"}'],
  ["a refusal that names itself in a header", JSON_CALL, 403, { "x-amzn-errortype": "AccessDenied" }, "{}"],
  ["a refusal without a body", JSON_CALL, 413, ID, ""],
  ["an operation that AWS does not know", JSON_CALL, 404, ID, "<UnknownOperationException/>\n"],
  ["a comment that does not end", JSON_CALL, 400, ID, `<!-- ${PAGE}`],
  ["AWS's own 429", JSON_CALL, 429, ID, "{}"],
  ["a refusal of the Query protocol", FORM, 400, {}, XML_ERROR],
  ["a refusal of S3", OBJECT, 404, {}, "<Error><Code>NoSuchKey</Code></Error>"],
  ["a refusal of S3 without a body", OBJECT, 403, S3_ID, ""],
  ["an object of S3, which is read elsewhere", OBJECT, 200, S3_ID],
  ["an object of something like S3", OBJECT, 200, {}, "anything"],
  ["S3's redirect to another region", OBJECT, 301, S3_ID, "<Error><Code>PermanentRedirect</Code></Error>"],
  ["an answer of the Query protocol that names the request in its body alone", FORM, 200, {}, XML_ANSWER],
  [
    "an answer that says what type it is",
    JSON_CALL,
    200,
    ID,
    '{"__type":"com.amazonaws.ecs#DescribeServicesResponse"}',
  ],
  ["AWS's refusal with a namespace in its type", JSON_CALL, 400, {}, '{"__type":"com.amazonaws.ecs#ClientException"}'],
  [
    "a refusal of EC2's protocol",
    FORM,
    403,
    {},
    "<Response><Errors><Error><Code>No</Code></Error></Errors></Response>",
  ],
  ["S3's redirect without a body", OBJECT, 301, { "x-amz-bucket-region": "us-west-2" }, ""],
];

const FOREIGN: readonly Row[] = [
  ["a page under 403", JSON_CALL, 403, {}, PAGE],
  ["a page under 404", FORM, 404, { server: "nginx" }, PAGE],
  ["a page under 502", JSON_CALL, 502, {}, "<HTML>"],
  ["a captive portal's page under 200", JSON_CALL, 200, {}, PAGE],
  ["a page in place of an object", OBJECT, 200, {}, PAGE],
  ["a page behind headers of AWS's", JSON_CALL, 403, ID, PAGE],
  ["a page of XML behind headers of AWS's", JSON_CALL, 403, ID, `<?xml version="1.0"?>${PAGE}`],
  ["a page behind comments and headers of AWS's", JSON_CALL, 403, ID, `<!-- a --> <!-- b -->${PAGE}`],
  ["an empty object that nobody has signed for", JSON_CALL, 200, { "content-type": "application/json" }, "{}"],
  ["JSON of somebody's", JSON_CALL, 200, {}, '{"status":"ok"}'],
  ["JSON of somebody's under 403", JSON_CALL, 403, {}, '{"code":403,"message":"blocked"}'],
  ["a type that is no text", JSON_CALL, 403, {}, '{"__type":5}'],
  ["a type in half a body", JSON_CALL, 403, {}, '{"__type":"Clie'],
  ["an XML that names no request", FORM, 200, {}, "<status>ok</status>"],
  ["nothing in place of an object", OBJECT, 200, {}, ""],
  ["AWS's own page when it has no room, which looks like a proxy's", FORM, 503, {}, UNAVAILABLE],
  ["nothing under 200", JSON_CALL, 200, {}, ""],
  ["a bare 429", JSON_CALL, 429, {}, ""],
  ["a bare 408", JSON_CALL, 408, {}, ""],
  ["a login, whatever it looks like", JSON_CALL, 407, ID, '{"__type":"ClientException"}'],
  ["a redirect", JSON_CALL, 307, { location: "https://elsewhere.example/x" }, ""],
  ["a redirect behind headers of AWS's", JSON_CALL, 302, { ...ID, location: "/x" }, "{}"],
  ["an XML that is no error", FORM, 403, {}, "<Error>No</Error>"],
  ["a refusal of S3 without a body or a name", OBJECT, 403, {}, ""],
];

for (const [name, asked, status, headers, body] of FROM_AWS) {
  Deno.test(`checkAnswer() lets AWS's word pass: ${name}`, () => {
    assert.doesNotThrow(() => checkAnswer({ status, headers, body }, asked));
  });
}

for (const [name, asked, status, headers, body] of FOREIGN) {
  Deno.test(`checkAnswer() takes for another's: ${name}`, () => {
    assert.throws(() => checkAnswer({ status, headers, body }, asked), (error) => {
      const { code, status: said } = (error as RefusedAnswerError).answer as { code: string; status: number };
      return code === "foreignAnswer" && said === status;
    });
  });
}

Deno.test("checkAnswer() believes no error that is sent as a success", () => {
  const body = '{"__type":"com.amazonaws.ecs#InternalFailure","message":"m"}';
  assert.throws(
    () => checkAnswer({ status: 200, headers: ID, body }, JSON_CALL),
    (error) =>
      wordsOf(toAwsError("ListTasks", error)) ===
        "ListTasks failed: UnreadableAnswer: AWS's answer is the error InternalFailure under HTTP 200",
  );
  // An object of S3 may say anything, and so may a value in an answer.
  assert.doesNotThrow(() => checkAnswer({ status: 200, headers: {}, body }, OBJECT));
  assert.doesNotThrow(() => checkAnswer({ status: 200, headers: ID, body: `{"a":${body}}` }, JSON_CALL));
});

Deno.test("checkAnswer() says which server has answered, and with what", () => {
  const squid = { server: "squid/5.7", via: "1.1 proxy.example (squid/5.7)" };
  const table: readonly [number, Record<string, string>, string][] = [
    [403, squid, "HTTP 403 from ecs.example (squid/5.7), not from AWS: a proxy?"],
    [403, { via: squid.via }, "HTTP 403 from ecs.example (1.1 proxy.example (squid/5.7)), not from AWS: a proxy?"],
    [502, {}, "HTTP 502 from ecs.example, not from AWS: a proxy?"],
    [407, squid, "HTTP 407 from ecs.example (squid/5.7): the proxy wants a login"],
    [403, { server: "\u001b[31mred" }, "HTTP 403 from ecs.example, not from AWS: a proxy?"],
    [403, { server: "x".repeat(61) }, "HTTP 403 from ecs.example, not from AWS: a proxy?"],
    [
      307,
      { location: "https://user:pass@login.example:8443/in?token=secret" },
      "HTTP 307 from ecs.example to https://login.example:8443, not from AWS: a proxy or portal?",
    ],
    [
      302,
      { location: "//login.example/x" },
      "HTTP 302 from ecs.example to https://login.example, not from AWS: a proxy or portal?",
    ],
    [302, { location: "/login" }, "HTTP 302 from ecs.example to the same host, not from AWS: a proxy or portal?"],
    [302, { location: "https://" }, "HTTP 302 from ecs.example to somewhere, not from AWS: a proxy or portal?"],
    [302, {}, "HTTP 302 from ecs.example, not from AWS: a proxy or portal?"],
  ];
  for (const [status, headers, message] of table) {
    assert.throws(() => checkAnswer({ status, headers, body: PAGE }, JSON_CALL), (error) => {
      assert.equal(wordsOf(toAwsError("ListTasks", error)), `ListTasks failed: NotFromAws: ${message}`);
      return true;
    });
  }
});
