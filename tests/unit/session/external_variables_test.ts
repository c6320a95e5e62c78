import assert from "node:assert/strict";
import { resolveGlobalOptions } from "../../../src/session/global_options.ts";
import { escapeSeparators, splitValues } from "../../../src/session/external_variables.ts";
import { myservice } from "../../emulator/myservice.ts";
import { CONFIG_FILES, runInProcess } from "../../in_process.ts";

/** What kayac/ecspresso 2.8 makes of the same texts; `undefined`: it refuses them. */
const SPLIT: [string, string, string[] | undefined][] = [
  ["A=1;B=2", ";", ["A=1", "B=2"]],
  ["A=1;B=2;", ";", ["A=1", "B=2"]],
  ["A=1,B=2;B=3", ";", ["A=1,B=2", "B=3"]],
  ["A=a\\;b;B=2", ";", ["A=a;b", "B=2"]],
  ["A=\\d\\\\", ";", ["A=\\d\\\\"]],
  ["A=1;;B=2", ";", ["A=1", "", "B=2"]],
  ["", ";", []],
  ["a.env,b.env", ",", ["a.env", "b.env"]],
  ["a\\,b.env", ",", ["a,b.env"]],
  ["a.env;b.env", ",", ["a.env;b.env"]],
];

for (const [text, separator, expected] of SPLIT) {
  Deno.test(`splitValues(${JSON.stringify(text)}) is as in kayac/ecspresso`, () => {
    assert.deepEqual(splitValues(text, separator), expected);
  });
}

Deno.test("escapeSeparators() makes one value of any text", () => {
  for (const value of ["a", "a,b", ",", "a,,b", "a b"]) {
    assert.deepEqual(splitValues(escapeSeparators(value, ","), ","), [value]);
  }
});

const PLACES = [
  (text: string) => resolveGlobalOptions({ extStr: [text] }, { get: () => undefined }).extStr,
  (text: string) => resolveGlobalOptions({ extCode: [text] }, { get: () => undefined }).extCode,
  (text: string) => resolveGlobalOptions({}, { get: (name) => name === "ECSPRESSO_EXT_STR" ? text : undefined }).extStr,
  (text: string) =>
    resolveGlobalOptions({}, { get: (name) => name === "ECSPRESSO_EXT_CODE" ? text : undefined }).extCode,
];

Deno.test("variables of Jsonnet are separated by ; wherever they are given", () => {
  for (const read of PLACES) {
    assert.deepEqual(read("A=1;B=2;C"), ["A=1", "B=2", "C"]);
    assert.deepEqual(read("A=a\\;b"), ["A=a;b"]);
  }
});

Deno.test("what is no variable of Jsonnet is refused, without any part of a value", () => {
  for (const read of PLACES) {
    for (const text of ["A=s3cret;;B=2", "A=1; B=s3cret", "A,B", "=s3cret", "A=1; s3cret", "A B=s3cret"]) {
      assert.throws(() => read(text), (error: Error) => {
        assert.equal(error.name, "UsageError");
        assert.match(error.message, /: variable \d is neither name=value nor a name$/);
        assert.doesNotMatch(error.message, /s3cret/);
        return true;
      });
    }
    assert.throws(() => read("A=1;B=2;A=3"), /gives the variable A twice$/);
  }
});

Deno.test("files are separated by commas wherever they are given", () => {
  const get = (name: string) => name === "ECSPRESSO_ENVFILE" ? "c.env,d\\,e.env" : undefined;
  assert.deepEqual(resolveGlobalOptions({}, { get }).envfile, ["c.env", "d,e.env"]);
  assert.deepEqual(resolveGlobalOptions({ envfile: ["a.env,b.env", "c.env"] }, { get }).envfile, [
    ...["a.env", "b.env", "c.env"],
  ]);
  assert.throws(() => resolveGlobalOptions({ envfile: ["a.env,,b.env"] }, { get }), /--envfile has an empty part/);
});

Deno.test("a comma in front of another variable is refused in the environment, and warned of in an option", () => {
  const get = (name: string) => name === "ECSPRESSO_EXT_STR" ? "A=s3cret,B=2" : undefined;
  assert.throws(
    () => resolveGlobalOptions({}, { get }),
    /^UsageError: ECSPRESSO_EXT_STR: the value of A looks as if it had another variable in it, after a comma$/,
  );
  const { extStr, warnings } = resolveGlobalOptions({ extStr: ["A=s3cret,B=2", "C=1,2", "D=e,f;g=h"] }, { get });
  assert.deepEqual(extStr, ["A=s3cret,B=2", "C=1,2", "D=e,f", "g=h"]);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0]!, /^--ext-str: the value of A looks /);
  assert.doesNotMatch(warnings[0]!, /s3cret/);
});

Deno.test("a bare name has to be that of a variable: it may be the end of a value with a ;", async () => {
  for (const option of ["--ext-str", "--ext-code"]) {
    const args = ["status", "--envfile", "some.env", option];
    const files = { ...CONFIG_FILES, "some.env": "FROM_FILE=1\n" };
    const found = await runInProcess(myservice(), [...args, "FROM_FILE"], { files });
    assert.equal(found.code, 0, found.stderr);
    const emulator = myservice();
    const { code, stderr } = await runInProcess(emulator, [...args, "PASSWORD=ab;s3cret"], { files });
    assert.deepEqual([code, emulator.calls.length], [2, 0]);
    assert.match(stderr, /variable 2 has no =, and no environment variable has its name\n {2}write ; between/);
    assert.doesNotMatch(stderr, /s3cret/);
  }
});
