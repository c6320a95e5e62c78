import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { DefinitionChange } from "../../../src/model/definition_change.ts";
import type { Json } from "../../../src/model/json.ts";
import { HiddenValues, hideInPlan, maskAll } from "../../../src/secrets/hidden_values.ts";
import type { LookedUp } from "../../../src/secrets/looked_up.ts";

/** With values of a variable whose name says nothing. */
function hiding(...values: Json[]): HiddenValues {
  const hidden = new HiddenValues();
  for (const value of values) hidden.add({ source: "variable", name: "X", value });
  return hidden;
}

const SECRET = `p"s's/ö<&> w\\d;(x)😀`;

const inAscii = (text: string) =>
  text.replaceAll(/[\u0080-\uffff]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
const inUrlOfGo = (text: string) =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16)}`);

const WRITTEN: Record<string, string> = {
  "as it is": SECRET,
  "within a text": `postgres://user:${SECRET}@host`,
  "as JSON": JSON.stringify(SECRET),
  "as JSON within JSON": JSON.stringify(JSON.stringify({ a: SECRET })),
  "as the JSON of Go": JSON.stringify(SECRET).replaceAll(/[<>&]/g, (one) => `\\u00${one.charCodeAt(0).toString(16)}`),
  "as the JSON of Python": inAscii(JSON.stringify(SECRET)),
  "as the JSON of PHP": inAscii(JSON.stringify(SECRET)).replaceAll("/", "\\/"),
  "as the JSON of PHP within JSON": JSON.stringify(inAscii(JSON.stringify(SECRET)).replaceAll("/", "\\/")),
  "in a URL of Go or Python": `x?y=${inUrlOfGo(SECRET)}`,
  "in the path of a URL": `x/${inUrlOfGo(SECRET).replaceAll("%2F", "/")}?a=b+c`,
  "in a form of Go or Python": new URLSearchParams({ y: SECRET }).toString(),
  "in a URL in JSON": JSON.stringify({ url: `x?y="${inUrlOfGo(SECRET)}` }),
  "in a URL in a URL": encodeURIComponent(inUrlOfGo(SECRET)),
  "as --ext-str has it": SECRET.replaceAll(";", "\\;"),
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

Deno.test("mask() finds the beginning of a value at the end of a text that AWS has cut, and nowhere else", () => {
  const long = `${"y".repeat(240)} exec: `;
  const { mask } = hiding("hunter22-and-more", "héllo-and-more");
  assert.equal(mask(`${long}hunter22-a`), `${long}(hidden)`);
  assert.equal(mask(`${long}hunter`), `${long}(hidden)`);
  assert.equal(mask(`${long}h\\u00e9llo-a`), `${long}(hidden)`);
  for (const whole of [`${long}hunter22-a and`, `${long}hunte`, "exec: hunter22-a"]) assert.equal(mask(whole), whole);
});

