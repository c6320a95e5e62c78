import assert from "node:assert/strict";
import { hasCommit, readImageTags, tagImages } from "../../../src/model/image_tags.ts";

const [A, B] = ["a", "b"].map((digit) => `sha256:${digit.repeat(64)}`) as [string, string];
const image = (name: string, digest?: string) => ({ container: "app", image: name, digest });

Deno.test("images have their tags, and the same by its digest has those by which others have started it", () => {
  const tags = (...images: ReturnType<typeof image>[]) =>
    tagImages(images.map((one) => ({ images: [one] }))).map(([one]) => one && [one.name, one.tags]);
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
  const read = readImageTags({ tags });
  assert.deepEqual([...read], [["app", "v1.4.2"], ["log", "1="]]);
  assert.deepEqual([...readImageTags({})], []);
  const images = [image(`web@${A}`, A)];
  assert.deepEqual(tagImages([{ images, tags: read }])[0]?.[0]?.tags, ["v1.4.2"]);
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
