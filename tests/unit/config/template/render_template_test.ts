import assert from "node:assert/strict";
import { renderTemplate } from "../../../../src/config/template/render_template.ts";
import { CallError, type TemplateFunction } from "../../../../src/config/template/template_functions.ts";
import { inWords } from "../../../in_words.ts";

const functions: Record<string, TemplateFunction> = {
  show: (args) => `[${args.join("|")}]`,
  same: ([text]) => text ?? "",
  later: ([text]) => Promise.resolve(`later ${text}`),
  lines: () => "one\ntwo\nthree",
  value: () => ({ b: true, a: [1, "<b>", null] }),
  secretive: () => {
    throw new CallError({ code: "notFound", kind: "variable" }, "of this name");
  },
  tricky: () => "{{ show `x` }}",
  nothing: () => "",
  refuse: () => {
    throw new CallError({ code: "notFound", kind: "variable" });
  },
  crash: () => {
    throw new TypeError("a bug");
  },
};

const known = { functions, explainUnknown: () => undefined };

async function render(source: string): Promise<string> {
  return (await renderTemplate(source, "t.yml", known)).text;
}

Deno.test("renderTemplate() calls functions", async () => {
  const table: [string, string][] = [
    ["", ""],
    ["no template } }} { at all", "no template } }} { at all"],
    ["a {{ show }} b", "a [] b"],
    ["{{show `a` `b`}}", "[a|b]"],
    ['{{ show "a" "b c" }}', "[a|b c]"],
    ["{{ `raw \\n }} text` }}", "raw \\n }} text"],
    ["{{ `a\r\nb` }}", "a\nb"],
    ['{{ "}}" }}{{ "{{" }}', "}}{{"],
    ["{{\n  show\n  `a`\t`b`\r\n}}", "[a|b]"],
    ["{{ show `a` | show `b` | show `c` `d` }}", "[c|d|[b|[a]]]"],
    ["{{ `a` | show }}", "[a]"],
    ["{{`a`|show}}", "[a]"],
    ["{{ show (show `a` | same) `b` }}", "[[a]|b]"],
    ["{{ (show `a`) }}", "[a]"],
    ["{{ (`a`) | show }}", "[a]"],
    ["{{ ((same (`a`))) }}", "a"],
    ["{{ later `x` | show }}", "[later x]"],
    ["{{ show 5 0 -12 `a` }}", "[5|0|-12|a]"],
    ["{{ show 1|show }}", "[[1]]"],
    ["{{-3}}{{ 4 }}", "-34"],
    ["{{ value }}", '{"a":[1,"\\u003cb\\u003e",null],"b":true}'],
    ["{{ value | show }}", '[{"a":[1,"\\u003cb\\u003e",null],"b":true}]'],
    ["{{ tricky }}", "{{ show `x` }}"],
    ["{{ tricky | same }}", "{{ show `x` }}"],
  ];
  for (const [source, text] of table) assert.equal(await render(source), text, source);
});

Deno.test("renderTemplate() keeps variables", async () => {
  const table: [string, string][] = [
    ["{{ $x := `a` }}{{ $x }}", "a"],
    ["{{$x:=show `a`|same}}{{$x}}{{ show $x | show }}", "[a][[[a]]]"],
    ["{{ $x := `a` }}{{ $x = show $x }}{{ $x }}", "[a]"],
    ["{{ $x := `a` }}{{ $x := `b` }}{{ $x }}", "b"],
    ["{{ $x := (`a`) }}{{ ($x) }}", "a"],
    ["{{ $x := 5 }}{{ $y := true }}{{ show $x $y }}", "[5|true]"],
    ["{{ $x := `a` }}{{ if true }}{{ $x := `b` }}{{ $x }}{{ end }}{{ $x }}", "ba"],
    ["{{ $x := `a` }}{{ if true }}{{ $x = `b` }}{{ end }}{{ $x }}", "b"],
    ["{{ $日本 := `a` }}{{ $日本 }}", "a"],
    ["a {{- $x := `b` -}} c", "ac"],
  ];
  for (const [source, text] of table) assert.equal(await render(source), text, source);
});

