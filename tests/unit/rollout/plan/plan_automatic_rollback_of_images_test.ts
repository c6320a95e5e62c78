import assert from "node:assert/strict";
import type { CurrentState } from "../../../../src/rollout/read/current_state.ts";
import { revision, taskDefinition } from "../../made_up.ts";
import { AWAIT, DEPLOYED, NOTHING_ELSE, plan, refusal, running, SAME_DEFINITION } from "./automatic_rollbacks.ts";

/** The tag of revision 4 names `today`, of which tasks run; `RAN` ran before the deploy. */
function withImages(running: string, today = running): Partial<CurrentState> {
  const images = (digest: string) => [{ container: "app", image: "example/app:4", digest }];
  return {
    current: taskDefinition(4),
    images: {
      running: images(running),
      ran: images(RAN),
      today: new Map([["example/app:4", { digest: today }]]),
      unread: new Map(),
    },
  };
}

const RAN = `sha256:${"a".repeat(64)}`;
const PUSHED = `sha256:${"b".repeat(64)}`;

Deno.test("planAutomaticRollback() of a tag that was pushed again pins what ran, with the attributes in the same update", () => {
  const failing = running(4, 3, { rolloutState: "FAILED" });
  const pinning = { kind: "registerCopy", of: revision(4), pins: { app: `example/app@${RAN}` } };
  for (
    const [undo, more] of [[{ ...NOTHING_ELSE, to: revision(4) }, {}], [SAME_DEFINITION, DEPLOYED.before]] as const
  ) {
    const { steps } = plan({ service: failing, ...withImages(PUSHED) }, undo);
    const attributes = Object.keys(more).length === 0 ? {} : { attributes: more };
    assert.deepEqual(steps, [
      pinning,
      { kind: "updateService", taskDefinition: "registered", ...attributes },
      { ...AWAIT, taskDefinition: "registered" },
    ]);
  }
});

Deno.test("planAutomaticRollback() registers nothing where the images are what ran, whatever the tag is today", () => {
  const failing = running(4, 2, { rolloutState: "FAILED" });
  const refused = refusal({ service: failing, ...withImages(RAN, PUSHED) }, { ...NOTHING_ELSE, to: revision(4) });
  assert.equal(refused.code, "nothingChanged");
});

Deno.test("planAutomaticRollback() judges the fit by the settings that come back", () => {
  const target = taskDefinition(4);
  const withVolume = { ...running(5, 4), volumeNames: ["data"] };
  const undo = { ...DEPLOYED, before: { volumeConfigurations: [] } };
  assert.equal(plan({ target, service: withVolume }, undo).steps.length, 2);
  assert.equal(refusal({ target, service: withVolume }, NOTHING_ELSE).code, "cannotRollBackTo");
});
