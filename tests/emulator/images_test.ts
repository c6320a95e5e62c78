import assert from "node:assert/strict";
import { ask } from "./asking.ts";
import { cannotPullContainer, crashLoop } from "./behaviours.ts";
import type { Emulator } from "./emulator.ts";
import type { JsonObject } from "./model.ts";
import { myservice, taskDefinition, UNTIL_STEADY_MS } from "./myservice.ts";

const REPOSITORY = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/myservice";
const LATEST = `${REPOSITORY}:latest`;

/** `myservice:5` names a tag that is pushed again and again, and is deployed. */
function onMutableTag(container: JsonObject = {}): { emulator: Emulator; first: string } {
  const emulator = myservice();
  const first = emulator.setImage(LATEST);
  const { containerDefinitions, ...others } = taskDefinition(4);
  const [app] = containerDefinitions as JsonObject[];
  emulator.registerTaskDefinition({ ...others, containerDefinitions: [{ ...app, image: LATEST, ...container }] });
  deploy(emulator, "myservice:5");
  return { emulator, first };
}

function deploy(emulator: Emulator, taskDefinition: string, more: JsonObject = {}): void {
  emulator.updateService({ service: "myservice", taskDefinition, ...more });
  emulator.advance(UNTIL_STEADY_MS);
}

/** The digests of the tasks that run. */
function running(emulator: Emulator): (string | undefined)[] {
  const { taskArns } = ask(emulator, "ListTasks", { serviceName: "myservice" }).output;
  const { tasks } = ask(emulator, "DescribeTasks", { tasks: taskArns }).output;
  return tasks.map(({ containers: [{ image, imageDigest }] }: { containers: [JsonObject] }): string | undefined => {
    assert.equal(image, LATEST);
    return imageDigest as string | undefined;
  });
}

/** The images of the service revision that is deployed. */
function deployed(emulator: Emulator): JsonObject[] {
  const { currentServiceRevisions } = emulator.describeService("myservice");
  const [{ arn }] = currentServiceRevisions as [JsonObject];
  const answer = ask(emulator, "DescribeServiceRevisions", { serviceRevisionArns: [arn ?? null] }).output;
  return answer.serviceRevisions[0].containerImages;
}

Deno.test("a tag stands for one digest throughout a deployment, however many tasks are started later", () => {
  const { emulator, first } = onMutableTag();
  assert.deepEqual(deployed(emulator), [{ containerName: "app", image: LATEST, imageDigest: first }]);
  assert.deepEqual(running(emulator), [first, first]);
  const second = emulator.setImage(LATEST);
  assert.notEqual(second, first);
  emulator.updateService({ service: "myservice", desiredCount: 3 });
  emulator.advance(UNTIL_STEADY_MS);
  assert.deepEqual(running(emulator), [first, first, first]);
  assert.deepEqual(deployed(emulator)[0]?.imageDigest, first);
});

Deno.test("a new deployment resolves the tag anew: a forced one, and one that goes back to the same definition", () => {
  const { emulator } = onMutableTag();
  const second = emulator.setImage(LATEST);
  deploy(emulator, "myservice:5", { forceNewDeployment: true });
  assert.deepEqual(running(emulator), [second, second]);
  deploy(emulator, "myservice:4");
  const third = emulator.setImage(LATEST);
  deploy(emulator, "myservice:5");
  assert.deepEqual(running(emulator), [third, third]);
});

Deno.test("going back to a service revision goes back to its digests", () => {
  const { emulator, first } = onMutableTag();
  emulator.setImage(LATEST);
  emulator.setBehaviour("myservice:3", crashLoop());
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
  emulator.advance(60_000);
  const serviceDeploymentArn = String(emulator.describeService("myservice").currentServiceDeployment);
  assert.equal(ask(emulator, "StopServiceDeployment", { serviceDeploymentArn }).type, undefined);
  emulator.updateService({ service: "myservice", desiredCount: 3 });
  emulator.advance(UNTIL_STEADY_MS);
  assert.deepEqual(running(emulator), [first, first, first]);
});

/**
 * "Amazon ECS doesn't create a new service revision for a rollback operation":
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-revision.html
 */
Deno.test("the circuit breaker goes back to the digests, too, by the deployment's own id or by another one", async (t) => {
  for (const rollbackReusesDeploymentId of [true, false]) {
    await t.step(String(rollbackReusesDeploymentId), () => {
      const { emulator, first } = onMutableTag();
      emulator.configure({ rollbackReusesDeploymentId });
      const revision = deployed(emulator);
      emulator.setImage(LATEST);
      emulator.setBehaviour("myservice:3", cannotPullContainer("gone"));
      // Tasks of the service revision stop on the way, and are started again.
      const deploymentConfiguration = {
        minimumHealthyPercent: 0,
        maximumPercent: 100,
        deploymentCircuitBreaker: { enable: true, rollback: true },
      };
      const before = ask(emulator, "ListTasks", { serviceName: "myservice" }).output.taskArns;
      deploy(emulator, "myservice:3", { deploymentConfiguration });
      const { taskArns } = ask(emulator, "ListTasks", { serviceName: "myservice" }).output;
      assert.ok(!taskArns.some((arn: string) => before.includes(arn)));
      assert.deepEqual(running(emulator), [first, first]);
      assert.deepEqual(deployed(emulator), revision);
    });
  }
});