Deno.test("renderTemplate() takes the branch whose condition is true", async () => {
  const table: [string, string][] = [
    ["a {{ if `x` }}b{{ end }} c", "a b c"],
    ["a {{ if `` }}b{{ end }} c", "a  c"],
    ["{{ if nothing }}a{{ else }}b{{ end }}", "b"],
    ["{{ if nothing }}a{{ else if show }}b{{ else }}c{{ end }}", "b"],
    ["{{ if nothing }}a{{ else if nothing }}b{{ else }}c{{ end }}", "c"],
    ["{{ if show }}a{{ else if refuse }}b{{ end }}", "a"],
    ["{{ if `a` | same }}{{ if nothing }}b{{ else }}c{{ end }}{{ else }}d{{ end }}", "c"],
    ["{{ if $x := show `a` }}{{ $x }}{{ end }}", "[a]"],
    ["{{ if $x := nothing }}{{ else }}<{{ $x }}>{{ end }}", "<>"],
    ["{{ if $x := nothing }}{{ else if $y := `b` }}{{ $x }}{{ $y }}{{ end }}", "b"],
    ["{{ if 0 }}a{{ else if 7 }}b{{ end }}", "b"],
    ["{{ if false }}a{{ else if true }}b{{ end }}", "b"],
    // A text is true, whatever it says.
    ["{{ if `false` }}a{{ end }}{{ if `0` }}b{{ end }}", "ab"],
    ["a\n{{- if true }}\n  b\n{{- else }}\n  c\n{{- end }}\nd", "a\n  b\nd"],
    ["{{ if true -}}  a  {{- end }}", "a"],
    ["{{ if true }}{{/* c */}}{{ end }}", ""],
    ["{{ if eq (show `a`) `[a]` }}yes{{ end }}", "yes"],
    ["{{ eq 1 2 }} {{ eq `a` `b` `a` }} {{ ne `a` `b` }} {{ eq true false }}", "false true true false"],
    ["{{ `a` | eq `a` }}", "true"],
    ["{{ not `` }} {{ not `a` }}", "true false"],
    ["{{ and `a` `` `b` }}|{{ and `a` `b` }}|{{ or `` `a` `b` }}|{{ or `` 0 }}", "|b|a|0"],
    ["{{ and `` (refuse) }}{{ or `a` (crash) }}", "a"],
  ];
  for (const [source, text] of table) assert.equal(await render(source), text, source);
});

Deno.test("renderTemplate() accepts a hundred ifs in each other", async () => {
  assert.equal(await render(`${"{{ if true }}".repeat(100)}a${"{{ end }}".repeat(100)}`), "a");
});

Deno.test("renderTemplate() reads Go's escapes", async () => {
  const table: [string, string][] = [
    [String.raw`"\a\b\f\n\r\t\v\\\""`, '\x07\b\f\n\r\t\v\\"'],
    [String.raw`"a\x41\101\u00e9\U0001F600z"`, "aAAé😀z"],
    [String.raw`"\xe3\x81\x82"`, "あ"],
    [String.raw`"\xff"`, "\uFFFD"],
    [String.raw`"é\\あ"`, "é\\あ"],
    [String.raw`"\uFEFFx"`, "\uFEFFx"],
  ];
  for (const [written, text] of table) assert.equal(await render(`{{ ${written} }}`), text, written);
});

Deno.test("renderTemplate() trims", async () => {
  const table: [string, string][] = [
    ["a  {{ `x` }}  b", "a  x  b"],
    ["a \r\n\t{{- `x` }} b", "ax b"],
    ["a {{ `x` -}} \r\n\t b", "a xb"],
    ["a {{- `x` -}} b", "axb"],
    ["a {{-\n`x`\n-}} b", "axb"],
    ["{{ `x` -}}   {{- `y` }}", "xy"],
    ["a {{/* c */}} b", "a  b"],
    ["a {{- /* c {{ }} \n */ -}} b", "ab"],
    ["a\u00a0{{- `x` }}", "a\u00a0x"],
  ];
  for (const [source, text] of table) assert.equal(await render(source), text, JSON.stringify(source));
});

