import assert from "node:assert/strict";
import type { PastDeployment } from "../../../../src/model/service_deployment.ts";
import { chooseDeployment } from "../../../../src/rollout/read/choose_deployment.ts";
import { DeploymentRecord } from "../../../../src/rollout/read/deployment_record.ts";
import type { DeploymentChoice } from "../../../../src/rollout/read/revision_choice.ts";
import { REF, revision, serviceDeployment, serviceRevision } from "../../made_up.ts";
import { awsError, type Script, scriptedPorts } from "../scripted_ports.ts";

const ARN = "arn:aws:ecs:ap-northeast-1:123456789012:service-deployment/default/myservice";
const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

/** A deployment that begins at a second and takes one; of an image like `web:v1`, with the digest of this digit. */
function past(second: number, number: number, image = "web:v1", digit = "a", status = "SUCCESSFUL"): PastDeployment {
  const images = [{ container: "app", image, digest: digest(digit) }];
  return {
    arn: `${ARN}/d${second}`,
    status,
    createdAtMs: second * 1_000,
    finishedAtMs: second * 1_000 + 1_000,
    taskDefinition: revision(number).arn,
    revision: { ...serviceRevision(number), arn: `arn:sr/${second}`, images },
  };
}

/** What is chosen: the number, the deployment that ran, and the one that is named; or why none is. */
async function choose(choice: DeploymentChoice, deployments: Script["past"], script: Partial<Script> = {}) {
  const { ports: { ecs }, calls } = scriptedPorts({ reads: [undefined], past: deployments, ...script });
  const { signal } = new AbortController();
  const chosen = await chooseDeployment(choice, {
    ecs,
    record: new DeploymentRecord({ ref: REF, ecs, signal }),
    signal,
  });
  const shown = chosen.kind === "none"
    ? chosen.reason.code
    : [chosen.revision, chosen.ran?.arn, chosen.deployment?.split("/").at(-1)];
  return { chosen, shown, calls };
}

Deno.test("what served at a moment is chosen, with the images of then", async () => {
  const deployments = [
    past(10, 3, "web:latest", "a"),
    past(20, 3, "web:latest", "b"),
    past(30, 4, "web:x", "c", "STOPPED"),
  ];
  const at = async (seconds: number) => (await choose({ kind: "at", atMs: seconds * 1_000 }, deployments)).shown;
  assert.deepEqual(await at(20), [3, "arn:sr/10", "d10"], "number 3 alone would mean the images of the second one");
  assert.deepEqual(await at(21), [3, "arn:sr/20", undefined]);
  assert.deepEqual(await at(500), [3, "arn:sr/20", undefined], "what was stopped has never served");
  assert.equal(await at(10.5), "beforeRecord");
});

Deno.test("what served before the record is what the oldest deployment came from", async () => {
  const script = {
    serviceDeployments: [serviceDeployment({ sourceRevisionArns: ["arn:sr/1"] })],
    serviceRevisions: { "arn:sr/1": revision(2).arn },
  };
  assert.deepEqual((await choose({ kind: "at", atMs: 5_000 }, [past(10, 3)], script)).shown, [
    2,
    "arn:sr/1",
    undefined,
  ]);
  const earlier = await choose({ kind: "at", atMs: -1 }, [past(10, 3)], script);
  assert.deepEqual(earlier.chosen.reason, { code: "beforeRecord", sinceMs: 0 }, "it was not there yet");
  const none = await choose({ kind: "at", atMs: 5_000 }, []);
  assert.deepEqual(none.chosen.reason, { code: "beforeRecord", sinceMs: undefined });
});

Deno.test("a deployment is chosen by its ARN or the last part of it, one that failed with a doubt", async () => {
  const deployments = [past(10, 3), past(20, 4), past(30, 3, "web:v1", "b"), past(40, 5, "web:v2", "c", "STOPPED")];
  const by = (id: string) => choose({ kind: "deployment", id }, deployments);
  assert.deepEqual((await by("d10")).shown, [3, "arn:sr/10", "d10"]);
  assert.deepEqual((await by(`${ARN}/d30`)).shown, [3, "arn:sr/30", undefined]);
  for (const id of ["10", "d1", "myservice/d", `${ARN}/d99`, "", "/"]) {
    assert.equal((await by(id)).shown, "noSuchDeployment", id);
  }
  const { chosen } = await by("d40");
  assert.deepEqual(chosen.kind === "chosen" && chosen.doubts?.map(({ code }) => code), ["notCompleted"]);
  const forgotten = { ...past(50, 3), taskDefinition: undefined, revision: undefined };
  assert.equal((await choose({ kind: "deployment", id: "d50" }, [forgotten])).shown, "noSuchDeployment");
});

