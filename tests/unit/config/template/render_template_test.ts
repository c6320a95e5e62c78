import assert from "node:assert/strict";
import { renderTemplate } from "../../../../src/config/template/render_template.ts";
import { known, render } from "./rendering.ts";

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

Deno.test("renderTemplate() accepts a hundred parentheses", async () => {
  assert.equal(await render(`{{ ${"(".repeat(100)}\`a\`${")".repeat(100)} }}`), "a");
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
