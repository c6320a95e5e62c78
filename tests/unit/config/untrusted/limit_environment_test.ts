import assert from "node:assert/strict";
import { limitEnvironment, refuseVariable } from "../../../../src/config/untrusted/limit_environment.ts";
import { TemplateValueError } from "../../../../src/config/template/template_function.ts";
import { memoryEnvironment } from "../memory_host.ts";

Deno.test("limitEnvironment() shows the variables of envfiles and the region, and refuses what else is set", () => {
  const env = memoryEnvironment({ AWS_SECRET_ACCESS_KEY: "secret", AWS_REGION: "eu-west-1", EMPTY: "", TAG: "theirs" });
  const limited = limitEnvironment(env, new Map([["TAG", "1"], ["NONE", ""]]));
  assert.deepEqual(["TAG", "NONE", "AWS_REGION", "EMPTY", "UNSET"].map((name) => limited.get(name)), [
    "1",
    "",
    "eu-west-1",
    "",
    undefined,
  ]);
  assert.throws(() => limited.get("AWS_SECRET_ACCESS_KEY"), TemplateValueError);
});

Deno.test("refuseVariable() refuses what means something to others than templates", () => {
  for (
    const name of [
      "PATH",
      "HOME",
      "REQUESTS_CA_BUNDLE",
      "AWS_PROFILE",
      "AWS_CA_BUNDLE",
      "HTTPS_PROXY",
      "http_proxy",
      "NO_PROXY",
      "LD_PRELOAD",
    ]
      .concat(["NODE_EXTRA_CA_CERTS", "DENO_CERT", "SSL_CERT_FILE", "DYLD_INSERT_LIBRARIES", "JSONNET_PATH", "Path"])
      .concat(["GITHUB_OUTPUT", "ECSPRESSO_CONFIG", "USERPROFILE", "ACTIONS_ID_TOKEN_REQUEST_URL"])
  ) assert.match(refuseVariable(name) ?? "", new RegExp(`may not set ${name}`), name);
  for (const name of ["TAG", "AWS_REGION", "AWS_DEFAULT_REGION", "APP_PATH", "HOMEPAGE", "AWSOME", "PROXY"]) {
    assert.equal(refuseVariable(name), undefined, name);
  }
});
