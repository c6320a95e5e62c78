import { checkInvariants } from "./deploy_invariants.ts";
import { arbitraryDeployWorld, arbitraryOptions, observe } from "./deploy_run.ts";
import { DEPLOYS } from "./how_often.ts";
import { assertDryRunsRight, assertPromisesKept, assertSamePlan } from "./keep_promises.ts";

/**
 * Whatever AWS, other people and the user do during a deploy, and while it is rolled back, the promises hold. A run takes
 * longer than one of a rollback, so there are fewer.
 */

const DEPLOY = {
  worlds: arbitraryDeployWorld,
  options: arbitraryOptions,
  observe,
  checkInvariants,
  compare: assertSamePlan,
};

Deno.test(`${DEPLOYS} random deploys keep every promise`, async () => {
  await assertPromisesKept(DEPLOY, DEPLOYS);
});

const CALM_DEPLOYS = Math.ceil(DEPLOYS / 10);
const NOT_TAKEN_BACK = {
  ...DEPLOY,
  options: arbitraryOptions.map((asked) => ({ ...asked, events: [], deregistersFailed: false })),
};

Deno.test(`${CALM_DEPLOYS} dry runs of a deploy write nothing, and their plans are what the real runs do`, () =>
  assertDryRunsRight(NOT_TAKEN_BACK, CALM_DEPLOYS));
