import { deepStrictEqual, match } from "node:assert/strict";
import houseRules from "../../tools/house_rules.ts";

/** Words for users, in each of the ways in which code has them. */
const SAID = [
  'failAt("is nested too deeply", 0);',
  "fail(`${key} is missing`);",
  'const notice = { error: "nobody has read it" };',
  "throw new ConfigError(`there is no ${key}`);",
  'const reference = { kind: "load balancer" };',
  'type Kind = "role" | "VPC Lattice";',
  "const scope = `container ${name}`;",
  "const name = `${action} on ${resource}`;",
  "const size = `${number} MiB`;",
];

const lines = (count: number) => "\n".repeat(count - 1);
const found = async (path: string, source: string) => {
  const file = `${await Deno.realPath(".")}/${path}`;
  return Deno.lint.runPlugin(houseRules, file, source).map(({ id, message }) => `${id} ${message}`);
};

Deno.test("the rules of the house find what is too long, Deno outside of src/host, names of classes, and words", async () => {
  deepStrictEqual(await found("src/a.ts", `function a() {${lines(40)}}`), []);
  deepStrictEqual(await found("src/a.ts", `const a = () => {${lines(41)}};`), [
    "house/function-length a: 41 lines, 40 are the most",
  ]);
  deepStrictEqual(await found("src/a.ts", lines(251)), []);
  deepStrictEqual(await found("src/a.ts", lines(252)), ["house/file-length a.ts: 251 lines, 250 are the most"]);
  deepStrictEqual(await found("src/host/a.ts", "Deno.exit();"), []);
  deepStrictEqual(
    (await found("src/a.ts", "// Deno.exit()\nDeno.exit(); globalThis.Deno; type A = Deno.Signal;")).length,
    3,
  );
  deepStrictEqual((await found("src/a.ts", "a.constructor.name + AwsError.name + a.name")).length, 2);
  match((await found("src/a.ts", "AwsError.name"))[0]!, /does not keep/);
  for (const source of SAID) {
    for (const room of ["config", "aws"]) {
      deepStrictEqual((await found(`src/${room}/a.ts`, source)).map((one) => one.split(" ")[0]), [
        "house/words-in-report",
      ]);
    }
    deepStrictEqual(await found("src/report/a.ts", source), []);
  }
  const unsaid = ['failAt({ code: "nestedTooDeeply" }, 0);', 'x.kind === "load balancer"', "`${key}: ${value}`;"];
  for (const source of [...unsaid, "throw new Error(`there is no ${key}`);"]) {
    deepStrictEqual(await found("src/config/a.ts", source), []);
  }
});

Deno.test("what is too long is found in tests and tools, too, and nothing else is", async () => {
  for (const path of ["tests/unit/a_test.ts", "tools/a.ts"]) {
    deepStrictEqual((await found(path, `const a = () => {${lines(41)}};`)).length, 1);
    deepStrictEqual((await found(path, lines(252))).length, 1);
    deepStrictEqual(await found(path, 'Deno.exit(); fail("nobody has read it");'), []);
  }
});
