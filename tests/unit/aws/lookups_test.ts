import assert from "node:assert/strict";
import { connectValueSources } from "../../../src/aws/lookups.ts";
import { AwsError } from "../../../src/errors.ts";
import { awsFailure, connectionOptions, type ScriptedAnswer, stubNetwork } from "./stub_network.ts";

const NEVER = new AbortController().signal;

function connect(...answers: ScriptedAnswer[]) {
  const network = stubNetwork(...answers);
  return { values: connectValueSources(connectionOptions(network)), sent: network.sent };
}

const isLost = (error: unknown) =>
  error instanceof AwsError && error.kind === "lost" && error.code === "UnreadableAnswer";

Deno.test("readParameter() asks for the decrypted value", async () => {
  const { values, sent } = connect(
    { body: { Parameter: { Name: "/a", Type: "SecureString", Value: "hunter2", Version: 3 } } },
    { body: { Parameter: { Name: "/l", Type: "StringList", Value: "x,y" } } },
  );
  assert.deepEqual(await values.readParameter("/a", NEVER), { type: "SecureString", value: "hunter2" });
  assert.deepEqual(await values.readParameter("/l", NEVER), { type: "StringList", value: "x,y" });
  assert.deepEqual(sent, [
    { operation: "GetParameter", input: { Name: "/a", WithDecryption: true } },
    { operation: "GetParameter", input: { Name: "/l", WithDecryption: true } },
  ]);
});

Deno.test("findSecretArn() asks for the description of a secret, never for its value", async () => {
  const arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:db-AbCdEf";
  const { values, sent } = connect({ body: { ARN: arn, Name: "db" } });
  assert.equal(await values.findSecretArn("db", NEVER), arn);
  assert.deepEqual(sent, [{ operation: "DescribeSecret", input: { SecretId: "db" } }]);
});

