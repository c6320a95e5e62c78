import assert from "node:assert/strict";
import { type Node, Parser } from "commonmark";
import fc from "fast-check";
import type { RolloutEvent } from "../../src/rollout/events.ts";
import { DENIED } from "../unit/made_up.ts";
import { plan, recordedOutput, type Shown, showRun } from "../unit/report/github/shown_run.ts";
import { readCommands, readOutputs } from "../unit/report/github/step_runner.ts";
import { hostile, PARAMETERS, run } from "./hostile_runs.ts";

async function show(
  shownRun: typeof run extends fc.Arbitrary<infer Run> ? Run : never,
): Promise<Shown & { exitCode: number }> {
  const shown = showRun("rollback");
  for (const line of shownRun.before) shown.log("warn", line);
  const happen = (event: RolloutEvent) => shown.emit({ ...event, service: shownRun.plan.subject });
  happen({ kind: "started", command: "rollback", isDryRun: shownRun.isDryRun, timeoutMs: 0, atMs: 0 });
  happen({ kind: "planned", plan: shownRun.plan, isAutomaticRollback: false, rollsBackOnFailure: false });
  if (shownRun.differences !== undefined) happen({ kind: "compared", lines: shownRun.differences });
  for (const step of shownRun.plan.steps) happen({ kind: "stepStarted", step });
  for (const event of shownRun.events) happen(event);
  if (shownRun.outcome !== undefined) happen({ kind: "rolloutEnded", outcome: shownRun.outcome });
  if (shownRun.failure !== undefined) shown.emit({ kind: "failed", failure: shownRun.failure, region: undefined });
  const exitCode = shown.exitCode();
  return { ...await shown.finish(exitCode), exitCode };
}

Deno.test("property: the runner finds no commands but the view's own, whatever others say, and groups are in order", async () => {
  await fc.assert(
    fc.asyncProperty(run, async (shownRun) => {
      const { stderr, exitCode } = await show(shownRun);
      const commands = readCommands(stderr);
      let isInGroup = false;
      for (const { name, properties, data } of commands) {
        assert.ok(["group", "endgroup", "warning", "error"].includes(name), name);
        assert.deepEqual(Object.keys(properties), name === "warning" || name === "error" ? ["title"] : []);
        assert.ok(data.length <= 4_096 || name !== "error");
        if (name === "group" || name === "endgroup") {
          assert.equal(isInGroup, name === "endgroup");
          isInGroup = name === "group";
        }
      }
      assert.equal(isInGroup, false);
      const count = (kind: string) => commands.filter(({ name }) => name === kind).length;
      assert.equal(count("error"), exitCode === 0 ? 0 : 1);
      assert.ok(count("warning") <= 10);
      // Every group comes from a step, not from a text.
      const waits = shownRun.plan.steps.filter(({ kind }) => kind === "awaitDeployment").length;
      assert.ok(count("group") <= 1 + waits);
    }),
    PARAMETERS,
  );
});

Deno.test("property: what is written in pieces holds no command", () => {
  fc.assert(
    fc.property(fc.array(hostile), (pieces) => {
      const { output, written } = recordedOutput();
      for (const piece of pieces) output.plain.write(piece);
      assert.deepEqual(readCommands(written()), []);
      // Nothing is taken away.
      assert.equal(written().replaceAll(" ", ""), pieces.join("").replaceAll(" ", ""));
    }),
    PARAMETERS,
  );
});

/** What headings and paragraphs say, where C stands for code. */
const OWN_WORDS = new RegExp(
  "^(?:Why tasks stopped during the rollback|What happened|Why tasks stopped|Timeline|What to do next|Changes|How the files differ from what ran|Steps|Warnings|C|\\(empty\\)|Service: (?:C|\\(empty\\))|(?:From|To): C|" +
    "Took: less than a second|Why this one: (?:C|\\(empty\\))|" +
    "(?:Still to do|To go on|To follow the deployment|ECS rolls back by itself; watch until it has|See what runs now|Why its tasks stopped|List the revisions \\(then type ecspresso rollback --revision N\\)):|" +
    "(?:Start|Set the service back to) (?:C|the deployment)(?: again| \\(ECS replaces its running tasks with new ones\\))?:|" +
    "None in the task definition(?: except its tags or family)?\\.|Not at all\\.|None: there is nothing to do\\.)$",
);

