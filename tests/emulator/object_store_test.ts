import assert from "node:assert/strict";
import { Emulator } from "./emulator.ts";
import { answered, get, textOf } from "./store_answers.ts";

Deno.test("GetObject takes the bucket from the path or from the host", async (t) => {
  const emulator = new Emulator();
  emulator.setObject("states", "env/prod.tfstate", '{"version":4}');
  emulator.setObject("states", "日 本&<>.json", "{}");
  const found: [string, string | undefined, string][] = [
    ["/states/env/prod.tfstate?x-id=GetObject", "127.0.0.1:4566", '{"version":4}'],
    ["/env/prod.tfstate", "states.s3.ap-northeast-1.amazonaws.com", '{"version":4}'],
    ["/env/prod.tfstate", "states.localhost:4566", '{"version":4}'],
    [`/states/${encodeURIComponent("日 本&<>.json")}`, undefined, "{}"],
  ];
  for (const [path, host, expected] of found) {
    await t.step(`${host} ${path}`, () => {
      const { status, body, headers } = get(emulator, path, host);
      assert.deepEqual([status, body], [200, expected]);
      assert.match(headers.etag ?? "", /^"[0-9a-f]{32}"$/);
    });
  }
  const missing: [string, number, string][] = [
    ["/states/env/none", 404, "NoSuchKey"],
    ["/states/toString", 404, "NoSuchKey"],
    ["/others/env/prod.tfstate", 404, "NoSuchBucket"],
    ["/states", 501, "NotImplemented"],
    ["/states/%E0%A4%A", 501, "NotImplemented"],
  ];
  for (const [path, status, code] of missing) {
    await t.step(`${path}: ${code}`, () => {
      const answer = get(emulator, path);
      assert.deepEqual([answer.status, textOf(answer.body, "Code")], [status, code]);
    });
  }
  emulator.setObject("states", "env/prod.tfstate", null);
  assert.equal(textOf(get(emulator, "/states/env/prod.tfstate").body, "Code"), "NoSuchKey");
});

Deno.test("HEAD of an object says whether it is there, in no words", () => {
  const emulator = new Emulator();
  emulator.setObject("configs", "app.env", "A=1");
  const head = (path: string) => answered(emulator.handle({ target: "", body: "", method: "HEAD", path }));
  assert.deepEqual([head("/configs/app.env").status, head("/configs/app.env").body], [200, ""]);
  for (const path of ["/configs/other.env", "/nowhere/app.env"]) {
    assert.deepEqual([head(path).status, head(path).body], [404, ""], path);
  }
  const Resource = "arn:aws:s3:::configs/*";
  emulator.authorize({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource }] });
  assert.equal(head("/configs/app.env").status, 200);
  assert.equal(head("/configs/other.env").status, 403, "without s3:ListBucket, what is missing is forbidden");
});
