import assert from "node:assert/strict";
import type { PastDeployment } from "../../../src/ecs/service_deployment.ts";
import {
  chooseRevision,
  type Chosen,
  findPrevious,
  type RevisionChoice,
} from "../../../src/rollout/choose_revision.ts";
import { REF, revision, serviceDeployment } from "../made_up.ts";
import { awsError, type Script, scriptedPorts } from "./scripted_ports.ts";

/**
 * Deployments in the order in which they were made: `3` succeeded, `4!` was turned back, `4<` is being (`4s` and `4r`: told
 * to be), `5?` is under way, `6x` stopped.
 */
function history(...made: string[]): PastDeployment[] {
  const STATUSES: Record<string, string> = {
    "!": "ROLLBACK_SUCCESSFUL",
    "<": "ROLLBACK_IN_PROGRESS",
    "s": "STOP_REQUESTED",
    "r": "ROLLBACK_REQUESTED",
    "?": "IN_PROGRESS",
    "x": "STOPPED",
  };
  return made.map((text, index) => ({
    arn: `arn:sd/${index}`,
    status: STATUSES[text.slice(1)] ?? "SUCCESSFUL",
    createdAtMs: index * 1_000,
    finishedAtMs: index * 1_000 + 500,
    taskDefinition: revision(Number(text[0])).arn,
  }));
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
  ["where one goes back to that was told to stop", ["3", "4", "5s"], 5, 4],
  ["what ran last, when what runs had succeeded before and has failed now", ["3", "4", "3x"], 3, 4],
  ["what ran last, not what ran before the first time", ["2", "3", "4", "3x"], 3, 4],
  ["before what has succeeded and then failed once more", ["3", "4", "4x"], 4, 3],
  ["what runs, when a deployment that failed has been taken back to it", ["2", "4", "3x", "4"], 4, 4],
  ["what runs, also while it is being taken back", ["2", "4", "3x", "4?"], 4, 4],
  ["further back when what had succeeded was taken back", ["2", "3", "4", "3"], 3, 2],
  ["what the service is on its way back to", ["2", "3", "4", "3?"], 3, 3],
  ["before one that is under way again, for which ECS knows of no earlier one", ["4", "3?"], 3, 4],
  ["the one before after a failure that was followed by a success", ["3", "4x", "5"], 5, 3],
  ["an earlier reversal does not count", ["3", "5!", "4"], 4, 3],
  ["deployed twice in a row", ["3", "4", "4"], 4, 3],
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
  ["what runs, when a deployment that failed has been taken back to it", ["5x", "4"], 4, 4],
  ["what the service is on its way back to", ["5", "4?"], 4, 4],
  ["not what was rolled back from", ["5", "4"], 4, undefined],
  ["what succeeded since", ["5", "6x"], 6, 5],
];
for (const [name, made, running, expected] of LONG_AGO) {
  Deno.test(`findPrevious() of ${made.join(" ")} running ${running}, where 4 ran before all of them: ${name}`, () => {
    assert.equal(findPrevious(history(...made), revision(running), undefined, revision(4).arn)?.revision, expected);
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
  const revisionOf = (made: Chosen) => made.kind === "chosen" ? [made.revision, made.doubts.length] : undefined;
  const made = await came(["arn:sr/1"], history("4x", "4x").reverse());
  assert.deepEqual(revisionOf(made), [1, 0]);
  assert.match(made.reason ?? "", /^myservice:1 ran before the oldest deployment that ECS has on record$/);
  assert.ok(made.calls.includes("describeServiceDeployment arn:sd/0"), made.calls.join());
  assert.deepEqual(revisionOf(await came(["arn:sr/1", "arn:sr/2"])), [3, 1], "there are several");
  assert.deepEqual(revisionOf(await came([])), [3, 1], "the service was created");
  assert.deepEqual(revisionOf(await came(["arn:sr/9"])), [3, 1], "ECS does not know it any more");
  assert.deepEqual(revisionOf(await came(["arn:sr/1"], [])), [3, 1], "nothing is on record");
});

Deno.test("findPrevious() takes bringing back a copy for the way back that it is", () => {
  const previous = (made: string[], original: number) =>
    findPrevious(history(...made), revision(5), original)?.revision;
  assert.equal(previous(["2", "3", "4", "5"], 3), 2, "not what was rolled back from");
  assert.equal(previous(["2", "3", "4", "5?"], 3), 5, "under way");
  assert.equal(previous(["2", "3", "4x", "5"], 3), 5, "taken back");
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
  assert.deepEqual(denied.kind === "chosen" && [denied.revision, denied.doubts.length], [3, 1]);
});

Deno.test("findPrevious() leaves out other families and what AWS no longer tells", () => {
  const [first, second] = history("3", "4");
  const other = { ...second!, taskDefinition: revision(4).arn.replace("myservice", "other"), createdAtMs: 500 };
  const unknown = { ...second!, taskDefinition: undefined, createdAtMs: 600 };
  assert.equal(findPrevious([first!, other, unknown, second!], revision(4))?.revision, 3);
});

const NEVER = new AbortController().signal;

async function choose(choice: RevisionChoice, script: Partial<Script> = {}): Promise<Chosen & { calls: string[] }> {
  const { ports, calls } = scriptedPorts({ reads: [undefined], ...script });
  return { ...await chooseRevision(choice, REF, revision(4), ports.ecs, NEVER), calls };
}

Deno.test("chooseRevision() takes a number as it is and asks nobody", async () => {
  const made = await choose({ kind: "number", revision: 2 });
  assert.deepEqual(made, { kind: "chosen", revision: 2, reason: undefined, doubts: [], calls: [] });
});

Deno.test("chooseRevision() takes names of the service's own family, in its account and region", async () => {
  const named = (name: string, family = "myservice") => choose({ kind: "named", name, family, revision: 2 });
  assert.equal((await named("myservice:2")).kind, "chosen");
  assert.equal((await named(revision(2).arn)).kind, "chosen");
  assert.match((await named("other:2", "other")).reason ?? "", /family other, and the service runs myservice:4/);
  assert.match((await named(revision(2).arn.replace("ap-northeast-1", "eu-west-1"))).reason ?? "", /account or region/);
});

Deno.test("chooseRevision() says when the previous one was deployed", async () => {
  const made = await choose({ kind: "previous" }, { past: history("2", "4") });
  assert.equal(made.kind === "chosen" && made.revision, 2);
  assert.match(
    made.reason ?? "",
    /myservice:2 was deployed successfully before myservice:4, at 1970-01-01T00:00:00.500Z/,
  );
  assert.deepEqual(made.calls, [
    "listPastDeployments",
    `readTaskDefinition ${revision(4).arn}`,
    "describeServiceDeployment arn:sd/0",
  ]);
});

Deno.test("chooseRevision() falls back to the next lower number, and warns that it may never have run", async () => {
  const made = await choose({ kind: "previous" }, { past: [], registered: [6, 4, 2, 1] });
  assert.equal(made.kind === "chosen" && made.revision, 2);
  assert.match(made.kind === "chosen" ? made.doubts.join() : "", /myservice:2 may never have run/);
  const denied = await choose(
    { kind: "previous" },
    { past: awsError("denied", "AccessDeniedException"), registered: [4, 3] },
  );
  assert.match(
    denied.kind === "chosen" ? denied.doubts.join("\n") : "",
    /AccessDenied[^]*myservice:3 may never have run/,
  );
  // What may not be read, ECS may well know.
  assert.equal(denied.reason, "3 is the next lower registered revision");
});

Deno.test("chooseRevision() finds none where there is nothing lower, and passes other errors on", async () => {
  const made = await choose({ kind: "previous" }, { registered: [6, 4] });
  assert.match(made.kind === "none" ? made.reason : "", /no lower revision is registered/);
  await assert.rejects(choose({ kind: "previous" }, { past: awsError("credentials") }));
});
