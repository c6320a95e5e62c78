import assert from "node:assert/strict";
import { resolveGlobalOptions } from "../../../src/session/global_options.ts";
import { UsageError } from "../../../src/errors.ts";

const ROLE = "arn:aws:iam::123456789012:role/deploy";
const env = (variables: Record<string, string> = {}) => ({ get: (name: string) => variables[name] });

Deno.test("resolveGlobalOptions() has defaults for all", () => {
  assert.deepEqual(resolveGlobalOptions({}, env()), {
    services: {
      selectors: [{ kind: "config", path: undefined, mayBePattern: false, wave: 1 }],
      fleet: undefined,
      maxServices: 20,
      names: [],
    },
    envfile: [],
    extStr: [],
    extCode: [],
    assumeRoleArn: undefined,
    untrusted: false,
    debug: false,
    verbose: false,
    timeoutMs: undefined,
    logFormat: "text",
    color: undefined,
    warnings: [],
  });
});

Deno.test("resolveGlobalOptions() reads each from ECSPRESSO_*", () => {
  const variables = {
    ECSPRESSO_CONFIG: "prod.yml",
    ECSPRESSO_ENVFILE: "a.env,b.env",
    ECSPRESSO_EXT_STR: "env=prod;tag=1",
    ECSPRESSO_EXT_CODE: "count=1+1",
    ECSPRESSO_ASSUME_ROLE_ARN: ROLE,
    ECSPRESSO_UNTRUSTED: "true",
    ECSPRESSO_DEBUG: "1",
    ECSPRESSO_VERBOSE: "1",
    ECSPRESSO_TIMEOUT: "90s",
    ECSPRESSO_COLOR: "false",
    ECSPRESSO_LOG_FORMAT: "json",
  };
  assert.deepEqual(resolveGlobalOptions({}, env(variables)), {
    services: {
      selectors: [{ kind: "config", path: "prod.yml", mayBePattern: false, wave: 1 }],
      fleet: undefined,
      maxServices: 20,
      names: [],
    },
    envfile: ["a.env", "b.env"],
    extStr: ["env=prod", "tag=1"],
    extCode: ["count=1+1"],
    assumeRoleArn: ROLE,
    untrusted: true,
    debug: true,
    verbose: true,
    timeoutMs: 90_000,
    logFormat: "json",
    color: false,
    warnings: [],
  });
});

const PARSED = {
  config: ["a.yml"],
  envfile: ["c.env"],
  extStr: ["a=1,2"],
  assumeRoleArn: ROLE,
  untrusted: true as const,
  debug: true as const,
  verbose: true as const,
  timeout: "0",
  logFormat: "text" as const,
  color: true,
};

const SET_OTHERWISE = {
  ECSPRESSO_CONFIG: "prod.yml",
  ECSPRESSO_ENVFILE: "a.env",
  ECSPRESSO_ASSUME_ROLE_ARN: "nonsense",
  ECSPRESSO_UNTRUSTED: "0",
  ECSPRESSO_DEBUG: "0",
  ECSPRESSO_VERBOSE: "0",
  ECSPRESSO_TIMEOUT: "nonsense",
  ECSPRESSO_LOG_FORMAT: "nonsense",
  ECSPRESSO_COLOR: "0",
};

Deno.test("resolveGlobalOptions() prefers the command line", () => {
  assert.deepEqual(resolveGlobalOptions(PARSED, env(SET_OTHERWISE)), {
    services: {
      selectors: [{ kind: "config", path: "a.yml", mayBePattern: true, wave: 1 }],
      fleet: undefined,
      maxServices: 20,
      names: [],
    },
    envfile: ["c.env"],
    extStr: ["a=1,2"],
    extCode: [],
    assumeRoleArn: ROLE,
    untrusted: true,
    debug: true,
    verbose: true,
    timeoutMs: 0,
    logFormat: "text",
    color: true,
    warnings: [],
  });
});

Deno.test("resolveGlobalOptions() does not take a set variable for a true one", () => {
  for (const value of ["0", "false", "No", "OFF"]) {
    assert.equal(resolveGlobalOptions({}, env({ ECSPRESSO_DEBUG: value })).debug, false);
  }
  for (const value of ["1", "true", "Yes", "ON"]) {
    assert.equal(resolveGlobalOptions({}, env({ ECSPRESSO_DEBUG: value })).debug, true);
  }
  assert.equal(resolveGlobalOptions({}, env({ ECSPRESSO_DEBUG: "" })).debug, false);
});

Deno.test("resolveGlobalOptions() names the source of what it cannot read", () => {
  assert.throws(() => resolveGlobalOptions({ timeout: "soon" }, env()), (error) => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, /^--timeout: cannot read "soon"/);
    return true;
  });
  assert.throws(() => resolveGlobalOptions({}, env({ ECSPRESSO_TIMEOUT: "soon" })), /ECSPRESSO_TIMEOUT: cannot read/);
  assert.throws(() => resolveGlobalOptions({}, env({ ECSPRESSO_DEBUG: "maybe" })), /ECSPRESSO_DEBUG is neither/);
});

Deno.test("resolveGlobalOptions() takes roles of every partition, with a path or without", () => {
  for (
    const arn of [
      ROLE,
      "arn:aws-cn:iam::123456789012:role/deploy",
      "arn:aws-us-gov:iam::123456789012:role/ci/team-a/deploy+x=1,@_.-",
      `arn:aws:iam::123456789012:role/${"a".repeat(64)}`,
    ]
  ) {
    assert.equal(resolveGlobalOptions({ assumeRoleArn: arn }, env()).assumeRoleArn, arn);
  }
});

Deno.test("resolveGlobalOptions() refuses what is no role, and names where it is from but not what it is", () => {
  for (
    const arn of [
      "deploy",
      "",
      "arn:aws:iam::123456789012:user/deploy",
      "arn:aws:iam::123456789012:role/",
      "arn:aws:iam::12345:role/deploy",
      "arn:aws:sts::123456789012:assumed-role/deploy/ci",
      "arn:gcp:iam::123456789012:role/deploy",
      "arn:aws:iam:eu-west-1:123456789012:role/deploy",
      `${ROLE}\n`,
      ` ${ROLE}`,
      "arn:aws:iam::123456789012:role/a b/deploy",
      `arn:aws:iam::123456789012:role/${"a".repeat(65)}`,
    ]
  ) {
    assert.throws(
      () => resolveGlobalOptions({ assumeRoleArn: arn }, env({ ECSPRESSO_ASSUME_ROLE_ARN: ROLE })),
      new UsageError(
        "--assume-role-arn is not the ARN of an IAM role, such as arn:aws:iam::123456789012:role/deploy",
      ),
    );
  }
  assert.throws(
    () => resolveGlobalOptions({}, env({ ECSPRESSO_ASSUME_ROLE_ARN: "AKIA" })),
    /^UsageError: ECSPRESSO_ASSUME_ROLE_ARN is not the ARN of an IAM role, such as [^K]*$/,
  );
  assert.equal(resolveGlobalOptions({}, env({ ECSPRESSO_ASSUME_ROLE_ARN: "" })).assumeRoleArn, undefined);
});
