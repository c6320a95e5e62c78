import assert from "node:assert/strict";
import { findPrevious as findPreviousIn } from "../../../../src/rollout/read/find_previous.ts";
import { readCurrentState } from "../../../../src/rollout/read/read_current_state.ts";
import type { Chosen, ChosenRevision } from "../../../../src/rollout/read/chosen_revision.ts";
import {
  deployment,
  REF,
  revision,
  service,
  serviceDeployment,
  serviceRevision,
  taskDefinition,
} from "../../made_up.ts";
import { awsError, scriptedPorts } from "../scripted_ports.ts";
import { choose, history } from "./chosen_revisions.ts";

/** The number alone. */
function findPrevious(...args: Parameters<typeof findPreviousIn>) {
  const found = findPreviousIn(...args);
  return found && { ...found, revision: found.target.revision };
}

const CASES: [string, string[], number, number | undefined][] = [
  ["the one before", ["3", "4"], 4, 3],
  ["not just the next lower number", ["2", "4"], 4, 2],
  ["before one that is under way", ["3", "4", "5?"], 5, 4],
  ["before one that failed and was left", ["3", "4", "5x"], 5, 4],
  ["after a rollback not what was rolled back from", ["2", "3", "4", "3"], 3, 2],
  ["after two rollbacks further back still", ["1", "2", "3", "2", "1"], 1, undefined],
  ["what runs, when ECS has just turned back to it", ["3", "4", "5!"], 4, 4],
  ["what ECS is turning back to", ["3", "4", "5<"], 4, 4],
  ["what ECS is turning back to, where the list lags behind", ["3", "4", "5s"], 4, 4],
  ["what ECS is turning back to, where the list lags behind", ["3", "4", "5r"], 4, 4],
  ["where one goes back to that was asked to stop", ["3", "4", "5s"], 5, 4],
  ["what ran last, when what runs had succeeded before and has failed now", ["3", "4", "3x"], 3, 4],
  ["what ran last, not what ran before the first time", ["2", "3", "4", "3x"], 3, 4],
  ["before what has succeeded and then failed once more", ["3", "4", "4x"], 4, 3],
  ["what runs, when a deployment that failed has been rolled back to it", ["2", "4", "3x", "4"], 4, 4],
  ["what runs, also while it is being rolled back", ["2", "4", "3x", "4?"], 4, 4],
  ["further back when what had succeeded was rolled back", ["2", "3", "4", "3"], 3, 2],
  ["what the service is on its way back to", ["2", "3", "4", "3?"], 3, 3],
  ["before one that is under way again, for which ECS knows of no earlier one", ["4", "3?"], 3, 4],
  ["the one before after a failure that was followed by a success", ["3", "4x", "5"], 5, 3],
  ["an earlier reversal does not count", ["3", "5!", "4"], 4, 3],
  ["deployed twice in a row", ["3", "4", "4"], 4, 3],
  ["before a step forward to what was left", ["3", "4", "3", "4"], 4, 3],
  ["before such a step that is under way", ["3", "4", "3", "4?"], 4, 3],
  ["before such a step that failed", ["3", "4", "3", "4x"], 4, 3],
  ["what runs, where it was rolled back to before it had succeeded", ["2", "3x", "4x", "3"], 3, 3],
  ["further back when the way back from what failed has failed, too", ["3", "4", "5x", "4x"], 4, 3],
  ["further back when the way back was deployed once more", ["2", "3", "4", "3", "3"], 3, 2],
  ["what runs, when it was deployed once more after it had been rolled back", ["2", "4", "3x", "4", "4"], 4, 4],
  ["what the service is on its way back to, which the list does not have yet", ["2", "3", "4"], 3, 3],
  ["what was rolled back to, which the list does not have yet", ["2", "3", "4x"], 3, 3],
  ["before one that the list does not have yet", ["3", "4"], 5, 4],
  ["before one that the list does not have yet, of what was left", ["3", "4", "3"], 4, 3],
  ["what ran last, when what had run before has failed and is under way once more", ["1", "4", "3", "4x", "4?"], 4, 3],
  ["what ran last, when the way back has failed and is tried once more", ["2", "3", "4", "3x", "3?"], 3, 4],
  ["nothing before", ["4"], 4, undefined],
  ["nothing at all", [], 4, undefined],
];
for (const [name, made, running, expected] of CASES) {
  Deno.test(`findPrevious() of ${made.join(" ")} running ${running}: ${name}`, () => {
    assert.equal(findPrevious(history(...made), revision(running))?.revision, expected);
    assert.equal(findPrevious(history(...made).reverse(), revision(running))?.revision, expected, "in any order");
  });
}

const LONG_AGO: [string, string[], number, number | undefined][] = [
  ["the one before", ["5"], 5, 4],
  ["before one that failed", ["5x"], 5, 4],
  ["before one that has failed, of a lower number", ["3x"], 3, 4],
  ["what runs, when a deployment that failed has been rolled back to it", ["5x", "4"], 4, 4],
  ["what the service is on its way back to", ["5", "4?"], 4, 4],
  ["not what was rolled back from", ["5", "4"], 4, undefined],
  ["what succeeded since", ["5", "6x"], 6, 5],
];
for (const [name, made, running, expected] of LONG_AGO) {
  Deno.test(`findPrevious() of ${made.join(" ")} running ${running}, where 4 ran before all of them: ${name}`, () => {
    assert.equal(
      findPrevious(history(...made), revision(running), { earliest: serviceRevision(4) })?.revision,
      expected,
    );
  });
}