Deno.test("with versionConsistency disabled each task gets what the tag names when it is started", () => {
  const { emulator, first } = onMutableTag({ versionConsistency: "disabled" });
  assert.deepEqual(deployed(emulator), [{ containerName: "app", image: LATEST }]);
  const second = emulator.setImage(LATEST);
  emulator.updateService({ service: "myservice", desiredCount: 3 });
  emulator.advance(UNTIL_STEADY_MS);
  assert.deepEqual(running(emulator), [first, first, second]);
});

Deno.test("nothing is known of the digest before the first task is started", () => {
  const emulator = myservice();
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
  emulator.advance(2_000);
  assert.equal(deployed(emulator)[0]?.imageDigest, undefined);
  emulator.advance(60_000);
  assert.match(String(deployed(emulator)[0]?.imageDigest), /^sha256:[0-9a-f]{64}$/);
});

Deno.test("what has been taken away or archived cannot be pulled, also by the digest that a deployment keeps to", () => {
  const { emulator, first } = onMutableTag();
  emulator.setImage(LATEST);
  emulator.setImage(`${REPOSITORY}@${first}`, false);
  emulator.updateService({ service: "myservice", desiredCount: 3 });
  emulator.advance(60_000);
  const { taskArns } = ask(emulator, "ListTasks", { serviceName: "myservice", desiredStatus: "STOPPED" }).output;
  const reasonOf = (taskArns: string[]) => {
    const { tasks } = ask(emulator, "DescribeTasks", { tasks: taskArns }).output;
    return [tasks.at(-1).stopCode, tasks.at(-1).stoppedReason, tasks.at(-1).containers[0].imageDigest];
  };
  const [stopCode, reason, digest] = reasonOf(taskArns);
  assert.deepEqual([stopCode, digest], ["TaskFailedToStart", undefined]);
  assert.match(reason, new RegExp(`^CannotPullContainerError: .*${REPOSITORY}@${first}: not found$`));

  emulator.archiveImage(LATEST);
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:5", forceNewDeployment: true });
  emulator.advance(60_000);
  const later = ask(emulator, "ListTasks", { serviceName: "myservice", desiredStatus: "STOPPED" }).output.taskArns;
  assert.match(reasonOf(later)[1], /^CannotPullContainerError: .*:latest: not found$/);
});

Deno.test("DescribeImages shows what a tag names today, and what was pushed before by its digest", () => {
  const { emulator, first } = onMutableTag();
  const second = emulator.setImage(LATEST);
  const details = (imageIds: JsonObject[], more: JsonObject = {}) =>
    ask(emulator, "DescribeImages", { repositoryName: "myservice", imageIds, ...more }, "ecr").output.imageDetails
      ?.map(({ imageDigest, imageTags, imageStatus }: JsonObject) => [imageDigest, imageTags, imageStatus]);
  assert.deepEqual(details([{ imageTag: "latest" }]), [[second, ["latest"], "ACTIVE"]]);
  assert.deepEqual(details([{ imageDigest: first }]), [[first, undefined, "ACTIVE"]]);
  emulator.archiveImage(`${REPOSITORY}@${first}`);
  assert.deepEqual(details([{ imageDigest: first }]), []);
  const filter = { imageStatus: "ANY" };
  assert.deepEqual(details([{ imageDigest: first }], { filter }), [[first, undefined, "ARCHIVED"]]);
  emulator.setImage(`${REPOSITORY}@${first}`, false);
  assert.equal(details([{ imageDigest: first }]), undefined);
  const untagged = ask(emulator, "DescribeImages", {
    repositoryName: "myservice",
    filter: { tagStatus: "UNTAGGED" },
  }, "ecr");
  assert.deepEqual(untagged.output.imageDetails, []);
});

Deno.test("tasks behave as their image does, whatever revision they are of", () => {
  const { emulator, first } = onMutableTag();
  const second = emulator.setImage(LATEST);
  emulator.setBehaviour(second, cannotPullContainer("broken"));
  deploy(emulator, "myservice:5", { forceNewDeployment: true });
  const [primary] = emulator.describeService("myservice").deployments as JsonObject[];
  assert.deepEqual([primary?.runningCount, Number(primary?.failedTasks) > 0], [0, true]);
  emulator.registerTaskDefinition(taskDefinition(4, LATEST.replace(":latest", `@${first}`)));
  deploy(emulator, "myservice:6");
  const [pinned] = emulator.describeService("myservice").deployments as JsonObject[];
  assert.deepEqual([pinned?.runningCount, pinned?.rolloutState], [2, "COMPLETED"]);
});
