import assert from "node:assert/strict";
import fc from "fast-check";
import { parseRevision } from "../../src/commands/options.ts";
import { clusterName, parseTaskDefinitionArn, serviceName, shortName, siblingArn } from "../../src/model/arn.ts";
import { UsageError } from "../../src/errors.ts";

const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/);
const revision = fc.integer({ min: 1, max: 2_147_483_647 });
const account = fc.stringMatching(/^[0-9]{12}$/);
const partition = fc.constantFrom("aws", "aws-cn", "aws-us-gov");

Deno.test("parseTaskDefinitionArn() takes apart what ECS puts together", () => {
  fc.assert(fc.property(partition, account, name, revision, (aws, id, family, number) => {
    const arn = `arn:${aws}:ecs:ap-northeast-1:${id}:task-definition/${family}:${number}`;
    const parsed = parseTaskDefinitionArn(arn);
    assert.deepEqual(parsed, { arn, family, revision: number });
    assert.equal(shortName(parsed), `${family}:${number}`);
  }));
});

Deno.test("parseTaskDefinitionArn() gives a value or a RangeError for any text", () => {
  const text = fc.oneof(fc.string(), fc.string().map((end) => `arn:aws:ecs:r:1:task-definition/${end}`));
  fc.assert(fc.property(text, (arn) => {
    try {
      assert.equal(parseTaskDefinitionArn(arn).arn, arn);
    } catch (error) {
      assert.ok(error instanceof RangeError);
    }
  }));
});

Deno.test("siblingArn() changes the number and nothing else", () => {
  fc.assert(fc.property(name, revision, revision, (family, one, other) => {
    const arn = `arn:aws:ecs:eu-west-1:123456789012:task-definition/${family}:${one}`;
    assert.deepEqual(parseTaskDefinitionArn(siblingArn({ arn, family, revision: one }, other)), {
      arn: `arn:aws:ecs:eu-west-1:123456789012:task-definition/${family}:${other}`,
      family,
      revision: other,
    });
  }));
});

Deno.test("clusterName() and serviceName() give a name for names and ARNs alike", () => {
  fc.assert(fc.property(partition, account, name, name, (aws, id, cluster, service) => {
    const arn = (resource: string) => `arn:${aws}:ecs:us-east-1:${id}:${resource}`;
    assert.equal(clusterName(cluster), cluster);
    assert.equal(clusterName(arn(`cluster/${cluster}`)), cluster);
    assert.equal(serviceName(service), service);
    assert.equal(serviceName(arn(`service/${cluster}/${service}`)), service);
    assert.equal(serviceName(arn(`service/${service}`)), service);
  }));
});

Deno.test("parseRevision() reads its own numbers and gives a UsageError for all else", () => {
  fc.assert(fc.property(revision, (number) => assert.equal(parseRevision(String(number)), number)));
  fc.assert(fc.property(fc.oneof(fc.string(), fc.double().map(String)), (text) => {
    try {
      assert.equal(String(parseRevision(text)), text);
    } catch (error) {
      assert.ok(error instanceof UsageError);
    }
  }));
});
