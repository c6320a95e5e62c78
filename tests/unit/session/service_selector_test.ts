import assert from "node:assert/strict";
import { matchesName, selectorFor } from "../../../src/session/service_selector.ts";

const ARN = "arn:aws-cn:ecs:cn-north-1:123456789012:service/prod/api";
const OLD_ARN = "arn:aws:ecs:eu-west-1:123456789012:service/api";
const CLUSTER_ARN = "arn:aws:ecs:eu-west-1:123456789012:cluster/prod";
const selector = (service: string, cluster?: string, region?: string) => selectorFor({ service, cluster, region });

Deno.test("selectorFor() takes names as they are, and the cluster that ECS takes where none is named", () => {
  const options = [["--service", "api"]];
  const named = { service: "api", cluster: "default", region: undefined, options };
  assert.deepEqual(selector("api"), { kind: "named", named, account: undefined, wave: 1 });
  const all = selector("api", "prod", "eu-west-1");
  assert.ok("kind" in all && all.kind === "named");
  assert.deepEqual(all.named.options, [["--service", "api"], ["--cluster", "prod"], ["--region", "eu-west-1"]]);
});

Deno.test("selectorFor() takes cluster, region and account from ARNs, of services also in the old format", () => {
  const read = (...typed: Parameters<typeof selector>) => {
    const found = selector(...typed);
    assert.ok("kind" in found && found.kind === "named");
    const { named: { service, cluster, region }, account } = found;
    return [service, cluster, region, account];
  };
  assert.deepEqual(read(ARN), [ARN, "prod", "cn-north-1", "123456789012"]);
  assert.deepEqual(read(ARN, "prod"), [ARN, "prod", "cn-north-1", "123456789012"]);
  assert.deepEqual(read(OLD_ARN), [OLD_ARN, "default", "eu-west-1", "123456789012"]);
  assert.deepEqual(read("api", CLUSTER_ARN), ["api", CLUSTER_ARN, "eu-west-1", "123456789012"]);
});

Deno.test("selectorFor() says which two names do not agree", () => {
  const problems = [
    selector(ARN, "other"),
    selector(ARN, "prod", "eu-west-1"),
    selector(OLD_ARN, "arn:aws:ecs:eu-west-1:210987654321:cluster/prod"),
    selector("api", CLUSTER_ARN, "us-east-1"),
  ];
  assert.deepEqual(problems, [
    { code: "twoNames", kind: "cluster", one: "prod", other: "other" },
    { code: "twoNames", kind: "region", one: "cn-north-1", other: "eu-west-1" },
    { code: "twoNames", kind: "account", one: "123456789012", other: "210987654321" },
    { code: "twoNames", kind: "region", one: "eu-west-1", other: "us-east-1" },
  ]);
});

Deno.test("selectorFor() refuses what is no name, and no ARN of a service or cluster", () => {
  for (
    const text of ["", "a b", "a/b", "a.b", "a?", CLUSTER_ARN, "arn:aws:iam::123456789012:role/a", "x".repeat(256)]
  ) {
    assert.deepEqual(selector(text), { code: "noName", kind: "service", text });
  }
  assert.deepEqual(selector("api", ARN), { code: "noName", kind: "cluster", text: ARN });
  assert.deepEqual(selector("api", "prod", "eu.west"), { code: "noName", kind: "region", text: "eu.west" });
});

Deno.test("selectorFor() seeks where a star or a tag leaves it to ECS", () => {
  for (
    const one of [
      selector("api-*"),
      selector("api", "prod-*"),
      selectorFor({ service: "*", cluster: "prod", region: undefined }, [{ key: "a", value: "b" }]),
    ]
  ) {
    assert.ok("kind" in one && one.kind === "search");
  }
});

Deno.test("matchesName() goes by the whole name, with a star for any characters, or none", () => {
  assert.ok(matchesName("api", "*"));
  assert.ok(matchesName("api-worker", "api-*"));
  assert.ok(matchesName("api-", "api-*"));
  assert.ok(matchesName("a-api-b", "*-api-*"));
  assert.ok(!matchesName("my-api", "api*"));
  assert.ok(!matchesName("api2", "api"));
  assert.ok(!matchesName("API", "api"));
  assert.ok(!matchesName("aba", "ab*ba"));
  assert.ok(matchesName("abab", "ab**ab"));
  assert.ok(matchesName("abcabc", "*b*c"));
  assert.ok(!matchesName("a".repeat(255), `${"*a".repeat(100)}*b`));
});
