import assert from "node:assert/strict";
import fc from "fast-check";
import { parseRevision } from "../../src/commands/options.ts";
import { clusterName, inFull, parseTaskDefinitionArn, serviceName, shortName } from "../../src/model/arn.ts";
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

Deno.test("inFull() takes what a name leaves out from the other revision, and nothing else", () => {
  fc.assert(fc.property(name, name, revision, revision, (family, other, one, two) => {
    const arn = (of: string) => `arn:aws:ecs:eu-west-1:123456789012:task-definition/${of}`;
    const sibling = parseTaskDefinitionArn(arn(`${family}:${one}`));
    assert.deepEqual(inFull({ revision: two }, sibling), parseTaskDefinitionArn(arn(`${family}:${two}`)));
    assert.deepEqual(
      inFull({ family: other, revision: two }, sibling),
      parseTaskDefinitionArn(arn(`${other}:${two}`)),
    );
    const foreign = parseTaskDefinitionArn(`arn:aws-cn:ecs:cn-north-1:210987654321:task-definition/${other}:${two}`);
    assert.deepEqual(inFull(foreign, sibling), foreign);
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
