import assert from "node:assert/strict";
import { adviseOnConnection } from "../../../src/report/failure_text.ts";

/** The words are those of Deno 2.6 and 2.9, over rustls; those about issuers and names come up in tests/e2e/tls_test.ts. */
const CASES: readonly (readonly [string, RegExp | undefined])[] = [
  [
    "https://ecs.example/: invalid peer certificate: UnknownIssuer",
    /certificate of ecs\.example: a company's proxy .* AWS_CA_BUNDLE.* ca_bundle .* SSL_CERT_FILE/,
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
    /another server's than ecs\.example: check AWS_ENDPOINT_URL/,
  ],
  ["https://ecs.example/: invalid peer certificate: BadSignature", /a company's proxy .*AWS_CA_BUNDLE/],
  ["https://ecs.example/: invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))", /AWS_CA_BUNDLE/],
  ["https://ecs.example/: proxy authentication required", /the proxy wants a login: HTTPS_PROXY=/],
  ["https://ecs.example/: unsuccessful tunnel", /the proxy makes no connection to ecs\.example: check HTTPS_PROXY/],
  ["https://ecs.example/: received corrupt message of type InvalidContentType", /speaks no TLS/],
  ["http://127.0.0.1:1/: tcp open error: Too many open files (os error 24)", /ulimit -n 1024/],
  ["https://ecs.example/: tcp connect error: Connection refused (os error 111)", undefined],
];

for (const [detail, expected] of CASES) {
  Deno.test(`adviseOnConnection() of "${detail.slice(0, 90)}"`, () => {
    const advice = adviseOnConnection(detail);
    if (expected === undefined) assert.equal(advice, undefined);
    else assert.match(advice ?? "", expected);
  });
}
