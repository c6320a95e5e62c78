import assert from "node:assert/strict";
import { findConfig } from "../../../src/config/load_config.ts";
import { inWords } from "../../in_words.ts";
import { memoryFiles } from "./memory_host.ts";

Deno.test("findConfig() prefers .yml to .yaml to .json to .jsonnet", async () => {
  const all = { "ecspresso.yml": "a", "ecspresso.yaml": "b", "ecspresso.json": "c", "ecspresso.jsonnet": "d" };
  assert.deepEqual(await findConfig(undefined, memoryFiles(all)), { path: "ecspresso.yml", text: "a" });
  const two = { "ecspresso.yaml": "b", "ecspresso.json": "c" };
  assert.deepEqual(await findConfig(undefined, memoryFiles(two)), { path: "ecspresso.yaml", text: "b" });
  assert.deepEqual(await findConfig(undefined, memoryFiles({ "ecspresso.json": "" })), {
    path: "ecspresso.json",
    text: "",
  });
  assert.deepEqual(await findConfig(undefined, memoryFiles({ "ecspresso.jsonnet": "d" })), {
    path: "ecspresso.jsonnet",
    text: "d",
  });
});

Deno.test("findConfig() reads only the file that was named", async () => {
  const files = memoryFiles({ "ecspresso.yml": "a", "deploy/prod.yml": "p" });
  assert.deepEqual(await findConfig("deploy/prod.yml", files), { path: "deploy/prod.yml", text: "p" });
  await assert.rejects(inWords(findConfig("prod.yml", files)), {
    name: "ConfigError",
    message: "prod.yml: there is no such config file (name an existing one with --config FILE)",
  });
});

Deno.test("findConfig() names what it looked for", async () => {
  await assert.rejects(inWords(findConfig(undefined, memoryFiles({}))), {
    name: "ConfigError",
    message: "no config file: the working directory has no ecspresso.yml, ecspresso.yaml, ecspresso.json or " +
      "ecspresso.jsonnet (name one with --config FILE)",
  });
});

Deno.test("findConfig() says in one line why a file cannot be read", async () => {
  const files = { readText: () => Promise.reject(new Error("Is a directory (os error 21)\n    at read")) };
  await assert.rejects(inWords(findConfig("conf", files)), {
    name: "ConfigError",
    message: "conf: cannot be read: Is a directory (os error 21)",
  });
  await assert.rejects(inWords(findConfig(undefined, { readText: () => Promise.reject("denied") })), {
    message: "ecspresso.yml: cannot be read: denied",
  });
});