function wordsOf(block: Node): string {
  let words = "";
  for (let node = block.firstChild; node !== null; node = node.next) {
    words += node.type === "code" ? "C" : node.literal ?? `<${node.type}>`;
  }
  return words;
}

const OWN_KINDS = new Set(
  ["document", "heading", "text", "code", "code_block", "list", "item", "paragraph", "html_block"],
);

function nodesOf(markdown: string): Node[] {
  const walker = new Parser().parse(markdown).walker();
  const nodes: Node[] = [];
  for (let step = walker.next(); step !== null; step = walker.next()) if (step.entering) nodes.push(step.node);
  return nodes;
}

Deno.test("property: in the summary the words of others are in code, and make no structure", async () => {
  await fc.assert(
    fc.asyncProperty(run, async (shownRun) => {
      const { summary } = await show(shownRun);
      const headings = new Set<string>();
      for (const node of nodesOf(summary)) {
        assert.ok(OWN_KINDS.has(node.type), `${node.type} in:\n${summary}`);
        if (node.type === "heading" || node.type === "paragraph") assert.match(wordsOf(node), OWN_WORDS);
        if (node.type === "html_block") {
          assert.match(node.literal ?? "", /^<\/details>$|^<details><summary>Log<\/summary>$/);
        }
        // Mermaid's own signs stand at the beginning of a line; of other signs with a meaning there are entity codes only.
        if (node.info === "mermaid") {
          assert.match(
            node.literal ?? "",
            /^timeline\n(?: {2}(?:section | {2}[0-9hms]+ : )(?:[\p{L}\p{N} .,/_()+-]|#\d+;)+\n)+$/u,
          );
        }
        if (node.type === "heading") {
          assert.ok(!headings.has(wordsOf(node)), "a heading comes once");
          headings.add(wordsOf(node));
        }
      }
      assert.ok(new TextEncoder().encode(summary).length < 400_000);
    }),
    PARAMETERS,
  );
});

Deno.test("property: the outputs are three lines of known names, whatever others say", async () => {
  await fc.assert(
    fc.asyncProperty(run, async (shownRun) => {
      const { outputs } = await show(shownRun);
      assert.equal(outputs.split("\n").length, 4);
      const { from, to, outcome, ...others } = readOutputs(outputs);
      assert.deepEqual([from, to, others], ["myservice:4", "myservice:3", {}]);
      assert.match(outcome!, /^[A-Za-z]+$/);
    }),
    PARAMETERS,
  );
});

Deno.test("a summary of very much stays far below what GitHub takes", async () => {
  const long = "\u4e16".repeat(5_000);
  const many = Array.from({ length: 200 }, () => long);
  const { summary, stderr } = await show({
    plan: plan({
      notices: many.map((notice, index) => ({
        code: "scalingNotRead",
        denial: { ...DENIED, detail: `${index} ${notice}` },
      })),
      changes: many.map((from) => ({ scope: "task", attribute: "cpu", kind: "changed", from, to: long })),
    }),
    isDryRun: false,
    before: [],
    differences: many,
    events: many.map((said) => ({
      kind: "causes",
      causes: [{
        ...{ code: "unknown", container: long, exitCode: 1, said, count: 1 },
        ...{ about: {}, taskArn: undefined, atMs: undefined },
      }],
    })),
    outcome: {
      kind: "failed",
      reason: long,
      leftovers: many.map((detail) => ({ code: "suspensionRecordRemains", error: { ...DENIED, detail } })),
    },
    failure: undefined,
  });
  assert.ok(new TextEncoder().encode(summary).length < 400_000);
  assert.ok(readCommands(stderr).find(({ name }) => name === "error")!.data.length <= 4_096);
});