Deno.test("renderTemplate() names what is wrong and where", async () => {
  const known = "(known: crash, later, lines, nothing, refuse, same, secretive, show, tricky, value)";
  const onlyWhole = "only whole numbers in decimal digits are supported in templates (put others in quotes)";
  const onlyCalls = "is not supported in templates (supported: function calls, variables and if)";
  const table: [string, string][] = [
    ["a\nb {{ gone `x` }}", `2:6: there is no template function gone ${known}`],
    ["{{ toString }}", `1:4: there is no template function toString ${known}`],
    ["{{ `a` | gone }}", `1:10: there is no template function gone ${known}`],
    ["{{ crash }}{{ gone }}", `1:15: there is no template function gone ${known}`],
    ["a {{ show `x`", "1:3: this {{ is never closed by }}"],
    ["a {{", "1:3: this {{ is never closed by }}"],
    ['{{ show "x }}', '1:9: this " has no partner on its line'],
    ['{{ show "x\ny" }}', '1:9: this " has no partner on its line'],
    ['{{ show "x\\', '1:9: this " has no partner on its line'],
    ["{{ show `x }}", "1:9: this ` has no partner"],
    ["{{ show 'x' }}", '1:9: single quotes do not hold a string in Go templates (write "..." or `...`)'],
    [String.raw`{{ "a\q" }}`, "1:6: unknown backslash sequence in a string (`...` takes backslashes as they are)"],
    [String.raw`{{ "\'" }}`, "1:5: unknown backslash sequence in a string (`...` takes backslashes as they are)"],
    [String.raw`{{ "\400" }}`, "1:5: unknown backslash sequence in a string (`...` takes backslashes as they are)"],
    [String.raw`{{ "\ud800" }}`, "1:5: unknown backslash sequence in a string (`...` takes backslashes as they are)"],
    [
      String.raw`{{ "\U00110000" }}`,
      "1:5: unknown backslash sequence in a string (`...` takes backslashes as they are)",
    ],
    ["{{ }}", "1:4: a function or a value is missing here"],
    ["{{}}", "1:3: a function or a value is missing here"],
    ["{{ | show }}", "1:4: a function or a value is missing here"],
    ["{{ show () }}", "1:10: a function or a value is missing here"],
    ["{{ show | }}", "1:11: the name of a function is missing after |"],
    ["{{ show | `a` }}", "1:11: the name of a function is missing after |"],
    ["{{ show | (show) }}", "1:11: the name of a function is missing after |"],
    ["{{ `a` `b` }}", "1:8: only a function takes arguments"],
    ["{{ (show) `b` }}", "1:11: only a function takes arguments"],
    ["{{ show same }}", "1:9: a call among the arguments needs parentheses: (same ...)"],
    ["{{ `a`show }}", "1:7: a space is missing here"],
    ["{{ show`a` }}", "1:8: a space is missing here"],
    ["{{ show(same `a`) }}", "1:8: a space is missing here"],
    ["{{ (show)(show) }}", "1:10: a space is missing here"],
    ["{{ (show }}", "1:4: this ( has no partner"],
    ["{{ show `a`) }}", '1:12: unexpected ")" in a template'],
    ["{{ range . }}{{ end }}", `1:4: range ${onlyCalls}`],
    ["{{ with `a` }}{{ end }}", `1:4: with ${onlyCalls}`],
    ["{{ if `a` }}{{ else with `b` }}{{ end }}", `1:21: with ${onlyCalls}`],
    ["{{ .Name }}", `1:4: .Name ${onlyCalls}`],
    ["{{ . }}", `1:4: . ${onlyCalls}`],
    ["{{ $ }}", `1:4: $ ${onlyCalls}`],
    ["{{ $x := `a` }}{{ $x.Name }}", `1:21: .Name ${onlyCalls}`],
    ["{{ $x }}", "1:4: there is no variable $x here"],
    ["{{ $x = `a` }}", "1:4: there is no variable $x here"],
    ["{{ $x := $x }}", "1:10: there is no variable $x here"],
    ["{{ show $x }}", "1:9: there is no variable $x here"],
    ["{{ if `a` }}{{ $x := `b` }}{{ end }}{{ $x }}", "1:40: there is no variable $x here"],
    ["{{ if `a` }}{{ $x := `b` }}{{ else }}{{ $x }}{{ end }}", "1:41: there is no variable $x here"],
    ["{{ if $x := `a` }}{{ end }}{{ $x }}", "1:31: there is no variable $x here"],
    ["{{ $x := }}", "1:10: a function or a value is missing here"],
    ["{{ $x := `a` }}{{ $x `a` }}", "1:22: only a function takes arguments"],
    ["{{ (`a`) = `b` }}", "1:10: only a function takes arguments"],
    ["{{ if }}x{{ end }}", "1:7: a function or a value is missing here"],
    ["a{{ if `x` }}b", "1:2: this {{ if }} is never closed by {{ end }}"],
    ["{{ if `x` }}{{ if `y` }}{{ end }}", "1:1: this {{ if }} is never closed by {{ end }}"],
    ["{{end}}", "1:3: there is no {{ if }} for this {{ end }}"],
    ["{{ else }}", "1:4: there is no {{ if }} for this {{ else }}"],
    ["{{ if `x` }}{{ else }}{{ else }}{{ end }}", "1:26: there is no {{ if }} for this {{ else }}"],
    ["{{ if `x` }}{{ else }}{{ else if `y` }}{{ end }}", "1:26: there is no {{ if }} for this {{ else }}"],
    ["{{ if `x` }}{{ end `y` }}", '1:20: unexpected "y" in a template'],
    ["{{ if `x` }}{{ else `y` }}{{ end }}", '1:21: unexpected "y" in a template'],
    ["{{ show if }}", '1:9: unexpected "if" in a template'],
    ["{{ true`a` }}", "1:8: a space is missing here"],
    ["{{ eq `a` }}", "1:4: eq `a`: takes two arguments; there are 1"],
    ["{{ ne `a` `b` `c` }}", "1:4: ne `a` `b` `c`: takes two arguments; there are 3"],
    ["{{ not }}", "1:4: not: takes one argument; there are 0"],
    ["{{ or }}", "1:4: or: takes at least one argument; there are 0"],
    [
      "{{ eq `1` 1 }}",
      "1:4: eq `1` 1: a text, a number and true or false cannot be compared with each other",
    ],
    ["{{ if true }}".repeat(101), "1:1301: the ifs are nested too deeply"],
    ["{{ show 1.5 }}", `1:9: ${onlyWhole}`],
    ["{{ show -.5 }}", `1:9: ${onlyWhole}`],
    ["{{ show 0x10 }}", `1:9: ${onlyWhole}`],
    ["{{ show 010 }}", `1:9: ${onlyWhole}`],
    ["{{ show +1 }}", `1:9: ${onlyWhole}`],
    ["{{ show 1e3 }}", `1:9: ${onlyWhole}`],
    ["{{ show `a`5 }}", "1:12: a space is missing here"],
    ["{{ show 5`a` }}", "1:10: a space is missing here"],
    ["{{ show, }}", '1:8: unexpected "," in a template'],
    ["{{ 😀 }}", '1:4: unexpected "😀" in a template'],
    ["{{ /* c */ }}", "1:4: a comment starts right after {{ and ends right before }}: {{/* ... */}}"],
    ["{{/* c */ }}", "1:8: a comment ends right before }}: {{/* ... */}}"],
    ["x {{/* c }}", "1:5: this comment is never closed by */}}"],
    [`{{ ${"(".repeat(20_000)}}}`, "1:104: the parentheses are nested too deeply"],
  ];
  for (const [source, message] of table) {
    await assert.rejects(inWords(render(source)), { name: "ConfigError", message: `t.yml:${message}` }, source);
  }
});

