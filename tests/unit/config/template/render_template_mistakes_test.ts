import assert from "node:assert/strict";
import { renderTemplate } from "../../../../src/config/template/render_template.ts";
import { inWords } from "../../../in_words.ts";
import { functions, render } from "./rendering.ts";

const KNOWN = "(known: crash, later, lines, nothing, refuse, same, secretive, show, tricky, value)";
const ONLY_WHOLE = "only whole numbers in decimal digits are supported in templates (put others in quotes)";
const ONLY_CALLS = "is not supported in templates (supported: function calls, variables and if)";

const MISTAKES: [string, string][] = [
  ["a\nb {{ gone `x` }}", `2:6: there is no template function gone ${KNOWN}`],
  ["{{ toString }}", `1:4: there is no template function toString ${KNOWN}`],
  ["{{ `a` | gone }}", `1:10: there is no template function gone ${KNOWN}`],
  ["{{ crash }}{{ gone }}", `1:15: there is no template function gone ${KNOWN}`],
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
  ["{{ range . }}{{ end }}", `1:4: range ${ONLY_CALLS}`],
  ["{{ with `a` }}{{ end }}", `1:4: with ${ONLY_CALLS}`],
  ["{{ if `a` }}{{ else with `b` }}{{ end }}", `1:21: with ${ONLY_CALLS}`],
  ["{{ .Name }}", `1:4: .Name ${ONLY_CALLS}`],
  ["{{ . }}", `1:4: . ${ONLY_CALLS}`],
  ["{{ $ }}", `1:4: $ ${ONLY_CALLS}`],
  ["{{ $x := `a` }}{{ $x.Name }}", `1:21: .Name ${ONLY_CALLS}`],
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
  ["{{ show 1.5 }}", `1:9: ${ONLY_WHOLE}`],
  ["{{ show -.5 }}", `1:9: ${ONLY_WHOLE}`],
  ["{{ show 0x10 }}", `1:9: ${ONLY_WHOLE}`],
  ["{{ show 010 }}", `1:9: ${ONLY_WHOLE}`],
  ["{{ show +1 }}", `1:9: ${ONLY_WHOLE}`],
  ["{{ show 1e3 }}", `1:9: ${ONLY_WHOLE}`],
  ["{{ show `a`5 }}", "1:12: a space is missing here"],
  ["{{ show 5`a` }}", "1:10: a space is missing here"],
  ["{{ show, }}", '1:8: unexpected "," in a template'],
  ["{{ 😀 }}", '1:4: unexpected "😀" in a template'],
  ["{{ /* c */ }}", "1:4: a comment starts right after {{ and ends right before }}: {{/* ... */}}"],
  ["{{/* c */ }}", "1:8: a comment ends right before }}: {{/* ... */}}"],
  ["x {{/* c }}", "1:5: this comment is never closed by */}}"],
  [`{{ ${"(".repeat(20_000)}}}`, "1:104: the parentheses are nested too deeply"],
];

Deno.test("renderTemplate() names what is wrong and where", async () => {
  for (const [source, message] of MISTAKES) {
    await assert.rejects(inWords(render(source)), { name: "ConfigError", message: `t.yml:${message}` }, source);
  }
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