Deno.test("mask() leaves what is escaped as it is where no value is in it", () => {
  const text = String.raw`+ "a\"b\u00e9\\" %20%zz%ff%c3%28 50% C:\x a+b \ `;
  assert.equal(hiding("hunter22").mask(text), text);
  assert.equal(hiding("hunter22").mask(`${text}hunter%322${text}`), `${text}(hidden)${text}`);
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

Deno.test("a short value that is never shown is hidden in a plain member, too, also as a part of it", () => {
  const hidden = hiding("7Zq2");
  for (const value of ["7Zq1", "512", "prod"]) hidden.add({ source: "variable", name: "TOKEN", value });
  hidden.addNames(["myservice-prod"]);
  assert.deepEqual(hidden.split("h-7Zq1", true), ["h-", "7Zq1", ""]);
  assert.deepEqual(hidden.split("512", true), ["", "512", ""]);
  for (const shown of ["h-7Zq2", "app:512", "h7Zq1", "app-prod"]) assert.equal(hidden.split(shown, true), undefined);
});

Deno.test("values may be many and large: bundles of certificates, configurations", () => {
  const line = (of: number, n: number) => `${of}-${n}-abcdefghijklmnopqrstuvwxyz`;
  const large = (of: number) => Array.from({ length: 2_000 }, (_, n) => line(of, n)).join("\n");
  const hidden = hiding(...Array.from({ length: 8 }, (_, of) => large(of)), "x".repeat(1_000_000));
  for (let n = 0; n < 500; n++) hidden.add({ source: "parameter", name: `/p/${n}`, value: `p4ssw0rd-of-${n}/'"ö` });
  assert.equal(hidden.mask(`a ${line(7, 1_999)} b`), "a (hidden) b");
  assert.equal(hidden.mask(`p4ssw0rd-of-499/'"ö`), "(hidden)");
  assert.equal(hidden.mask("x".repeat(1_000_000)), "(hidden)");
  assert.deepEqual(hidden.split(`a=${large(3)}`, false), ["a=", large(3), ""]);
});

Deno.test("mask() leaves nothing of values that overlap", () => {
  assert.equal(hiding("abcdef-123", "123-ghijkl").mask("x abcdef-123-ghijkl y"), "x (hidden) y");
  assert.equal(hiding("aaaaaa").mask("aaaaaaaaaa"), "(hidden)");
});

Deno.test("the program's own words stay where it writes them, and are hidden where they are a value", () => {
  const hidden = hiding("deployment", "message", "service");
  hidden.add({ source: "variable", name: "TOKEN", value: "rollback" });
  hidden.addNames(["myservice"]);
  for (const text of ["Starting rollback", '{"message": "of the service"}', "the deployment"]) {
    assert.equal(hidden.mask(text), text);
  }
  assert.deepEqual(hidden.split("--kind=deployment", false), ["--kind=", "deployment", ""]);
  assert.deepEqual(hidden.split("service", false), ["", "service", ""]);
  assert.deepEqual(hidden.split("rollback", true), ["", "rollback", ""], "never");
  assert.equal(hidden.split("deployment", true), undefined, "where plain");
});

Deno.test("of a secret that is JSON, names of the run and what is public stay readable", () => {
  const hidden = new HiddenValues();
  const value = JSON.stringify({
    dbname: "myservice",
    host: "db.internal",
    region: "ap-northeast-1",
    account: "123456789012",
    password: "hunter22",
    since: "2026-11-26",
  });
  hidden.add({ source: "parameter", name: "/app/db", value, marked: new Set([value]) });
  hidden.addNames(["myservice", "default"]);
  const arn = "arn:aws:ecs:ap-northeast-1:123456789012:service/default/myservice";
  assert.equal(hidden.mask(`${arn} 2026-11-26T12:10:00.000Z`), `${arn} 2026-11-26T12:10:00.000Z`);
  assert.equal(hidden.mask("hunter22 at db.internal"), "(hidden) at (hidden)");
  assert.equal(hidden.mask(value), "(hidden)");
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

Deno.test("hideInPlan() leaves no value of a change in which one side was looked up", () => {
  const [NEW, OLD] = ["new-secret-1", "old-secret-2"];
  const hidden = new HiddenValues();
  const add = (value: string) => hidden.add({ source: "parameter", name: "p", value, marked: new Set([value]) });
  add(NEW);
  add("512");
  const image = { scope: { container: "app" }, attribute: "image", kind: "changed" } as const;
  const cpu = { scope: "task", attribute: "cpu", kind: "changed" } as const;
  const command = { scope: { container: "app" }, attribute: "command", kind: "changed" } as const;
  const changes = (changes: readonly DefinitionChange[]) => hideInPlan({ changes }, hidden).changes;
  assert.deepEqual(changes([{ ...image, from: `web:${OLD}`, to: `web:${NEW}` }]), [image]);
  assert.deepEqual(changes([{ ...image, kind: "removed", from: `web:${NEW}` }]), [{ ...image, kind: "removed" }]);
  assert.deepEqual(changes([{ ...cpu, from: "256", to: "512" }]), [cpu], "too short to be searched for in a line");
  const groups = { scope: "service", attribute: "securityGroups", kind: "changed" } as const;
  assert.deepEqual(changes([{ ...groups, from: '["sg-1","512"]', to: '["sg-1"]' }]), [groups], "short, and in a list");
  const shown = [{ ...image, from: "web:1.2.0", to: "web:1.3.0" }, command];
  assert.deepEqual(changes(shown), shown);
});
