import assert from "node:assert/strict";
import { evaluateJsonnet } from "../../../../src/config/jsonnet/evaluate_jsonnet.ts";
import { inWords } from "../../../in_words.ts";
import { memoryEnvironment, memoryTools } from "../memory_host.ts";
import { asks, assertRefused, denied, failed, functions, ok, PATH, scripted } from "./scripted_jsonnet.ts";

Deno.test("evaluateJsonnet() names the call that has no value, as it stands in the file", async () => {
  const text = "{\n  あ: 1, b: std.native(\n    'refuse')('x'),\n}";
  const unanswered = (key: string, frames: string) => failed(`RUNTIME ERROR: ecspresso has no ${key}\n${frames}`);
  const prelude = "\t<stdin>:1:200-250\tfunction <call>\n\t<stdin>:1:300-310\tfunction <anonymous>\n";
  const key = '["refuse", "x"]';
  await assertRefused(
    text,
    [ok("", asks(key)), unanswered(key, `${prelude}\t<stdin>:(2:14)-(3:19)\tobject <anonymous>\n`)],
    "conf/def.jsonnet:2:12: std.native( 'refuse')('x'): this environment variable is not set",
  );
  await assertRefused(
    text,
    [ok("", asks(key)), unanswered(key, `${prelude}\tlib/a.libsonnet:4:5-9\tfunction <f>\n\t<stdin>:2:3-4\t\n`)],
    "conf/lib/a.libsonnet:4:5: refuse: this environment variable is not set",
  );
  await assertRefused(
    text,
    [ok("", asks(key)), unanswered(key, prelude)],
    "conf/def.jsonnet: refuse: this environment variable is not set",
  );
  await assertRefused(
    text,
    [unanswered('["std.native", "external_x"]', `${prelude}\t<stdin>:2:14-24\t\n`)],
    "conf/def.jsonnet:2:12: std.native: the plugin external is not supported",
  );
  await assertRefused(
    text,
    [unanswered('["std.native", "nope"]', "")],
    "conf/def.jsonnet: std.native: there is no native function nope",
  );
});

Deno.test("evaluateJsonnet() corrects the columns of the first line, in characters", async () => {
  const { invocations, tools } = scripted(ok("{}"));
  const text = "{a: 'é' + std.native(1)}";
  await evaluateJsonnet(text, PATH, functions, tools);
  const length = new TextEncoder().encode(invocations[0]!.stdin).length - new TextEncoder().encode(text).length;
  // jsonnet counts bytes, and é has two.
  await assertRefused(
    text,
    [failed(
      `RUNTIME ERROR: boo\n\t<stdin>:1:${length}-${length + 1}\t\n\t<stdin>:1:${length + 12}-${length + 20}\t\n`,
    )],
    "conf/def.jsonnet:1:11: jsonnet: boo",
  );
});

Deno.test("evaluateJsonnet() passes on what a native threw only when its value is needed", async () => {
  const key = '["denied", "x"]';
  const needed = scripted(ok("", asks(key)), failed(`RUNTIME ERROR: ecspresso has no ${key}\n`));
  await assert.rejects(evaluateJsonnet("std.native", PATH, functions, needed.tools), denied);
  const notNeeded = scripted(ok("", asks(key)), ok("{}"));
  assert.equal(await evaluateJsonnet("std.native", PATH, functions, notNeeded.tools), "{}");
});

Deno.test("evaluateJsonnet() says what jsonnet says, with the place, and without a value that it was given", async () => {
  await assertRefused(
    "{\n a: }",
    [failed('<stdin>:2:5-6 Unexpected: "}" while parsing terminal\n\n a: }\n')],
    'conf/def.jsonnet:2:5: jsonnet: Unexpected: "}" while parsing terminal',
  );
  await assertRefused("x", [failed("ERROR: no idea\n")], "conf/def.jsonnet: jsonnet: no idea");
  await assertRefused(
    "std.extVar('v')",
    [failed("STATIC ERROR: <extvar:v>:1:3: unexpected end of file.\n")],
    "conf/def.jsonnet: jsonnet: unexpected end of file. (in the external variable v)",
  );
  const named = scripted(failed("STATIC ERROR: <extvar:ECSPRESSO_EXT_1>:1:3: unexpected end of file.\n"));
  const variables = { strings: ["a=b"], codes: ["n=1 +"] };
  await assert.rejects(
    inWords(evaluateJsonnet("x", PATH, functions, { ...named.tools, externalVariables: variables })),
    { message: "conf/def.jsonnet: jsonnet: unexpected end of file. (in the external variable n)" },
  );
  await assertRefused(
    "import 'lib.libsonnet'",
    [failed("RUNTIME ERROR: only functions can be called, got null\n\tlib.libsonnet:1:48-74\t\n\t<stdin>:1:1-29\t\n")],
    "conf/lib.libsonnet:1:48: jsonnet: only functions can be called, got null " +
      "(std.native works in the file itself, not in one that it imports)",
  );
  const secrets = "RUNTIME ERROR: field does not exist: hunter2 env-secret typed-secret ok\n";
  const { tools } = scripted(ok("", asks('["same", "hunter2"]', '["same", "ok"]')), failed(secrets));
  const externalVariables = { strings: ["FROM_ENV", "UNSET"], codes: ["c=typed-secret"] };
  await assert.rejects(inWords(evaluateJsonnet("std.native", PATH, functions, { ...tools, externalVariables })), {
    message: "conf/def.jsonnet: jsonnet: field does not exist: *** *** *** ok",
  });
});

Deno.test("no part of a value is quoted either: a word of code, what was read of JSON, a value in other letters", async () => {
  for (
    const [said, shown] of [
      ["Unknown variable: hunter22", "Unknown variable: ***"],
      ['did not expect: (IDENTIFIER, "hunter22")', 'did not expect: (IDENTIFIER, "***")'],
      [
        "invalid string: missing closing quote; last read: '\"hunter22",
        "invalid string: missing closing quote; last read: '\"***",
      ],
      ["bad HUNTER22-AND-MORE", "bad ***"],
      ["unexpected command, and noSuchField", "unexpected command, and noSuchField"],
    ]
  ) {
    const { tools } = scripted(failed(`RUNTIME ERROR: ${said}\n`));
    const externalVariables = { strings: [], codes: ["c=hunter22-and-more command noSuchField"] };
    await assert.rejects(
      inWords(evaluateJsonnet("{}.noSuchField", "def.jsonnet", functions, { ...tools, externalVariables })),
      {
        message: `def.jsonnet: jsonnet: ${shown}`,
      },
    );
  }
});

Deno.test("evaluateJsonnet() says how to get jsonnet where there is none, and why it cannot be run", async () => {
  await assertRefused(
    "{}",
    [undefined],
    "conf/def.jsonnet: needs the jsonnet command, and there is none on the PATH " +
      "(apt-get install jsonnet, or brew install jsonnet or go-jsonnet)",
  );
  const tools = memoryTools(memoryEnvironment({}), () => Promise.reject(new Error("Permission denied\n    at x")));
  await assert.rejects(inWords(evaluateJsonnet("{}", PATH, functions, tools)), {
    name: "ConfigError",
    message: "conf/def.jsonnet: the jsonnet command cannot be run: Permission denied",
  });
});
