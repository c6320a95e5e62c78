import assert from "node:assert/strict";
import { inWords } from "../../in_words.ts";
import { load } from "./made_up_config.ts";

Deno.test("loadConfig() is quick with files made to be slow", async () => {
  const bomb = Array.from({ length: 30 }, (_, n) => `x${n + 1}: &x${n + 1} [${`*x${n},`.repeat(20)}]`);
  const merges = Array.from({ length: 30 }, (_, n) => `m${n + 1}: &m${n + 1} {<<: [${`*m${n},`.repeat(20)}]}`);
  const chain = Array.from({ length: 20_000 }, (_, n) => `m${n + 1}: &m${n + 1} {<<: *m${n}}`);
  const texts = [
    ["x0: &x0 [a]", ...bomb, "service: s"].join("\n"),
    ["m0: &m0 {service: s}", ...merges, "<<: *m30"].join("\n"),
    ["m0: &m0 {service: s}", ...chain, "<<: *m20000"].join("\n"),
    `service: s\na: &a [${"*a,".repeat(50_000)}]`,
    `service: s\n${Array.from({ length: 40_000 }, (_, n) => `k${n}: 1\n`).join("")}`,
  ];
  for (const text of texts) assert.equal((await load(text)).service, "s");
  const deep = "is nested too deeply";
  await assert.rejects(
    inWords(load(`service: ${"[".repeat(100_000)}`)),
    new RegExp(`ConfigError: ecspresso.yml:1:\\d+: ${deep}`),
  );
  await assert.rejects(
    inWords(load(`service: ${"{a: ".repeat(50_000)}`)),
    new RegExp(`ConfigError: ecspresso.yml:1:\\d+: ${deep}`),
  );
  await assert.rejects(
    inWords(load(`{"service": ${"[".repeat(200_000)}`, "a.json")),
    /ConfigError: a.json:1:1: .* nested too deeply/,
  );
});
