import assert from "node:assert/strict";
import type { ContainerImage } from "../../../../src/model/images.ts";
import type { ImageRegistry } from "../../../../src/model/ports.ts";
import { imagesOfCurrent, readMovedImages } from "../../../../src/rollout/read/read_running_images.ts";
import { revision, service, serviceDeployment, serviceRevision } from "../../made_up.ts";
import { awsError } from "../scripted_ports.ts";

const REPOSITORY = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/web";
const RUNS = `sha256:${"a".repeat(64)}`;
const PUSHED = `sha256:${"b".repeat(64)}`;

function registry(today: string | undefined | Error): ImageRegistry & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    findDigest({ version }) {
      asked.push("tag" in version ? version.tag : version.digest);
      return today instanceof Error ? Promise.reject(today) : Promise.resolve(today);
    },
  };
}

function app(image: string): ContainerImage {
  return {
    container: "app",
    image: image.startsWith(":") || image.startsWith("@") ? REPOSITORY + image : image,
    digest: RUNS,
  };
}

async function read(image: ContainerImage, today: string | undefined | Error) {
  const ecr = registry(today);
  const { images, unread } = await readMovedImages([image], ecr, new AbortController().signal);
  return { moved: images.map(({ running, today }) => [running, today]), unread, asked: ecr.asked };
}

Deno.test("readMovedImages() is what runs by a tag that names another image today", async () => {
  assert.deepEqual((await read(app(":latest"), PUSHED)).moved, [[[RUNS], { digest: PUSHED }]]);
  for (const today of [RUNS, undefined]) assert.deepEqual((await read(app(":latest"), today)).moved, []);
});

Deno.test("readMovedImages() asks nobody of what has no tag, is elsewhere, or runs by no known digest", async () => {
  const images = [app(`@${RUNS}`), app("public.ecr.aws/docker/library/nginx:latest"), {
    ...app(":1"),
    digest: undefined,
  }];
  for (const image of images) assert.deepEqual((await read(image, PUSHED)).asked, [], image.image);
});

Deno.test("readMovedImages() knows nothing of a tag that may not be looked up, and says why", async () => {
  const denial = awsError("denied");
  assert.deepEqual(await read(app(":latest"), denial), { moved: [], unread: [denial], asked: ["latest"] });
});

Deno.test("imagesOfCurrent() is the newest service revision of what runs, but none that ECS has turned back", () => {
  const ofFour = (number: number, digest: string) => ({
    ...serviceRevision(number, digest),
    taskDefinition: revision(4).arn,
  });
  const both = [ofFour(4, RUNS), ofFour(5, PUSHED)];
  const running = service({ taskDefinition: revision(4).arn });
  const digestWith = (status: string | undefined) => {
    const deployment = serviceDeployment({ status, targetRevisionArn: "arn:service-revision/5" });
    const newest = status === undefined ? undefined : { deployment, cameFrom: undefined };
    return imagesOfCurrent(both, running, newest)[0]?.digest;
  };
  assert.deepEqual(["IN_PROGRESS", undefined, "ROLLBACK_IN_PROGRESS"].map(digestWith), [PUSHED, PUSHED, RUNS]);
});