Deno.test("renderTemplate() accepts a hundred parentheses", async () => {
  assert.equal(await render(`{{ ${"(".repeat(100)}\`a\`${")".repeat(100)} }}`), "a");
});

Deno.test("renderTemplate() names the call that has no value, as it stands in the file", async () => {
  await assert.rejects(inWords(render("a:\n  {{ show | refuse\n   `x` }}")), {
    name: "ConfigError",
    message: "t.yml:2:13: show | refuse `x`: this environment variable is not set",
  });
  await assert.rejects(inWords(render("{{ show (tricky | refuse `x`) }}")), {
    message: "t.yml:1:19: tricky | refuse `x`: this environment variable is not set",
  });
});

Deno.test("renderTemplate() adds what quotes the arguments only where they stand in the file as they are", async () => {
  const table: [string, string][] = [
    ["{{ secretive `a` 1 }}", "t.yml:1:4: secretive `a` 1: this environment variable is not set: of this name"],
    ["{{ secretive `a` (tricky) }}", "t.yml:1:4: secretive `a` (tricky): this environment variable is not set"],
    ["{{ $x := tricky }}{{ secretive $x }}", "t.yml:1:22: secretive $x: this environment variable is not set"],
    ["{{ tricky | secretive `a` }}", "t.yml:1:13: tricky | secretive `a`: this environment variable is not set"],
  ];
  for (const [source, message] of table) {
    await assert.rejects(inWords(render(source)), { name: "ConfigError", message });
  }
});

