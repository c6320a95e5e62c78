import assert from "node:assert/strict";
import type { Cause } from "../../../src/diagnosis/cause.ts";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { adviseOnCause, describeCause } from "../../../src/report/messages/causes/cause_text.ts";
import { serviceEvent } from "../made_up.ts";
import type { Wordings } from "./wordings.ts";
import { HEALTH_WORDINGS } from "./wordings/health.ts";
import { IMAGE_WORDINGS } from "./wordings/images.ts";
import { PLACEMENT_WORDINGS } from "./wordings/placement.ts";
import { RESOURCE_WORDINGS } from "./wordings/resources.ts";
import { SECRET_WORDINGS } from "./wordings/secrets.ts";
import { START_WORDINGS } from "./wordings/start.ts";

const ALL: readonly Wordings[] = [
  ...[...IMAGE_WORDINGS, ...SECRET_WORDINGS, ...RESOURCE_WORDINGS, ...START_WORDINGS],
  ...[...HEALTH_WORDINGS, ...PLACEMENT_WORDINGS],
];

const ID = "ecs-svc/4";
const TASK = {
  arn: "arn:aws:ecs:ap-northeast-1:123456789012:task/default/0f6d8a2e3b1c4d5e8f90a1b2c3d4e5f6",
  startedBy: ID,
  stopCode: "TaskFailedToStart",
  stoppedAtMs: 9_000,
};

/** The text as that of a task that failed to start. */
function ofTask(stoppedReason: string): Cause | undefined {
  const containers = [{ name: "app", exitCode: undefined, reason: undefined }];
  return diagnose({ deploymentId: ID, tasks: [{ ...TASK, stoppedReason, containers }] })[0];
}

function ofContainer(reason: string): Cause | undefined {
  const containers = [
    { name: "proxy", exitCode: undefined, reason: undefined },
    { name: "app", exitCode: undefined, reason },
  ];
  return diagnose({ deploymentId: ID, tasks: [{ ...TASK, stoppedReason: "Task failed to start", containers }] })[0];
}

function ofEvent(message: string): Cause | undefined {
  return diagnose({
    deploymentId: ID,
    tasks: [],
    events: [serviceEvent("1", message)],
    sinceMs: 0,
    hasFailed: true,
  })[0];
}

for (const { code, texts, what, advice } of ALL) {
  Deno.test(`${code}: each of ${texts.length} wordings is known, and the words name what the text names`, () => {
    assert.ok(texts.length > 1);
    for (const [text, about = {}] of texts) {
      const cause = ofTask(text);
      assert.deepEqual([cause?.code, text], [code, text]);
      assert.deepEqual({ ...cause!.about }, about, text);
      assert.match(describeCause(cause!), what);
      if (advice === undefined) assert.equal(adviseOnCause(cause!), undefined);
      else assert.match(adviseOnCause(cause!) ?? "", advice);
    }
  });
}

Deno.test("a container's own words count as well, and it is named", () => {
  // Of a dependency it is another container that has failed.
  const own = [...IMAGE_WORDINGS, ...START_WORDINGS].filter(({ code }) => code !== "dependencyFailed");
  for (const { code, texts } of own) {
    for (const [text] of texts) {
      assert.deepEqual([ofContainer(text)?.code, ofContainer(text)?.container], [code, "app"], text);
    }
  }
});

Deno.test("the service's events have the same words behind `Reason:`", () => {
  const placed = PLACEMENT_WORDINGS.filter(({ code }) =>
    !["spotInterrupted", "hostLost", "hostMaintenance"].includes(code)
  );
  for (const { code, texts } of [...IMAGE_WORDINGS, ...SECRET_WORDINGS, ...RESOURCE_WORDINGS, ...placed]) {
    for (const [text] of texts) {
      const message = /^(?:was|failed|operations) /.test(text) ? text : `was unable to place a task. Reason: ${text}`;
      assert.deepEqual([ofEvent(`(service web) ${message}`)?.code, text], [code, text]);
    }
  }
});

Deno.test("a text that no rule knows is shown whole, without advice", () => {
  for (const text of ["A trouble that AWS has made up since", `Something: ${"x".repeat(2_000)} end.`]) {
    const cause = ofTask(text)!;
    assert.deepEqual([cause.code, describeCause(cause), adviseOnCause(cause)], ["unknown", text, undefined]);
  }
});
