import assert from "node:assert/strict";
import { resolveGlobalOptions } from "../../../src/cli/global_options.ts";
import { UsageError } from "../../../src/errors.ts";

const env = (variables: Record<string, string> = {}) => ({ get: (name: string) => variables[name] });

Deno.test("resolveGlobalOptions() has defaults for all", () => {
  assert.deepEqual(resolveGlobalOptions({}, env()), {
    config: undefined,
    envfile: [],
    extStr: [],
    extCode: [],
    debug: false,
    timeoutMs: undefined,
    logFormat: "text",
    color: undefined,
  });
});

Deno.test("resolveGlobalOptions() reads each from ECSPRESSO_*", () => {
  const variables = {
    ECSPRESSO_CONFIG: "prod.yml",
    ECSPRESSO_ENVFILE: "a.env,b.env",
    ECSPRESSO_EXT_STR: "env=prod,tag=1",
    ECSPRESSO_EXT_CODE: "count=1+1",
    ECSPRESSO_DEBUG: "1",
    ECSPRESSO_TIMEOUT: "90s",
    ECSPRESSO_COLOR: "false",
    ECSPRESSO_LOG_FORMAT: "json",
  };
  assert.deepEqual(resolveGlobalOptions({}, env(variables)), {
    config: "prod.yml",
    envfile: ["a.env", "b.env"],
    extStr: ["env=prod", "tag=1"],
    extCode: ["count=1+1"],
    debug: true,
    timeoutMs: 90_000,
    logFormat: "json",
    color: false,
  });
});

Deno.test("resolveGlobalOptions() prefers the command line", () => {
  const parsed = {
    config: "a.yml",
    envfile: ["c.env"],
    extStr: ["a=1,2"],
    debug: true as const,
    timeout: "0",
    logFormat: "text",
    color: true,
  };
  const variables = {
    ECSPRESSO_CONFIG: "prod.yml",
    ECSPRESSO_ENVFILE: "a.env",
    ECSPRESSO_DEBUG: "0",
    ECSPRESSO_TIMEOUT: "nonsense",
    ECSPRESSO_LOG_FORMAT: "nonsense",
    ECSPRESSO_COLOR: "0",
  };
  assert.deepEqual(resolveGlobalOptions(parsed, env(variables)), {
    config: "a.yml",
    envfile: ["c.env"],
    extStr: ["a=1,2"],
    extCode: [],
    debug: true,
    timeoutMs: 0,
    logFormat: "text",
    color: true,
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
