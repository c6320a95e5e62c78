import assert from "node:assert/strict";
import { checkRequiredVersion, CONFIG_FORMAT_VERSION } from "../../../src/config/settings.ts";

Deno.test("checkRequiredVersion() compares with the config format's version", () => {
  assert.equal(CONFIG_FORMAT_VERSION, "2.8.0"); // the tables below are written for it
});

Deno.test("checkRequiredVersion() accepts what hashicorp/go-version accepts", () => {
  const constraints = [
    ">= 2.0.0, < 3",
    ">=2.0.0,<3",
    " >= 2.0 , < 3 ",
    "2.8.0",
    "= 2.8",
    "v2.8.0",
    "2.8.0.0",
    "2.8.0+build.1",
    "~> 2",
    "~> 2.3",
    "~> 2.8.0",
    "!= 2.7.0",
    "<= 2.8.0",
    "> 2.8.0-beta",
    "> 2.8.0beta1",
    "!= 2.8.0-rc.1",
    ">= 1",
  ];
  for (const text of constraints) assert.equal(checkRequiredVersion(text), undefined, text);
});

Deno.test("checkRequiredVersion() refuses what does not hold", () => {
  const constraints: [string, string][] = [
    ["< 2", "< 2"],
    [">= 2.0.0, < 2.8", "< 2.8"],
    ["~> 2.3.1", "~> 2.3.1"],
    ["~> 1.9", "~> 1.9"],
    ["~> 3", "~> 3"],
    ["~> 2.8.0.0", "~> 2.8.0.0"],
    ["~> 2.8.0-beta", "~> 2.8.0-beta"],
    ["2.8.1", "2.8.1"],
    ["2.8.0-rc.1", "2.8.0-rc.1"],
    ["!= 2.8.0", "!= 2.8.0"],
    ["> 2.8.0", "> 2.8.0"],
    ["<= 2.8.0-beta", "<= 2.8.0-beta"],
    [">= 2.9", ">= 2.9"],
  ];
  for (const [text, part] of constraints) {
    assert.deepEqual(
      checkRequiredVersion(text),
      { code: "otherVersion", text: part, format: "2.8.0" },
      text,
    );
  }
});

Deno.test("checkRequiredVersion() refuses what is no constraint", () => {
  for (
    const text of [
      ",",
      ">= 2,",
      "^2",
      "~2.3",
      ">= 2 < 3",
      "2.x",
      "latest",
      "=> 2",
      "2.",
      ">= 2.0.0 || 3",
      "9".repeat(20),
    ]
  ) {
    assert.equal(checkRequiredVersion(text)?.code, "noVersion", text);
  }
});
