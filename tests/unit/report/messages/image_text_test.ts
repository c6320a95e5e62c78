import assert from "node:assert/strict";
import { parseTaskDefinitionArn } from "../../../../src/model/arn.ts";
import { renderImages, renderPins } from "../../../../src/report/messages/image_text.ts";
import type { PlannedImage } from "../../../../src/rollout/judge/planned_images.ts";

const ECR = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com";
const OLD = `sha256:${"1f2e".repeat(16)}`;
const NEW = `sha256:${"9a8b".repeat(16)}`;
const TO = parseTaskDefinitionArn("arn:aws:ecs:ap-northeast-1:123456789012:task-definition/web:3");

/** By default a tag that has moved since, by which the rollback goes. */
function render(changes: Partial<PlannedImage>): string[] {
  const image = `${ECR}/web:latest`;
  const known = { running: NEW, ran: OLD, today: { digest: NEW }, starts: NEW, pinnedTo: undefined };
  return renderImages([{ container: "app", image, isConsistent: true, ...known, ...changes }], TO);
}

const BY_DIGEST = { starts: OLD, pinnedTo: `${ECR}/web@${OLD}` };
const STARTS_OLD = "app: starts sha256:1f2e1f2e1f2e by digest, as it ran with web:3";
const NOT_OLD = "  NOT sha256:1f2e1f2e1f2e, which ran with web:3";

const CASES: readonly [string, Partial<PlannedImage>, readonly string[]][] = [
  ["a moved tag, pinned", BY_DIGEST, [
    STARTS_OLD,
    "  the tag web:latest has moved since, to sha256:9a8b9a8b9a8b",
  ]],
  ["ECS goes back by itself", { starts: OLD, isAsItRan: true }, [
    STARTS_OLD,
    "  the tag web:latest has moved since, to sha256:9a8b9a8b9a8b",
  ]],
  ["a tag that is gone, pinned", { ...BY_DIGEST, today: "missing" }, [STARTS_OLD, "  the tag web:latest is gone"]],
  ["a tag that cannot be looked up, pinned", { ...BY_DIGEST, today: "unknown" }, [
    STARTS_OLD,
    "  today's image of the tag web:latest is not known",
  ]],
  ["the same tag, pinned", { ...BY_DIGEST, today: { digest: OLD } }, [STARTS_OLD]],
  ["the same tag", { today: { digest: OLD }, starts: OLD }, [
    "app: starts web:latest, still the same image (sha256:1f2e1f2e1f2e)",
  ]],
  ["a moved tag", {}, ["app: starts web:latest, today sha256:9a8b9a8b9a8b", NOT_OLD]],
  ["a moved tag that is resolved for each task", { isConsistent: false }, [
    "app: starts web:latest, today sha256:9a8b9a8b9a8b",
    NOT_OLD,
    "  versionConsistency is disabled: tasks are never started by digest",
  ]],
  ["a tag that is gone", { today: "missing", starts: undefined }, [
    "app: would start image tag latest of repository web: the registry does not have it, so its tasks will fail",
    NOT_OLD,
  ]],
  ["no record", { ran: undefined }, [
    "app: starts web:latest, today sha256:9a8b9a8b9a8b",
    "  what ran with web:3 is not known",
  ]],
  ["a tag that cannot be looked up", { today: "unknown", starts: OLD }, [
    "app: starts web:latest, which ran as sha256:1f2e1f2e1f2e",
    "  today's image of the tag is not known",
  ]],
  ["neither known", { ran: undefined, today: "unknown", starts: undefined }, []],
  ["a name by digest", { image: `${ECR}/web@${OLD}`, starts: OLD }, []],
];

for (const [name, changes, lines] of CASES) {
  Deno.test(`which image starts: ${name}`, () => assert.deepEqual(render(changes), lines));
}

Deno.test("another registry than Amazon ECR is named with the image", () => {
  const [first] = render({ image: "ghcr.io/example/web:latest" });
  assert.equal(first, "app: starts ghcr.io/example/web:latest, today sha256:9a8b9a8b9a8b");
});

Deno.test("which containers a copy names by digest", () => {
  assert.equal(renderPins({}), "");
  assert.equal(renderPins({ app: `${ECR}/web@${OLD}`, log: `log@${OLD}` }), ", with app, log by digest");
});
