import assert from "node:assert/strict";
import { describeLocation, locateState, type StateLocation } from "../../../../src/config/tfstate/state_location.ts";

Deno.test("locateState() reads the URLs that are supported", () => {
  const table: [string, StateLocation, string][] = [
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
    assert.equal(describeLocation(location), name);
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
  for (const [url, reason] of table) assert.deepEqual(locateState(url), { kind: "unsupported", reason }, url);
});