Deno.test("renderTemplate() says what its caller knows of an unknown function, and where the caller says it is", async () => {
  const positionAt = (offset: number) => offset < 10 ? { line: 7, column: offset } : undefined;
  const explainUnknown = (name: string) =>
    name === "gone" ? { code: "unsupportedPlugin", plugin: "p" } as const : undefined;
  const render = (source: string) => renderTemplate(source, "t.yml", { functions, explainUnknown }, positionAt);
  await assert.rejects(inWords(render("{{ gone }}")), {
    message: "t.yml:7:3: gone: the plugin p is not supported",
  });
  await assert.rejects(inWords(render("0123456789{{ gone }}")), {
    message: "t.yml: gone: the plugin p is not supported",
  });
  await assert.rejects(
    inWords(render("{{ other }}")),
    /there is no template function other/,
  );
});

Deno.test("renderTemplate() lets a function's other errors pass", async () => {
  await assert.rejects(render("{{ crash }}"), new TypeError("a bug"));
});

Deno.test("RenderedText.positionAt() leads back to the file", async () => {
  const source = "a: {{ lines }}!\n  {{- nothing }}b: {{ `v` -}}   \n  c";
  const rendered = await renderTemplate(source, "t.yml", known);
  assert.equal(rendered.text, "a: one\ntwo\nthree!b: vc");
  const table: [string, number, number][] = [
    ["a:", 1, 1],
    ["one", 1, 4],
    ["two", 1, 4],
    ["three", 1, 4],
    ["!", 1, 15],
    ["b:", 2, 17],
    ["v", 2, 20],
    ["c", 3, 3],
  ];
  for (const [piece, line, column] of table) {
    assert.deepEqual(rendered.positionAt(rendered.text.indexOf(piece)), { file: "t.yml", line, column }, piece);
  }
  assert.deepEqual(rendered.positionAt(rendered.text.length), { file: "t.yml", line: 3, column: 4 });
  const { positionAt } = await renderTemplate("{{ nothing }}", "t.yml", known);
  assert.deepEqual(positionAt(0), { file: "t.yml", line: 1, column: 1 });
});
