import assert from "node:assert/strict";
import type { JsonObject } from "../../../src/model/json.ts";
import {
  type ContainerImage,
  locateInEcr,
  parseImageName,
  pinImage,
  ranTheSame,
  readContainerImages,
  readWrittenImages,
} from "../../../src/model/images.ts";

const DIGEST = `sha256:${"1f2e".repeat(16)}`;
const OTHER = `sha256:${"9a8b".repeat(16)}`;

Deno.test("an image's name is taken apart, whatever its registry", () => {
  const cases: [string, ReturnType<typeof parseImageName>][] = [
    ["nginx", { repository: "nginx", tag: "latest", digest: undefined }],
    ["nginx:1.27", { repository: "nginx", tag: "1.27", digest: undefined }],
    ["localhost:5000/web", { repository: "localhost:5000/web", tag: "latest", digest: undefined }],
    ["localhost:5000/web:v1", { repository: "localhost:5000/web", tag: "v1", digest: undefined }],
    [`ghcr.io/a/web@${DIGEST}`, { repository: "ghcr.io/a/web", tag: undefined, digest: DIGEST }],
    [`ghcr.io/a/web:v1@${DIGEST}`, { repository: "ghcr.io/a/web", tag: "v1", digest: DIGEST }],
  ];
  for (const [image, parts] of cases) assert.deepEqual(parseImageName(image), parts, image);
});

Deno.test("a pinned name has the repository and the digest, and no tag", () => {
  assert.equal(pinImage("localhost:5000/web:v1", DIGEST), `localhost:5000/web@${DIGEST}`);
  assert.equal(pinImage(`web:v1@${OTHER}`, DIGEST), `web@${DIGEST}`);
  assert.equal(pinImage("web", DIGEST), `web@${DIGEST}`);
});

Deno.test("Amazon ECR is recognized in every partition, with FIPS or without", () => {
  const host = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com";
  const place = { registryId: "123456789012", region: "ap-northeast-1", repository: "team/web" };
  assert.deepEqual(locateInEcr(`${host}/team/web`), { ...place, version: { tag: "latest" } });
  assert.deepEqual(locateInEcr(`${host}/team/web:1@${DIGEST}`), { ...place, version: { digest: DIGEST } });
  assert.equal(locateInEcr("123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/web:1")?.region, "us-gov-west-1");
  assert.equal(locateInEcr("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/web:1")?.region, "cn-north-1");
  for (const foreign of ["nginx:1", "public.ecr.aws/web:1", `${host}.example.com/web:1`]) {
    assert.equal(locateInEcr(foreign), undefined, foreign);
  }
});

Deno.test("images are read from both descriptions of AWS", () => {
  const containerDefinitions: JsonObject[] = [{ name: "app", image: "web:1" }, {
    name: "log",
    image: "fluent",
    versionConsistency: "disabled",
  }];
  assert.deepEqual(readWrittenImages({ containerDefinitions }), [
    { container: "app", image: "web:1", isConsistent: true },
    { container: "log", image: "fluent", isConsistent: false },
  ]);
  const containerImages: JsonObject[] = [{ containerName: "app", image: "web:1", imageDigest: DIGEST }, {
    containerName: "log",
  }];
  assert.deepEqual(readContainerImages({ containerImages }), [
    { container: "app", image: "web:1", digest: DIGEST },
    { container: "log", image: "", digest: undefined },
  ]);
  assert.deepEqual(readContainerImages({}), []);
});

Deno.test("only another digest of the same container makes a difference", () => {
  const app = (digest: string | undefined): ContainerImage => ({ container: "app", image: "web:1", digest });
  const side: ContainerImage = { container: "side", image: "side:1", digest: OTHER };
  assert.equal(ranTheSame([app(DIGEST), side], [side, app(DIGEST)]), true);
  assert.equal(ranTheSame([app(DIGEST), side], [side, app(OTHER)]), false);
  assert.equal(ranTheSame([app(DIGEST)], [app(undefined)]), true);
  assert.equal(ranTheSame([app(DIGEST)], undefined), true);
  assert.equal(ranTheSame(undefined, [app(DIGEST)]), true);
});
