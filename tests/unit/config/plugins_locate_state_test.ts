import assert from "node:assert/strict";
import { formatAddress } from "../../../src/config/definition_functions.ts";
import { locateState, nameLocation } from "../../../src/config/plugins.ts";
import { CallError } from "../../../src/config/template/template_functions.ts";
import { inWords, wordsOf } from "../../in_words.ts";

Deno.test("locateState() reads the URLs that are supported", () => {
  const table: [string, Parameters<typeof nameLocation>[0], string][] = [
    ["terraform.tfstate", { kind: "file", path: "terraform.tfstate" }, "terraform.tfstate"],
    ["./a b/t.tfstate", { kind: "file", path: "./a b/t.tfstate" }, "./a b/t.tfstate"],
    ["/abs/t.tfstate", { kind: "file", path: "/abs/t.tfstate" }, "/abs/t.tfstate"],
    ["C:\\states\\t.tfstate", { kind: "file", path: "C:\\states\\t.tfstate" }, "C:\\states\\t.tfstate"],
    ["file:///abs/a%20b.tfstate", { kind: "file", path: "/abs/a b.tfstate" }, "/abs/a b.tfstate"],
    [
      "s3://my-bucket/env:/prod/t.tfstate",
      { kind: "object", bucket: "my-bucket", key: "env:/prod/t.tfstate" },
      "s3://my-bucket/env:/prod/t.tfstate",
    ],
    ["S3://b/k%2Bk", { kind: "object", bucket: "b", key: "k+k" }, "s3://b/k+k"],
  ];
  for (const [url, location, name] of table) {
    assert.deepEqual(locateState(url), location, url);
    assert.equal(nameLocation(location), name);
  }
});

Deno.test("locateState() says in one line which URLs it cannot read", () => {
  const supported = "(supported: s3://BUCKET/KEY, file:///PATH and a plain path)";
  const table: [string, string][] = [
    ["https://example.com/t.tfstate", `states at https:// are not supported ${supported}`],
    ["remote://app.terraform.io/org/ws", `states at remote:// are not supported ${supported}`],
    ["gs://bucket/key", `states at gs:// are not supported ${supported}`],
    ["azurerm://rg/sa/c/b", `states at azurerm:// are not supported ${supported}`],
    ["s3://bucket", `the state's URL cannot be read ${supported}`],
    ["s3://bucket/", `the state's URL cannot be read ${supported}`],
    ["s3:///key", `the state's URL cannot be read ${supported}`],
    ["s3://b/%zz", `the state's URL cannot be read ${supported}`],
    ["file://relative/t.tfstate", `the state's URL cannot be read ${supported}`],
  ];
  for (const [url, words] of table) {
    const location = locateState(url);
    assert.ok(location.kind === "unsupported", url);
    assert.equal(wordsOf(new CallError(location.problem)), words);
  }
});

Deno.test("formatAddress() puts the arguments in their places", () => {
  const table: [string, string[], string][] = [
    ["a.b.c", [], "a.b.c"],
    ["a.b['%s'].%s", ["k", "id"], "a.b['k'].id"],
    ["a.b[%d].id", ["12"], "a.b[12].id"],
    ["a.%v[%d]", ["b", "-1"], "a.b[-1]"],
    ["100%% %s", ["%s"], "100% %s"],
  ];
  for (const [format, args, address] of table) assert.equal(formatAddress(format, args), address, format);
});

Deno.test("formatAddress() says what does not fit", () => {
  const table: [string, string[], string][] = [
    ["%q", ["a"], "its format may hold %s, %d, %v and %% only"],
    ["%02d", ["1"], "its format may hold %s, %d, %v and %% only"],
    ["a%", [], "its format may hold %s, %d, %v and %% only"],
    ["%s.%s", ["a"], "its format asks for more arguments than there are"],
    ["%d", ["a"], "its format asks for a whole number (%d)"],
    ["%s", ["a", "b"], "there are more arguments than its format asks for"],
  ];
  for (const [format, args, message] of table) {
    assert.throws(inWords(() => formatAddress(format, args)), { name: "CallError", message }, format);
  }
});
