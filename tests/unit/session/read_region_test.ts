import assert from "node:assert/strict";
import { readRegion } from "../../../src/session/read_region.ts";
import { ConfigError } from "../../../src/errors.ts";

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
    const message = "AWS_DEFAULT_REGION is no region such as ap-northeast-1: set it anew, or unset it";
    assert.throws(() => read({ AWS_DEFAULT_REGION: region }), new ConfigError(message));
  });
}