Deno.test("chooseRevision() takes what ran before the deployments on record", async () => {
  const came = (sources: string[], past = history("4x")) =>
    choose({ kind: "previous" }, {
      past,
      registered: [4, 3, 2, 1],
      serviceDeployments: [serviceDeployment({ status: "STOPPED", sourceRevisionArns: sources })],
      serviceRevisions: { "arn:sr/1": revision(1).arn, "arn:sr/2": revision(2).arn },
    });
  const revisionOf = (made: Chosen) => made.kind === "chosen" ? [made.revision, made.doubts?.length] : undefined;
  const made = await came(["arn:sr/1"], history("4x", "4x").reverse());
  assert.deepEqual(revisionOf(made), [1, 0]);
  assert.deepEqual(made.reason, { code: "ranBeforeRecord", target: revision(1) });
  assert.ok(made.calls.includes("describeServiceDeployment arn:sd/0"), made.calls.join());
  assert.deepEqual(revisionOf(await came(["arn:sr/1", "arn:sr/2"])), [3, 1], "there are several");
  assert.deepEqual(revisionOf(await came([])), [3, 1], "the service was created");
  assert.deepEqual(revisionOf(await came(["arn:sr/9"])), [3, 1], "ECS does not know it any more");
  assert.deepEqual(revisionOf(await came(["arn:sr/1"], [])), [3, 1], "nothing is on record");
});

Deno.test("findPrevious() takes bringing back a copy for the way back that it is", () => {
  const previous = (made: string[], original: number) =>
    findPrevious(history(...made), revision(5), { originals: new Map([[revision(5).arn, revision(original).arn]]) })
      ?.revision;
  assert.equal(previous(["2", "3", "4", "5"], 3), 2, "not what was rolled back from");
  assert.equal(previous(["2", "3", "4", "5?"], 3), 5, "under way");
  assert.equal(previous(["2", "3", "4x", "5"], 3), 5, "rolled back");
  assert.equal(previous(["2", "4", "5"], 3), 4, "where the original is not known to have run");
  assert.equal(previous(["2", "3", "4", "5x"], 3), 4, "a copy that has failed");
});

Deno.test("chooseRevision() finds out whether what runs is a copy", async () => {
  const past = history("2", "3", "4");
  const tags = (value: string) => ({ tags: [{ key: "team", value: "a" }, { key: "ecspresso:copied-from", value }] });
  const chosenBy = async (value: string) => {
    const made = await choose({ kind: "previous" }, { past: [...past], definition: tags(value) });
    return made.kind === "chosen" ? made.revision : undefined;
  };
  assert.equal(await chosenBy("myservice:2"), undefined, "4 is 2 again: nothing was before that");
  assert.equal(await chosenBy("other:2"), 3, "of another family");
  const denied = await choose({ kind: "previous" }, {
    past: [...past],
    definition: awsError("denied", "AccessDenied"),
  });
  assert.deepEqual(denied.kind === "chosen" && [denied.revision, denied.doubts?.length], [3, 1]);
});

Deno.test("findPrevious() goes back to another family, and leaves out what AWS no longer shows", () => {
  const [first, second] = history("3", "4");
  const web = first!.taskDefinition!.replace("myservice:3", "web:17");
  const unknown = { ...second!, taskDefinition: undefined, createdAtMs: 600 };
  const found = findPreviousIn(
    [first!, { ...first!, taskDefinition: web, createdAtMs: 500 }, unknown, second!],
    revision(4),
  );
  assert.equal(found?.target.arn, web);
  const moved = findPreviousIn([{ ...first!, taskDefinition: web }, { ...second!, status: "STOPPED" }], revision(4));
  assert.equal(moved?.target.arn, web, "before one that failed");
});

Deno.test("readCurrentState() takes a number as it is", async () => {
  const { ports, calls } = scriptedPorts({ reads: [service()] });
  const { signal } = new AbortController();
  const { chosen } = await readCurrentState(REF, { kind: "number", revision: 2 }, ports.ecs, undefined, signal);
  assert.deepEqual(chosen, { kind: "chosen", ...revision(2) });
  assert.ok(calls.includes("describeTaskDefinition myservice:2"));
});

Deno.test("readCurrentState() goes nowhere by the definition of another account or region", async () => {
  const { signal } = new AbortController();
  for (const name of [revision(2).arn.replace("123456789012", "210987654321"), revision(2).arn.replace("-1:", "-2:")]) {
    const taskDefinitions = { "myservice:2": taskDefinition(2, { arn: name }) };
    for (const kind of ["number", "named"] as const) {
      const choice = { kind, name: "myservice:2", family: "myservice", revision: 2 };
      const { ports } = scriptedPorts({ reads: [service()], taskDefinitions });
      const { chosen, target } = await readCurrentState(REF, choice, ports.ecs, undefined, signal);
      const reason = { code: "foreignAccount", running: revision(4) };
      assert.deepEqual([chosen, target], [{ kind: "none", reason }, undefined]);
    }
  }
});

