import assert from "node:assert/strict";
import type { Json } from "../../../src/model/json.ts";
import { isOwnWord } from "../../../src/secrets/own_words.ts";

const wordsIn = (text: string) => new Set(text.match(/(?<![A-Za-z])[A-Za-z]{6,}(?![A-Za-z])/g));

/** The names and the values that a schema has for members. */
function wordsOfSchema(schema: Json): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  if (Array.isArray(schema)) return schema.flatMap(wordsOfSchema);
  return Object.entries(schema).flatMap(([key, value]) => [
    ...(key === "properties" ? Object.keys(value as object) : []),
    ...(key === "const" || key === "enum" ? [value].flat().filter((one) => typeof one === "string") : []),
    ...wordsOfSchema(value),
  ]);
}

Deno.test("isOwnWord() knows the words that programs read in events", () => {
  const schema = JSON.parse(Deno.readTextFileSync("docs/events.schema.json"));
  const words = wordsOfSchema(schema).filter((word) => /^[A-Za-z]{6,}$/.test(word));
  assert.ok(words.length > 100, String(words.length));
  assert.deepEqual(words.filter((word) => !isOwnWord(word)), []);
});

/** Of the made-up service, of the machine that runs it, and of a run. */
const NAMES = [
  "myservice",
  "yourservice",
  "northeast",
  "deployer",
  "eeebdb",
  "badcafe",
  "abcdef",
  "WORKERS",
  "ecsTaskExecutionRole",
];

Deno.test("isOwnWord() knows the words that people read again and again", () => {
  const counts = new Map<string, number>();
  for (const { name } of Deno.readDirSync("tests/transcripts")) {
    if (!name.endsWith(".txt")) continue;
    for (const word of wordsIn(Deno.readTextFileSync(`tests/transcripts/${name}`))) {
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  const frequent = [...counts].filter(([word, count]) => count >= 15 && !NAMES.includes(word)).map(([word]) => word);
  assert.ok(frequent.length > 80, String(frequent.length));
  assert.deepEqual(frequent.filter((word) => !isOwnWord(word)), []);
});

Deno.test("isOwnWord() takes no value for a word of the program", () => {
  for (const value of ["hunter", "password", "production", "staging", "postgres", "my-service", "admin1", "sesame"]) {
    assert.ok(!isOwnWord(value), value);
  }
});
