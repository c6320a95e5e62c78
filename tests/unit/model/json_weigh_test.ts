import assert from "node:assert/strict";
import { HEAVIEST_BYTE, weighJson } from "../../../src/model/json.ts";

const times = (json: string) => Math.round(weighJson(json) / json.length);

Deno.test("weighJson() finds what takes many times its length when it is parsed", () => {
  const keys = Array.from({ length: 10_000 }, (_, index) => `"${index.toString(36)}":1`);
  assert.ok(times(`[${"{},".repeat(10_000)}0]`) >= 36);
  assert.ok(times("[".repeat(10_000)) >= 100);
  assert.ok(times(`{${keys.join(",")}}`) >= 20);
  assert.ok(times(JSON.stringify("x".repeat(10_000))) === 0);
  const resource = {
    type: "aws_ecs_service",
    arn: "arn:aws:ecs:ap-northeast-1:123456789012:service/default/a",
    count: 3,
  };
  assert.ok(times(JSON.stringify(Array(1_000).fill(resource))) <= 4);
});

Deno.test("weighJson() looks into no text, and takes bytes for the text that they are", () => {
  assert.equal(weighJson('["[{[{,:,:"]'), weighJson('["aaaaaaaaa"]'));
  assert.equal(weighJson('["\\"[{[{", "\\\\"]'), weighJson('["aaaa", "b"]'));
  const json = '{"a":["é",{"b":[1,2,"\\u00e9"]}],"a":"é"}';
  assert.ok(Math.abs(weighJson(new TextEncoder().encode(json)) - weighJson(json)) <= 30);
  assert.ok(weighJson('{"a') > 0 && weighJson('"\\') >= 0 && weighJson("") === 0);
});

Deno.test("no byte of JSON weighs more than HEAVIEST_BYTE, with itself", () => {
  const parts = ["[", "{", '{"a":', '{"a":[', '"', ",", ":", '""', '"":', "[,", '"a",'];
  for (const part of parts) {
    const json = part.repeat(10_000);
    assert.ok(json.length + weighJson(json) <= json.length * HEAVIEST_BYTE, part);
  }
  assert.equal(1 + weighJson("["), HEAVIEST_BYTE);
});