const byTag = async (tag: string, deployments: PastDeployment[], script: Partial<Script> = {}) =>
  await choose({ kind: "imageTag", tag }, deployments, script);

Deno.test("the newest completed deployment with an image tag is chosen", async () => {
  const deployments = [past(10, 3, "web:v1", "a"), past(20, 4, "web:v1", "a"), past(30, 5, "web:v2", "b", "STOPPED")];
  assert.deepEqual((await byTag("v1", deployments)).shown, [4, "arn:sr/20", undefined]);
  assert.deepEqual((await byTag("v2", deployments)).chosen.reason, {
    code: "noSuchImageTag",
    failed: revision(5),
  });
  assert.deepEqual((await byTag("v3", deployments)).chosen.reason, {
    code: "noSuchImageTag",
    failed: undefined,
  });
});

Deno.test("a tag that means two images means none; each is shown by its newest deployment", async () => {
  const deployments = [past(10, 3, "web:latest", "a"), past(20, 4, "web:latest", "b"), past(30, 3, "web:latest", "a")];
  const { reason } = (await byTag("latest", deployments)).chosen;
  assert.ok(reason?.code === "severalImages");
  assert.deepEqual(
    reason.found.map(({ arn, target, images }) => [arn.split("/").at(-1), target.revision, ...images]),
    [["d30", 3, `web:latest@${digest("a")}`], ["d20", 4, `web:latest@${digest("b")}`]],
  );
  const commits = [past(10, 3, "web:3f2a9c1aa", "a"), past(20, 4, "web:3f2a9c1bb", "b")];
  assert.equal((await byTag("3f2a9c1", commits)).shown, "severalImages");
  assert.deepEqual((await byTag("3f2a9c1a", commits)).shown, [3, "arn:sr/10", undefined]);
  const exact = [past(10, 3, "web:3f2a9c1", "a"), past(20, 4, "web:3f2a9c1bb", "b")];
  assert.deepEqual((await byTag("3f2a9c1", exact)).shown, [3, "arn:sr/10", undefined], "the whole tag comes first");
});

Deno.test("a pinned copy has the tag that its image was started by, or that its own tag names", async () => {
  const copy = past(30, 5, `web@${digest("a")}`, "a");
  const known = await byTag("v1", [past(10, 3, "web:v1", "a"), copy]);
  assert.deepEqual([known.shown, known.calls], [[5, "arn:sr/30", undefined], ["listPastDeployments"]]);
  const definition = { tags: [{ key: "ecspresso:image-tag", value: "app=v1" }] };
  const asked = await byTag("v1", [past(10, 3, "web:v0", "b"), copy], { definition });
  assert.deepEqual(asked.shown, [5, "arn:sr/30", undefined]);
  assert.deepEqual(asked.calls, ["listPastDeployments", "describeTaskDefinition myservice:5"]);
  const denied = await byTag("v1", [copy], { definition: awsError("denied", "AccessDeniedException") });
  assert.equal(denied.shown, "noSuchImageTag");
  const many = Array.from(
    { length: 9 },
    (_, index) => past(index, index + 1, `web@${digest(String(index))}`, String(index)),
  );
  assert.equal((await byTag("v1", many)).calls.length, 1 + 5, "the newest five only");
});

Deno.test("nothing is chosen where the record may not be read, and other errors are passed on", async () => {
  const choices: DeploymentChoice[] = [
    { kind: "at", atMs: 1 },
    { kind: "imageTag", tag: "v1" },
    { kind: "deployment", id: "d10" },
  ];
  for (const choice of choices) {
    assert.equal((await choose(choice, awsError("denied", "AccessDeniedException"))).shown, "recordNotRead");
    await assert.rejects(choose(choice, awsError("credentials")));
  }
});
