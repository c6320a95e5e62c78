import assert from "node:assert/strict";
import { type Config, loadConfig } from "../../../src/config/load_config.ts";
import { inWords } from "../../in_words.ts";
import { memoryEnvironment, memoryTools } from "./memory_host.ts";

export const env = memoryEnvironment({
  NAME: "web",
  EMPTY: "",
  SECRET: "hunter2",
  LINES: "one\n two",
  STAR: "*hunter2",
  TIMEOUT: "10x",
  QUOTE: 'a"b',
});

export function load(text: string, path = "ecspresso.yml"): Promise<Config> {
  return loadConfig({ path, text }, memoryTools(env));
}

export async function assertRefused(text: string, message: string, path?: string): Promise<void> {
  await assert.rejects(inWords(load(text, path)), { name: "ConfigError", message });
}