Deno.test("chooseRevision() takes names of families that have run in the service, in its account and region", async () => {
  const named = (family: string, arn?: string) => choose({ kind: "named", ...arn && { arn }, family, revision: 2 });
  for (const arn of [undefined, revision(2).arn]) {
    const { calls: _, ...found } = await named("myservice", arn);
    assert.deepEqual(found, { kind: "chosen", ...revision(2) });
  }
  const foreign = { code: "foreignFamily", family: "other", running: revision(4) };
  assert.deepEqual((await named("other")).reason, foreign);
  const other = revision(9).arn.replace("myservice", "other");
  const ran = { past: [{ ...history("3")[0]!, taskDefinition: other }] };
  const taken = await choose({ kind: "named", family: "other", revision: 2 }, ran);
  const { arn, family, revision: number } = taken as ChosenRevision;
  assert.deepEqual([arn, family, number], [other.replace(":9", ":2"), "other", 2], "on record");
  const shown = service({ deployments: [deployment(), deployment({ status: "ACTIVE", taskDefinition: other })] });
  const seen = await choose({ kind: "named", family: "other", revision: 2 }, {}, { shown });
  assert.deepEqual([seen.kind, seen.calls], ["chosen", []], "shown by the service");
  const denied = { past: awsError("denied", "AccessDeniedException") };
  const unknown = await choose({ kind: "named", family: "other", revision: 2 }, denied);
  assert.equal(unknown.kind === "chosen" && unknown.isUnproven, true, "it cannot be known");
  assert.equal(unknown.kind === "chosen" && unknown.doubts?.[0]?.code, "deploymentsNotRead");
  const elsewhere = await named("myservice", revision(2).arn.replace("ap-northeast-1", "eu-west-1"));
  assert.deepEqual(elsewhere.reason, { code: "foreignAccount", running: revision(4) });
});

Deno.test("chooseRevision() says when the previous one was deployed", async () => {
  const made = await choose({ kind: "previous" }, { past: history("2", "4") });
  assert.equal(made.kind === "chosen" && made.revision, 2);
  const deployed = { target: revision(2), running: revision(4), atMs: 500 };
  assert.deepEqual(made.reason, { code: "deployedBefore", ...deployed });
  assert.deepEqual(made.calls, [
    "describeTaskDefinition myservice:4",
    "listPastDeployments",
    "describeServiceDeployment arn:sd/0",
  ]);
});

Deno.test("chooseRevision() falls back to the next lower number, and warns that it may never have run", async () => {
  const made = await choose({ kind: "previous" }, { past: [], registered: [6, 4, 2, 1] });
  assert.equal(made.kind === "chosen" && made.revision, 2);
  const neverRan = (number: number) => ({ code: "mayNeverHaveRun", revision: revision(number) });
  assert.deepEqual(made.kind === "chosen" && made.doubts, [neverRan(2)]);
  const denied = await choose(
    { kind: "previous" },
    { past: awsError("denied", "AccessDeniedException"), registered: [4, 3] },
  );
  const doubts = denied.kind === "chosen" ? denied.doubts : [];
  assert.deepEqual([doubts?.[0]?.code, doubts?.at(-1)], ["deploymentsNotRead", neverRan(3)]);
  // What may not be read, ECS may well know.
  assert.deepEqual(denied.reason, { code: "nextLower", revision: 3, nothingBefore: undefined });
});

Deno.test("chooseRevision() finds none where there is nothing lower, and passes other errors on", async () => {
  const made = await choose({ kind: "previous" }, { registered: [6, 4] });
  assert.deepEqual(made.kind === "none" && made.reason, { code: "noLower", from: revision(4), doubt: undefined });
  await assert.rejects(choose({ kind: "previous" }, { past: awsError("credentials") }));
});

Deno.test("chooseRevision() distinguishes what nothing shows to have run from what has", async () => {
  const denied = { past: awsError("denied", "AccessDeniedException"), registered: [4, 3] };
  const flags = (made: Chosen) =>
    made.kind === "chosen" ? [made.revision, !made.isUnproven, made.leavesRollback] : made;
  assert.deepEqual(flags(await choose({ kind: "previous" }, denied)), [3, false, false]);
  assert.deepEqual(flags(await choose({ kind: "previous" }, { past: history("3", "4") })), [3, true, false]);
  // What runs is not the newest, and has begun lately: it may be a way back.
  const wayBack = { ...denied, registered: [5, 4, 3], awsNowMs: 4_000 + 3_599_000 };
  assert.deepEqual(flags(await choose({ kind: "previous" }, wayBack)), [3, false, true]);
  assert.deepEqual(flags(await choose({ kind: "previous" }, { ...wayBack, awsNowMs: 4_000 + 3_600_000 })), [
    3,
    false,
    false,
  ]);
});
