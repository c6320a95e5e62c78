import assert from "node:assert/strict";
import { AwsError, failureOf } from "../../../src/errors.ts";
import { MachineError } from "../../../src/host.ts";
import type { AwsErrorKind, Foreign } from "../../../src/problems/aws_failure.ts";
import { describeFailure } from "../../../src/report/failure_text.ts";

function error(kind: AwsErrorKind, code: string, detail = "", role?: string): AwsError {
  return new AwsError({ operation: role === undefined ? "UpdateService" : "AssumeRole", kind, code, detail, role });
}

const foreign = (foreign: Foreign, kind: AwsErrorKind, code: string) =>
  new AwsError({ operation: "DescribeServices", kind, code, detail: "", foreign });

const ROLE = "arn:aws:iam::123456789012:role/deploy";

const DENIAL = "User: arn:aws:sts::123456789012:assumed-role/deployer/ci is not authorized to perform: " +
  "ecs:UpdateService on resource: arn:aws:ecs:eu-west-1:123456789012:service/default/web because no policy allows it";

const CASES: [AwsError, RegExp | undefined][] = [
  [
    error("denied", "AccessDeniedException", DENIAL),
    /"Action":"ecs:UpdateService","Resource":"arn:aws:ecs:eu-west-1:123456789012:service\/default\/web"/,
  ],
  [
    error("denied", "AccessDeniedException", "not authorized to perform: application-autoscaling:TagResource"),
    /"Action":"application-autoscaling:TagResource","Resource":"\*"/,
  ],
  [
    error(
      "denied",
      "AccessDenied",
      'not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::a/b c" because',
    ),
    /"Action":"s3:GetObject","Resource":"arn:aws:s3:::a\/b c"/,
  ],
  [
    new AwsError({
      ...{ operation: "HeadObject", kind: "denied", code: "AccessDenied", detail: "" },
      trouble: { code: "mayBeMissing", action: "s3:GetObject" },
    }),
    /"Action":"s3:GetObject","Resource":"\*"/,
  ],
  [error("denied", "AccessDeniedException", `${DENIAL} with an explicit deny`), /no other permission helps/],
  [error("denied", "AccessDeniedException"), /missing permission/],
  [error("credentials", "ExpiredTokenException"), /have expired: renew them/],
  [foreign("wantsLogin", "unreachable", "NotFromAws"), /the proxy's login in HTTPS_PROXY/],
  [foreign("wantsLogin", "credentials", "CredentialsProviderError"), /the proxy's login in HTTPS_PROXY/],
  [foreign("other", "lost", "NotFromAws"), /does it want a login/],
  [foreign("other", "throttled", "NotFromAws"), /HTTPS_PROXY and NO_PROXY/],
  [foreign("other", "credentials", "CredentialsProviderError"), /does it want a login/],
  [error("credentials", "CredentialsProviderError"), /set AWS_PROFILE or AWS_ACCESS_KEY_ID/],
  [error("credentials", "AccessDenied", "not authorized to perform: sts:AssumeRole", ROLE), /its trust policy names/],
  [
    error(
      "credentials",
      "AccessDenied",
      "not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::1:role/a because no identity-based policy " +
        "allows the sts:AssumeRole action",
      ROLE,
    ),
    /"Action":"sts:AssumeRole","Resource":"arn:aws:iam::1:role\/a"/,
  ],
  [error("credentials", "AccessDenied", "with an explicit deny", ROLE), /no other permission helps/],
  [error("credentials", "ExpiredToken", "The security token is expired", ROLE), /have expired: renew them/],
  [error("credentials", "InvalidClientTokenId", "", ROLE), /set AWS_PROFILE or AWS_ACCESS_KEY_ID/],
  [error("unreachable", "ENOTFOUND", "", ROLE), /VPC endpoint.*AWS_ENDPOINT_URL_STS/],
  [error("unreachable", "ENOTFOUND"), /check the region, the network/],
  [error("throttled", "ThrottlingException"), /try again in a minute/],
  [error("rejected", "ClusterNotFoundException"), /aws --region eu-west-1 ecs list-clusters/],
  [error("rejected", "ClientException"), undefined],
  [error("lost", "ECONNRESET"), undefined],
];

/** The lines below the message. */
function adviceOn(thrown: unknown): string {
  const [, ...advice] = describeFailure(failureOf(thrown), "eu-west-1");
  return advice.join("\n");
}

for (const [given, expected] of CASES) {
  Deno.test(`describeFailure() of ${given.code}: ${expected?.source ?? "nothing to add"}`, () => {
    assert.match(adviceOn(given), expected ?? /^$/);
  });
}

/** The words are those of Deno 2.6 and 2.9, over rustls; those about issuers and names come up in tests/e2e/tls_test.ts. */
const CONNECTIONS: readonly (readonly [string, RegExp | undefined])[] = [
  [
    "https://ecs.example/: invalid peer certificate: UnknownIssuer",
    /certificate of ecs\.example; .* a company's proxy .* AWS_CA_BUNDLE.* ca_bundle .* SSL_CERT_FILE/,
  ],
  [
    "https://ecs.example/: invalid peer certificate: certificate expired: verification time 1795726815 (UNIX), but " +
    "certificate is not valid after 1580515200 (215211615 seconds ago)",
    /of ecs\.example is not valid after 2020-02-01T00:00:00Z, and here it is 2026-11-26T21:00:15Z: .* clock/,
  ],
  [
    "https://ecs.example/: invalid peer certificate: certificate not valid yet: verification time 1795726821 (UNIX), " +
    "but certificate is not valid before 2208988800 (413261979 seconds in future)",
    /not valid before 2040-01-01T00:00:00Z, .* clock/,
  ],
  [
    'https://ecs.example/: invalid peer certificate: certificate not valid for name "ecs.example"; certificate is only ' +
    'valid for DnsName("proxy.example")',
    /the certificate is not for ecs\.example: check AWS_ENDPOINT_URL/,
  ],
  ["https://ecs.example/: invalid peer certificate: BadSignature", /a company's proxy .*AWS_CA_BUNDLE/],
  ["https://ecs.example/: invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))", /AWS_CA_BUNDLE/],
  ["https://ecs.example/: proxy authentication required", /the proxy asks for a login: HTTPS_PROXY=/],
  ["https://ecs.example/: unsuccessful tunnel", /the proxy does not connect to ecs\.example: check HTTPS_PROXY/],
  ["https://ecs.example/: received corrupt message of type InvalidContentType", /does not speak TLS/],
  ["http://127.0.0.1:1/: tcp open error: Too many open files (os error 24)", /ulimit -n 1024/],
  ["https://ecs.example/: tcp connect error: Connection refused (os error 111)", undefined],
];

for (const [detail, expected] of CONNECTIONS) {
  Deno.test(`describeFailure() of a connection, "${detail.slice(0, 90)}"`, () => {
    assert.match(adviceOn(error("unreachable", "Error", detail)), expected ?? /check the region, the network/);
  });
}

Deno.test("a variable that is no text is a mistake of the user's", () => {
  const failure = failureOf(new MachineError({ code: "notText", variable: "AWS_SESSION_TOKEN" }));
  assert.deepEqual(describeFailure(failure, undefined), [
    "the variable AWS_SESSION_TOKEN is not UTF-8 text: set it again, or unset it",
  ]);
});

Deno.test("few open files are no defect, and the limit is what to raise", () => {
  assert.deepEqual(describeFailure(failureOf(new Error("Too many open files (os error 24): spawn")), undefined), [
    "Too many open files (os error 24): spawn",
    "raise the limit of open files: ulimit -n 1024",
  ]);
});

Deno.test("what nobody has foreseen is a defect, and says so", () => {
  const [message] = describeFailure(failureOf(new TypeError("x is not a function")), undefined);
  assert.match(message, /^unforeseen: x is not a function \(this is a defect of ecspresso\)/);
});
