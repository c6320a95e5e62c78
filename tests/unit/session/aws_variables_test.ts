import assert from "node:assert/strict";
import { checkAwsVariables, readRegion } from "../../../src/session/aws_variables.ts";
import { inWords } from "../../in_words.ts";

function check(env: Readonly<Record<string, string>>): void {
  checkAwsVariables({ get: (name) => env[name] });
}

Deno.test("checkAwsVariables() takes what the AWS CLI takes", () => {
  check({});
  check({ AWS_ENDPOINT_URL: "", AWS_SESSION_TOKEN: "", AWS_PROFILE: "" });
  check({ AWS_ENDPOINT_URL: "http://127.0.0.1:4566/path", AWS_ENDPOINT_URL_S3: "https://minio.example" });
  check({ AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SESSION_TOKEN: " IQoJb3JpZ2luX2VjE/+= \n" });
});

const REFUSED: readonly (readonly [string, string, RegExp])[] = [
  ["AWS_ENDPOINT_URL", "localhost:4566", /^AWS_ENDPOINT_URL is not an address/],
  ["AWS_ENDPOINT_URL", "http://", /^AWS_ENDPOINT_URL is not an address/],
  ["AWS_ENDPOINT_URL_ECS", "ftp://user:topsecret@host", /^AWS_ENDPOINT_URL_ECS is not an address/],
  ["AWS_SESSION_TOKEN", "topsecret\nsecond", /^AWS_SESSION_TOKEN has a character that/],
  ["AWS_ACCESS_KEY_ID", "topsecret\u00E9", /^AWS_ACCESS_KEY_ID has a character that/],
];

for (const [name, value, message] of REFUSED) {
  Deno.test(`checkAwsVariables() refuses ${name}=${JSON.stringify(value)}, and does not quote it`, () => {
    assert.throws(inWords(() => check({ [name]: value })), (error: Error) => {
      assert.equal(error.name, "ConfigError");
      assert.match(error.message, message);
      assert.ok(!error.message.includes("secret"));
      return true;
    });
  });
}

Deno.test("checkAwsVariables() knows the endpoint of each service that is called, also for credentials", async () => {
  const { imports } = JSON.parse(await Deno.readTextFile(new URL("../../../deno.json", import.meta.url)));
  const clients = Object.keys(imports).flatMap((name) => /^@aws-sdk\/client-(.+)$/.exec(name)?.slice(1) ?? []);
  assert.ok(clients.length >= 10);
  for (const service of [...clients, "signin", "sso", "sso-oidc"]) {
    const name = `AWS_ENDPOINT_URL_${service.toUpperCase().replaceAll("-", "_")}`;
    assert.throws(inWords(() => check({ [name]: "localhost:4566" })), new RegExp(`${name} is not an address`), name);
  }
});

function read(env: Readonly<Record<string, string>>): string | undefined {
  return readRegion({ get: (name) => env[name] });
}

Deno.test("readRegion() takes AWS_REGION, then AWS_DEFAULT_REGION; an empty one is not set", () => {
  assert.equal(read({ AWS_REGION: "ap-northeast-1", AWS_DEFAULT_REGION: "us-east-1" }), "ap-northeast-1");
  assert.equal(read({ AWS_REGION: "", AWS_DEFAULT_REGION: "us-gov-west-1" }), "us-gov-west-1");
  assert.equal(read({ AWS_REGION: "" }), undefined);
});

for (
  const region of ["ap northeast-1", "ap-northeast-1\n", "evil.example", "x@evil.example/", "-a", "a-", "a".repeat(64)]
) {
  Deno.test(`readRegion() refuses ${JSON.stringify(region)}, and does not quote it`, () => {
    const message = "AWS_DEFAULT_REGION is not an AWS region, such as ap-northeast-1: set it again, or unset it";
    assert.throws(inWords(() => read({ AWS_DEFAULT_REGION: region })), { name: "ConfigError", message });
  });
}
