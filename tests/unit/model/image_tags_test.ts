import assert from "node:assert/strict";
import type { ContainerImage } from "../../../src/model/images.ts";
import { hasCommit, readPinnedTags, tagImages, writePinnedTags } from "../../../src/model/image_tags.ts";

const [A, B] = ["a", "b"].map((digit) => `sha256:${digit.repeat(64)}`) as [string, string];
const image = (name: string, digest?: string) => ({ container: "app", image: name, digest });

const ran = (images: readonly ContainerImage[], index = 0) => ({
  arn: `deployment/${index}`,
  taskDefinition: "web:1",
  revision: { arn: `revision/${index}`, taskDefinition: "web:1", createdAtMs: index, images, raw: {} },
});

Deno.test("images have their tags, and the same by its digest has those by which others have started it", () => {
  const tags = (...images: ReturnType<typeof image>[]) =>
    tagImages(images.map((one, index) => ran([one], index))).values().flatMap((tagged) =>
      tagged.map((one) => [one.name, one.tags])
    ).toArray();
  assert.deepEqual(tags(image("web:v1", A), image(`web@${A}`, A), image(`web@${B}`, B)), [
    [`web@${A}`, ["v1"]],
    [`web@${A}`, ["v1"]],
    [`web@${B}`, []],
  ]);
  assert.deepEqual(tags(image("web:v1", A), image("web:stable", A), image(`web@${A}`)).at(-1), [
    `web@${A}`,
    ["v1", "stable"],
  ]);
  assert.deepEqual(tags(image("web:v1", A), image(`api@${A}`, A)).at(-1), [`api@${A}`, []], "another repository");
  assert.deepEqual(tags(image("web:v1")), [["web:v1", ["v1"]]], "ECS has not resolved it");
});

Deno.test("a copy's tag says which tags its images had", () => {
  const tags = [{ key: "team", value: "a" }, { key: "ecspresso:image-tag", value: "app=v1.4.2 log=1= bare =x y=" }];
  const { tags: read, others } = readPinnedTags({ tags });
  assert.deepEqual([...read], [["app", "v1.4.2"], ["log", "1="]]);
  assert.equal(others, 0);
  assert.deepEqual(readPinnedTags({}), { tags: new Map(), others: 0 });
  const images = [image(`web@${A}`, A)];
  assert.deepEqual(tagImages([ran(images)], new Map([["web:1", read]])).get("deployment/0")?.[0]?.tags, ["v1.4.2"]);
});

Deno.test("of the tags of many images each is written whole or not at all, and how many are not", () => {
  const written = (count: number, tag = "2026-11-24-3f2a9c1b7d0e") => {
    const tags = new Map(Array.from({ length: count }, (_, index) => [`container-${index}`, `${tag}-${index}`]));
    const value = writePinnedTags(tags);
    assert.ok(value.length <= 256, `${value.length} characters`);
    assert.match(value, /^[A-Za-z0-9 +=._:/@-]*$/, "what AWS takes as a value");
    const read = readPinnedTags({ tags: [{ key: "ecspresso:image-tag", value }] });
    for (const [container, one] of read.tags) assert.equal(one, tags.get(container));
    assert.equal(read.tags.size + read.others, count);
    return read.others;
  };
  assert.deepEqual([0, 1, 6, 7, 40, 200].map((count) => written(count)), [0, 0, 0, 1, 34, 194]);
  assert.equal(written(1, "x".repeat(128)), 0);
  assert.equal(written(3, "x".repeat(128)), 2);
});

Deno.test("a git commit is found in a tag by its beginning, of seven hexadecimal digits at least", () => {
  const commit = "3f2a9c1b7d0e4f5a6b7c8d9e0f1a2b3c4d5e6f70";
  const cases: [tag: string, wanted: string, expected: boolean][] = [
    [commit, "3f2a9c1", true],
    [commit, "3F2A9C1B", true],
    [`main-${commit}`, "3f2a9c1", true],
    ["sha-3f2a9c1.2", commit, true],
    ["sha-3f2a9c1", "3f2a9c1b7", true],
    [commit, "3f2a9c", false],
    [commit, "f2a9c1b", false],
    [`x${commit}`, "3f2a9c1", false],
    ["v3f2a9c1", "3f2a9c1", false],
    ["main", "main", false],
    ["3f2a9c1-dirty", `${commit}00`, false],
  ];
  for (const [tag, wanted, expected] of cases) assert.equal(hasCommit(tag, wanted), expected, `${tag} ${wanted}`);
});
