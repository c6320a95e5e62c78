import assert from "node:assert/strict";
import { ask } from "./asking.ts";
import { Emulator } from "./emulator.ts";
import type { JsonObject } from "./model.ts";

Deno.test("DescribeImages finds by tag and digest in a repository of a registry", () => {
  const emulator = new Emulator();
  const repository = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/team/app";
  const digest = emulator.setImage(`${repository}:1`);
  emulator.setImage(`999999999999.dkr.ecr.us-east-1.amazonaws.com/shared:1`);
  const describe = (input: JsonObject) =>
    ask(emulator, "DescribeImages", { repositoryName: "team/app", ...input }, "ecr");
  for (const imageIds of [[{ imageTag: "1" }], [{ imageDigest: digest }], [{ imageTag: "1", imageDigest: digest }]]) {
    const { imageDetails } = describe({ imageIds }).output;
    assert.deepEqual(imageDetails.map((one: JsonObject) => [one.imageDigest, one.imageTags]), [[digest, ["1"]]]);
  }
  assert.equal(describe({}).output.imageDetails.length, 1);
  const shared = { repositoryName: "shared", registryId: "999999999999", imageIds: [{ imageTag: "1" }] };
  assert.equal(describe(shared).output.imageDetails[0].registryId, "999999999999");
  const missing = describe({ imageIds: [{ imageTag: "1" }, { imageTag: "2" }] });
  assert.deepEqual([missing.type, missing.message], [
    "ImageNotFoundException",
    "The image with imageId {imageDigest:'null', imageTag:'2'} does not exist within the repository with name " +
    "'team/app' in the registry with id '123456789012'",
  ]);
  const nowhere = describe({ repositoryName: "shared" });
  assert.deepEqual([nowhere.type, nowhere.message], [
    "RepositoryNotFoundException",
    "The repository with name 'shared' does not exist in the registry with id '123456789012'",
  ]);
  assert.match(emulator.setImage("nginx:latest"), /^sha256:/, "another registry has images, too");
});

Deno.test("a tag moves to the image that was pushed last", () => {
  const emulator = new Emulator();
  const repository = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/app";
  const [older, newer] = ["a", "b"].map((digit) => `sha256:${digit.repeat(64)}`);
  for (const digest of [older, newer]) emulator.setImage(`${repository}:latest@${digest}`);
  const describe = (imageIds: JsonObject[]) =>
    ask(emulator, "DescribeImages", { repositoryName: "app", imageIds }, "ecr").output.imageDetails[0];
  assert.equal(describe([{ imageTag: "latest" }]).imageDigest, newer);
  assert.equal("imageTags" in describe([{ imageDigest: older! }]), false);
});