Deno.test("readParameter() and findSecretArn() answer nothing for what is not there", async () => {
  for (const code of ["ParameterNotFound", "ParameterVersionNotFound"]) {
    assert.equal(await connect(awsFailure(code, "")).values.readParameter("/a:9", NEVER), undefined, code);
  }
  const unknown = awsFailure("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
  assert.equal(await connect(unknown).values.findSecretArn("db", NEVER), undefined);
});

Deno.test("readParameter() and findSecretArn() pass AWS's refusal on, and take half an answer for a lost one", async () => {
  const denied = awsFailure("AccessDeniedException", "User is not authorized to perform: ssm:GetParameter");
  const isDenied = (error: unknown) => error instanceof AwsError && error.kind === "denied";
  await assert.rejects(connect(denied).values.readParameter("/a", NEVER), isDenied);
  await assert.rejects(connect(denied).values.findSecretArn("db", NEVER), isDenied);
  for (const body of [{}, { Parameter: { Type: "String" } }, { Parameter: { Value: "a" } }]) {
    await assert.rejects(connect({ body }).values.readParameter("/a", NEVER), isLost);
  }
  await assert.rejects(connect({ body: {} }).values.findSecretArn("db", NEVER), isLost);
});

Deno.test("readParameter() asks again while AWS is busy", async () => {
  const { values, sent } = connect(
    awsFailure("ThrottlingException", "Rate exceeded"),
    { body: { Parameter: { Type: "String", Value: "a" } } },
  );
  assert.deepEqual(await values.readParameter("/a", NEVER), { type: "String", value: "a" });
  assert.equal(sent.length, 2);
});

/** Where a request goes, and the answer of S3 and CloudFormation, which speak XML and bytes. */
interface XmlRequest {
  readonly hostname: string;
  readonly path: string;
}
interface XmlAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

function connectXml(...answers: XmlAnswer[]) {
  const sent: XmlRequest[] = [];
  const network = stubNetwork({ body: {} });
  const requestHandler: typeof network.requestHandler = {
    ...network.requestHandler,
    handle({ hostname, path }) {
      sent.push({ hostname, path });
      const { status = 200, headers = {}, body } = answers.shift()!;
      return Promise.resolve({ response: { statusCode: status, headers, body: new Blob([body]).stream() } });
    },
  };
  return { values: connectValueSources(connectionOptions({ ...network, requestHandler })), sent };
}

const s3Failure = (code: string, status: number): XmlAnswer => ({
  status,
  headers: { "content-type": "application/xml" },
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>m</Message></Error>`,
});

const stacksAnswer = (operation: string, content: string): XmlAnswer => ({
  headers: { "x-amzn-requestid": "request-1", "content-type": "text/xml" },
  body: `<${operation}Response><${operation}Result>${content}</${operation}Result></${operation}Response>`,
});
const stacksFailure = (code: string, message: string, status = 400): XmlAnswer => ({
  status,
  body: `<ErrorResponse><Error><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
});

Deno.test("readStackOutputs() reads the outputs of a stack, which may have none", async () => {
  const outputs = "<Outputs><member><OutputKey>Subnet</OutputKey><OutputValue>subnet-a</OutputValue></member>" +
    "<member><OutputKey>Empty</OutputKey><OutputValue></OutputValue></member></Outputs>";
  const stack = (more: string) => stacksAnswer("DescribeStacks", `<Stacks><member>${more}</member></Stacks>`);
  const { values } = connectXml(stack(outputs), stack("<StackName>bare</StackName>"));
  const found = await values.readStackOutputs("network", NEVER);
  assert.deepEqual([...found ?? []], [["Subnet", "subnet-a"], ["Empty", ""]]);
  assert.deepEqual([...await values.readStackOutputs("bare", NEVER) ?? ["none"]], []);
});

Deno.test("readStackOutputs() answers nothing for a stack that is not there, and passes on what AWS refuses", async () => {
  const missing = stacksFailure("ValidationError", "Stack with id gone does not exist");
  assert.equal(await connectXml(missing).values.readStackOutputs("gone", NEVER), undefined);
  for (
    const failure of [
      stacksFailure("ValidationError", "1 validation error detected: Value '' at 'stackName'"),
      stacksFailure("AccessDenied", "User is not authorized to perform: cloudformation:DescribeStacks", 403),
    ]
  ) {
    await assert.rejects(
      connectXml(failure).values.readStackOutputs("a", NEVER),
      (error) => error instanceof AwsError && error.operation === "DescribeStacks",
    );
  }
  // What cannot be read is asked for again.
  const half = Array.from({ length: 10 }, () => stacksAnswer("DescribeStacks", ""));
  await assert.rejects(connectXml(...half).values.readStackOutputs("a", NEVER), isLost);
});

Deno.test("readStackExports() reads all pages", async () => {
  const page = (name: string, next = "") =>
    stacksAnswer(
      "ListExports",
      `<Exports><member><Name>${name}</Name><Value>of ${name}</Value></member></Exports>${next}`,
    );
  const { values } = connectXml(page("a", "<NextToken>2</NextToken>"), page("b"));
  assert.deepEqual([...await values.readStackExports(NEVER)], [["a", "of a"], ["b", "of b"]]);
});

Deno.test("readObject() reads the text of an object", async () => {
  const { values, sent } = connectXml({ body: '{"version": 4, "é": "あ"}' });
  assert.equal(await values.readObject("my-bucket", "env:/prod/terraform.tfstate", NEVER), '{"version": 4, "é": "あ"}');
  assert.deepEqual(sent, [
    { hostname: "my-bucket.s3.ap-northeast-1.amazonaws.com", path: "/env%3A/prod/terraform.tfstate" },
  ]);
});

Deno.test("readObject() answers nothing for what is not there, and passes on what S3 refuses", async () => {
  assert.equal(await connectXml(s3Failure("NoSuchKey", 404)).values.readObject("b", "k", NEVER), undefined);
  assert.equal(await connectXml(s3Failure("NoSuchBucket", 404)).values.readObject("b", "k", NEVER), undefined);
  await assert.rejects(
    connectXml(s3Failure("AccessDenied", 403)).values.readObject("b", "k", NEVER),
    (error) => error instanceof AwsError && error.kind === "denied" && error.operation === "GetObject",
  );
});

Deno.test("readObject() follows a bucket into its region, and asks again while S3 is busy", async () => {
  const elsewhere = { ...s3Failure("PermanentRedirect", 301), headers: { "x-amz-bucket-region": "us-west-2" } };
  const { values, sent } = connectXml(s3Failure("SlowDown", 503), elsewhere, { body: "text" });
  assert.equal(await values.readObject("my-bucket", "k", NEVER), "text");
  assert.deepEqual(sent.map(({ hostname }) => hostname), [
    "my-bucket.s3.ap-northeast-1.amazonaws.com",
    "my-bucket.s3.ap-northeast-1.amazonaws.com",
    "my-bucket.s3.us-west-2.amazonaws.com",
  ]);
});

Deno.test("readObject() names a bucket with dots in the path: no certificate of S3 is for such a host", async () => {
  const elsewhere = { ...s3Failure("PermanentRedirect", 301), headers: { "x-amz-bucket-region": "us-west-2" } };
  const { values, sent } = connectXml(elsewhere, { body: "text" });
  assert.equal(await values.readObject("my.dotted.bucket", "a/k", NEVER), "text");
  assert.deepEqual(sent, [
    { hostname: "s3.ap-northeast-1.amazonaws.com", path: "/my.dotted.bucket/a/k" },
    { hostname: "s3.us-west-2.amazonaws.com", path: "/my.dotted.bucket/a/k" },
  ]);
});
