import assert from "node:assert/strict";
import { AwsError } from "../../../../src/errors.ts";
import { registerCopy } from "../../../../src/rollout/steps/register.ts";
import { revision } from "../../made_up.ts";
import { awsError, type Script, scriptedPorts } from "../scripted_ports.ts";
import { inWords } from "../../../in_words.ts";

const NEVER = new AbortController().signal;
const DEFINITION = {
  taskDefinitionArn: revision(2).arn,
  family: "myservice",
  revision: 2,
  status: "INACTIVE",
  registeredAt: "2023-01-01T00:00:00.000Z",
  requiresAttributes: [{ name: "ecs.capability.x" }],
  containerDefinitions: [{ name: "app", image: "example/app:2" }],
  tags: [
    { key: "team", value: "a" },
    { key: "aws:cloudformation:stack-name", value: "s" },
    { key: "ecspresso:copied-from", value: "myservice:1" },
  ],
};

async function copy(script: Partial<Script>) {
  const { ports, calls } = scriptedPorts({ reads: [undefined], definition: DEFINITION, ...script });
  const registered = await registerCopy({ kind: "registerCopy", of: revision(2) }, ports.ecs, NEVER);
  const inputs = calls.flatMap((call) =>
    call.startsWith("registerTaskDefinition ") ? [JSON.parse(call.slice(23))] : []
  );
  return { ...registered, inputs };
}

Deno.test("registerCopy() registers what AWS takes, tagged with where it came from", async () => {
  const { copy: made, notice, inputs } = await copy({ registers: [revision(5)] });
  assert.deepEqual([made, notice], [revision(5), undefined]);
  assert.deepEqual(inputs, [{
    family: "myservice",
    containerDefinitions: DEFINITION.containerDefinitions,
    tags: [{ key: "team", value: "a" }, { key: "ecspresso:copied-from", value: "myservice:2" }],
  }]);
});

Deno.test("a copy of a pinned copy keeps the image tags that its original had", async () => {
  const pinned = `example/app@sha256:${"a".repeat(64)}`;
  const definition = {
    ...DEFINITION,
    containerDefinitions: [{ name: "app", image: pinned }, { name: "log", image: "example/log:1" }],
    tags: [{ key: "ecspresso:image-tag", value: "app=latest" }],
  };
  const { inputs } = await copy({ definition, registers: [revision(5)] });
  assert.deepEqual(inputs[0].tags, [
    { key: "ecspresso:copied-from", value: "myservice:2" },
    { key: "ecspresso:image-tag", value: "app=latest" },
  ]);
});

function denied(detail: string): AwsError {
  return new AwsError({ operation: "RegisterTaskDefinition", kind: "denied", code: "AccessDeniedException", detail });
}

Deno.test("registerCopy() goes without tags where tagging is not allowed, and says so", async () => {
  const refusal = denied("not authorized to perform: ecs:TagResource on resource: *");
  const { copy: made, notice, inputs } = await copy({ registers: [refusal, revision(5)] });
  assert.deepEqual(made, revision(5));
  assert.deepEqual([notice?.code, /ecs:TagResource/.test(JSON.stringify(notice))], ["copyWithoutTags", true]);
  assert.equal(inputs[1].tags, undefined);
});

Deno.test("registerCopy() passes every other refusal on, and knows a task definition that is gone", async () => {
  await assert.rejects(
    inWords(copy({ registers: [denied("ecs:RegisterTaskDefinition")] })),
    /ecs:RegisterTaskDefinition/,
  );
  await assert.rejects(copy({ registers: [awsError("lost")] }), AwsError);
  await assert.rejects(inWords(copy({ definition: undefined as never })), /NotFound: myservice:2/);
});
