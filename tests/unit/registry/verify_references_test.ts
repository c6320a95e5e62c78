import assert from "node:assert/strict";
import type { Inventory } from "../../../src/ecs/ports.ts";
import type { Reference } from "../../../src/registry/find_references.ts";
import { verifyReferences } from "../../../src/registry/verify_references.ts";
import { awsError } from "../rollout/scripted_ports.ts";

const NEVER = new AbortController().signal;
const IMAGE: Reference = {
  kind: "image",
  name: "ecr/app:1",
  location: { registryId: "1", region: "r", repository: "app", version: { tag: "1" } },
};

function inventory(answers: Partial<Inventory> = {}): Inventory & { asked: string[] } {
  const asked: string[] = [];
  const yes = (name: unknown) => Promise.resolve(asked.push(JSON.stringify(name)) > 0);
  return { asked, hasImage: yes, hasRole: yes, hasSecret: yes, hasParameter: yes, ...answers };
}

Deno.test("verifyReferences() asks each service for what is its own, roles by their bare name", async () => {
  const all = inventory();
  const references: Reference[] = [
    { kind: "role", name: "arn:aws:iam::123456789012:role/path/task" },
    IMAGE,
    { kind: "secret", name: "arn:s" },
    { kind: "parameter", name: "/p" },
  ];
  const verified = await verifyReferences(references, all, NEVER);
  assert.deepEqual(verified.map(({ state }) => state), ["there", "there", "there", "there"]);
  assert.deepEqual(
    all.asked.sort(),
    [
      JSON.stringify("/p"),
      JSON.stringify("arn:s"),
      JSON.stringify("task"),
      JSON.stringify((IMAGE as { location: unknown }).location),
    ].sort(),
  );
});

Deno.test("verifyReferences() tells what is missing from what is not known", async () => {
  const denied = awsError("denied", "AccessDeniedException");
  const verified = await verifyReferences(
    [IMAGE, { kind: "secret", name: "arn:s" }, { kind: "foreign image", name: "nginx" }],
    inventory({ hasImage: () => Promise.resolve(false), hasSecret: () => Promise.reject(denied) }),
    NEVER,
  );
  assert.deepEqual(verified.map(({ state, reason }) => [state, reason]), [
    ["missing", undefined],
    ["unknown", denied.message],
    ["unknown", "it is not in Amazon ECR"],
  ]);
});

Deno.test("verifyReferences() ends when it is stopped, and with what is no error of AWS's", async () => {
  const stopped = AbortSignal.abort();
  await assert.rejects(
    verifyReferences([IMAGE], inventory({ hasImage: () => Promise.reject(awsError("lost")) }), stopped),
  );
  const broken = inventory({ hasImage: () => Promise.reject(new TypeError("a defect")) });
  await assert.rejects(verifyReferences([IMAGE], broken, NEVER), TypeError);
});
