import assert from "node:assert/strict";
import { readCopyTags } from "../../../../src/rollout/read/copies.ts";
import { readUnpinned } from "../../../../src/rollout/read/read_unpinned.ts";
import { writePinnedTags } from "../../../../src/model/image_tags.ts";
import { REF, service, taskDefinition } from "../../made_up.ts";
import { scriptedPorts } from "../scripted_ports.ts";

const NEVER = new AbortController().signal;
const DIGEST = `sha256:${"a".repeat(64)}`;
const CONTAINERS = Array.from({ length: 9 }, (_, index) => `container-${index}`);
const TAG = "2026-11-24-3f2a9c1b7d0e";
const IMAGE_TAGS = new Map(CONTAINERS.map((container) => [container, TAG]));

function definition(number: number, version: string, tags: Record<string, string> = {}) {
  const containerDefinitions = CONTAINERS.map((name) => ({ name, image: `example/web${version}` }));
  const raw = { containerDefinitions, tags: Object.entries(tags).map(([key, value]) => ({ key, value })) };
  return taskDefinition(number, { raw });
}

const ORIGINAL = definition(3, `:${TAG}`);
const COPY = definition(5, `@${DIGEST}`, {
  "ecspresso:copied-from": "myservice:3",
  "ecspresso:image-tag": writePinnedTags(IMAGE_TAGS),
});

function read(known: Record<string, ReturnType<typeof definition>>) {
  return scriptedPorts({ reads: [undefined], taskDefinitions: known });
}

Deno.test("image tags that a copy has no room for are those of its original", async () => {
  const { ports, calls } = read({ "myservice:3": ORIGINAL });
  assert.deepEqual(await readCopyTags(COPY, ports.ecs, NEVER), { tags: IMAGE_TAGS, isWhole: true });
  assert.deepEqual(calls, ["describeTaskDefinition myservice:3"]);
  const short = definition(5, `@${DIGEST}`, { "ecspresso:image-tag": "container-0=v1" });
  assert.deepEqual(await readCopyTags(short, ports.ecs, NEVER), {
    tags: new Map([["container-0", "v1"]]),
    isWhole: true,
  });
  assert.equal(calls.length, 1, "nothing is asked where all have room");
});

Deno.test("a deploy is warned of every image that goes by its tag again, also of those whose tag is not known", async () => {
  const source = { kind: "registered", taskDefinition: ORIGINAL, reason: undefined } as const;
  const running = service({ taskDefinition: COPY.arn });
  for (const isKnown of [true, false]) {
    const { ports } = read({ [COPY.arn]: COPY, ...(isKnown ? { "myservice:3": ORIGINAL } : {}) });
    const found = await readUnpinned({ ref: REF, ecs: ports.ecs, signal: NEVER }, undefined, running, source);
    assert.equal(found?.elsewhere.length, CONTAINERS.length);
  }
});
