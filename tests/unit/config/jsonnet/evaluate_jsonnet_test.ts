import assert from "node:assert/strict";
import { evaluateJsonnet } from "../../../../src/config/jsonnet/evaluate_jsonnet.ts";
import type { Invocation } from "../../../../src/host.ts";
import { inWords } from "../../../in_words.ts";
import { VirtualClock } from "../../../virtual_clock.ts";
import { memoryEnvironment, memoryTools } from "../memory_host.ts";
import { asks, assertRefused, failed, functions, ok, PATH, scripted } from "./scripted_jsonnet.ts";

Deno.test("evaluateJsonnet() hands the text to jsonnet on stdin, in the folder of the file", async () => {
  const { invocations, tools } = scripted(ok("{}\n"));
  const externalVariables = { strings: ["a=b c", "FROM_ENV"], codes: ["n=1 + 1"] };
  assert.equal(await evaluateJsonnet("{a: 1}", PATH, functions, { ...tools, externalVariables }), "{}\n");
  const [{ signal, ...invocation }] = invocations as [Invocation];
  assert.deepEqual(invocation, {
    program: "jsonnet",
    args: [
      ...["--ext-str", "ECSPRESSO_EXT_0", "--ext-code", 'a=std.extVar("ECSPRESSO_EXT_0")'],
      ...["--ext-str", "ECSPRESSO_EXT_1", "--ext-code", 'FROM_ENV=std.extVar("ECSPRESSO_EXT_1")'],
      ...["--ext-code", "ECSPRESSO_EXT_2", "--ext-code", 'n=std.extVar("ECSPRESSO_EXT_2")'],
      "-",
    ],
    env: { ECSPRESSO_EXT_0: "b c", ECSPRESSO_EXT_1: "env-secret", ECSPRESSO_EXT_2: "1 + 1" },
    stdin: "{a: 1}",
    directory: "conf",
  });
  assert.equal(signal.aborted, false);
  assert.equal(invocations.length, 1);
});

Deno.test("evaluateJsonnet() evaluates again with the values that natives were asked for", async () => {
  const { invocations, tools } = scripted(
    failed(`${asks('["same", "a"]')}RUNTIME ERROR: something that the placeholder led to\n\t<stdin>:1:900-901\t`),
    ok("{}", asks('["same", "a"]', '["later", "b", 1]', '["later", "b", 1]')),
    ok('{"done": true}'),
  );
  const text = "std.native('same')('a')";
  assert.equal(await evaluateJsonnet(text, PATH, functions, tools), '{"done": true}');
  const stdins = invocations.map(({ stdin }) => stdin);
  assert.equal(stdins.length, 3);
  for (const stdin of stdins) {
    assert.ok(stdin.endsWith(text));
    assert.doesNotMatch(stdin, /\n/, "what stands before the text must not move its lines");
  }
  assert.ok(stdins[0]!.includes("local answers = {  };"));
  assert.ok(stdins[1]!.includes(String.raw`local answers = { "[\"same\", \"a\"]": ["a"] };`));
  assert.ok(stdins[2]!.includes(String.raw`"[\"later\", \"b\", 1]": [{"args":["b",1]}]`));
});

Deno.test("evaluateJsonnet() keeps what was looked up from being taken for templates, not what the file handed over", async () => {
  const { invocations, tools } = scripted(ok("", asks('["later", "{{ x }}", 1]', '["same", "{{ x }}"]')), ok("{}"));
  await evaluateJsonnet("std.native", PATH, functions, tools);
  const { stdin } = invocations[1]!;
  assert.ok(stdin.includes('"[\\"later\\", \\"{{ x }}\\", 1]": [{"args":["{{ `{{` }} x }}",1]}]'), stdin);
  assert.ok(stdin.includes('"[\\"same\\", \\"{{ x }}\\"]": ["{{ x }}"]'), stdin);
});

Deno.test("evaluateJsonnet() ends within its limits", async () => {
  const clock = new VirtualClock(0);
  const stop = new AbortController();
  const tools = memoryTools(memoryEnvironment({}));
  const hang = (after: () => void) => ({ signal }: Invocation) => {
    after();
    assert.ok(signal.aborted, "the program is ended");
    return Promise.resolve({ code: 143, stdout: "", stderr: "" });
  };
  await assert.rejects(
    inWords(evaluateJsonnet("x", PATH, functions, {
      ...tools,
      host: { ...tools.host, clock, invoke: hang(() => clock.advance(30_000)) },
    })),
    { name: "ConfigError", message: "conf/def.jsonnet: jsonnet did not finish within 30 s" },
  );
  await assert.rejects(
    inWords(evaluateJsonnet("x", PATH, functions, {
      ...tools,
      host: { ...tools.host, invoke: hang(() => stop.abort()) },
      signal: stop.signal,
    })),
    { name: "StoppedError", waitedFor: { code: "jsonnet", path: "conf/def.jsonnet" } },
  );
  let count = 0;
  const endless = memoryTools(memoryEnvironment({}), () => Promise.resolve(ok("", asks(`["same", ${count++}]`))));
  await assert.rejects(inWords(evaluateJsonnet("std.native", PATH, functions, endless)), {
    name: "ConfigError",
    message: "conf/def.jsonnet: asks for values with std.native again and again: stopped",
  });
  assert.equal(count, 100);
});

Deno.test("evaluateJsonnet() is not led astray by traces of the file's own", async () => {
  const { tools } = scripted(ok("{}", asks("not JSON", '["constructor"]', '["same"')), ok("{}"));
  assert.equal(await evaluateJsonnet("std.native", PATH, functions, tools), "{}");
  for (const key of ["nonsense", "{}", "[1]", '["same", 1]']) {
    await assertRefused(
      "std.native",
      [failed(`RUNTIME ERROR: ecspresso has no ${key}\n`)],
      `conf/def.jsonnet: jsonnet: ecspresso has no ${key}`,
    );
  }
});
