import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { Json } from "../../../src/ecs/json.ts";
import { HiddenValues } from "../../../src/secrets/hidden_values.ts";
import type { LookedUp } from "../../../src/secrets/looked_up.ts";
import { maskAll } from "../../../src/secrets/mask_all.ts";

/** With values of a variable whose name says nothing. */
function hiding(...values: Json[]): HiddenValues {
  const hidden = new HiddenValues();
  for (const value of values) hidden.add({ source: "variable", name: "X", value });
  return hidden;
}

const SECRET = `p"s's/ö<&> w\\d`;

const WRITTEN: Record<string, string> = {
  "as it is": SECRET,
  "within a text": `postgres://user:${SECRET}@host`,
  "as JSON": JSON.stringify(SECRET),
  "as JSON within JSON": JSON.stringify(JSON.stringify({ a: SECRET })),
  "as the JSON of Go": JSON.stringify(SECRET).replaceAll(/[<>&]/g, (one) => `\\u00${one.charCodeAt(0).toString(16)}`),
  "in a URL": `x?y=${encodeURIComponent(SECRET)}`,
  "in a URL, in small letters": encodeURIComponent(SECRET).replaceAll(/%../g, (code) => code.toLowerCase()),
  "in a form": encodeURIComponent(SECRET).replaceAll("%20", "+"),
  "quoted for a shell": `'${SECRET.replaceAll("'", `'"'"'`)}'`,
  "in Base64": Buffer.from(SECRET).toString("base64"),
  "in Base64, behind one byte": Buffer.from(`:${SECRET}`).toString("base64"),
  "in Base64, in between": Buffer.from(`ab${SECRET}cd`).toString("base64"),
  "in Base64 for URLs": Buffer.from(`user:${SECRET}`).toString("base64url"),
};

for (const [how, written] of Object.entries(WRITTEN)) {
  Deno.test(`mask() finds a value ${how}`, () => {
    const masked = hiding(SECRET).mask(`before ${written} behind`);
    assert.match(masked, /^before .*\(hidden\).* behind$/);
    const longest = /\(hidden\)/.test(masked) ? masked.replace("(hidden)", "").length : Infinity;
    // In Base64 a letter on either side may belong to what stands there.
    assert.ok(longest <= "before  behind".length + written.length - 8, masked);
  });
}

Deno.test("mask() finds the lines of a value, what is in it where it is JSON, and the longest of several", () => {
  const key = "-----BEGIN KEY-----\nabcdefgh\nijklmnop\n";
  assert.equal(hiding(key).mask("refused: abcdefgh ijklmnop"), "refused: (hidden) (hidden)");
  assert.equal(hiding('{"user": "app", "password": "hunter22"}').mask("with hunter22"), "with (hidden)");
  assert.equal(hiding(String.raw`hunter\u0032\u0032`).mask("with hunter22"), "with (hidden)");
  assert.equal(hiding("hunter22", "hunter22-and-more").mask("hunter22-and-more hunter22"), "(hidden) (hidden)");
  assert.equal(hiding({ a: ["hunter22"], b: 12345678 }).mask("hunter22 12345678"), "(hidden) (hidden)");
});

Deno.test("mask() leaves short values, and what no value is", () => {
  assert.equal(hiding("12345", "", "      ", "x").mask("12345 x      y"), "12345 x      y");
  assert.equal(new HiddenValues().mask("anything"), "anything");
});

Deno.test("what the run is about is no secret, and what stands in a plain member is none unless it never is", () => {
  const hidden = hiding("myservice", "v1.2.3-rc1", "blue-channel");
  const never: LookedUp = { source: "variable", name: "TOKEN", value: "token-in-image" };
  hidden.add(never);
  hidden.addNames(["myservice-prod", undefined]);
  hidden.addDefinition({
    family: "app",
    containerDefinitions: [{ image: "repo/app:v1.2.3-rc1", command: ["blue-channel"] }, {
      image: "repo/token-in-image",
    }],
  });
  assert.equal(hidden.mask("myservice v1.2.3-rc1 blue-channel"), "myservice v1.2.3-rc1 (hidden)");
  assert.equal(hidden.mask("token-in-image"), "(hidden)");
});

Deno.test("the strictest of a value's sources counts", () => {
  for (const names of [["IMAGE_TAG", "TOKEN"], ["TOKEN", "IMAGE_TAG"], ["TOKEN", "X"]]) {
    const hidden = new HiddenValues();
    for (const name of names) hidden.add({ source: "variable", name, value: "same-value" });
    hidden.addDefinition({ containerDefinitions: [{ image: "same-value" }] });
    assert.equal(hidden.mask("same-value"), "(hidden)", names.join());
  }
});

Deno.test("split() finds parts of members that may hold any text, and short values where they are words", () => {
  const hidden = hiding("hunter22", "4821");
  assert.deepEqual(hidden.split("a hunter22 b", false), ["a ", "hunter22", " b"]);
  assert.deepEqual(hidden.split("--pin=4821", false), ["--pin=", "4821", ""]);
  assert.equal(hidden.split("14821", false), undefined);
  assert.equal(hidden.split("4821", true), undefined, "where plain");
  hidden.add({ source: "variable", name: "PIN_TOKEN", value: "77" });
  assert.deepEqual(hidden.split("77", true), ["", "77", ""], "never");
});

Deno.test("maskAll() masks every text in a value, and leaves the rest as it is", () => {
  const mask = hiding("hunter22").mask;
  const event = { a: ["x hunter22"], b: { c: 1 }, d: new Map([["k", "hunter22"]]), e: new Set(["hunter22"]), f: null };
  const masked = maskAll(event, mask);
  assert.deepEqual(masked, {
    a: ["x (hidden)"],
    b: { c: 1 },
    d: new Map([["k", "(hidden)"]]),
    e: new Set(["(hidden)"]),
    f: null,
  });
  assert.equal(masked.b, event.b);
  assert.equal(event.a[0], "x hunter22");
});
