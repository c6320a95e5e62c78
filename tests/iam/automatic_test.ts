import assert from "node:assert/strict";
import { argumentsFor, readTemplate } from "../automatic_template.ts";
import { BAD_RELEASES, released } from "../bad_releases.ts";
import { failsToStart } from "../emulator/behaviours.ts";
import type { Emulator } from "../emulator/emulator.ts";
import { listOf, parsePolicy, type Policy, type Statement } from "../emulator/policy.ts";
import { runInProcess } from "../in_process.ts";
import { mergePolicy, readPermissions } from "./permissions.ts";

/** The task of `examples/automatic` may do what its command needs, by the table of `docs/permissions.md`, and no more. */

const template = await readTemplate();
const POLICY = parsePolicy(template.Resources.TaskRole.Properties.Policies[0].PolicyDocument);
const ARGS = argumentsFor(template, { detail: { alarmName: "5xx" } });

const WORLDS: Readonly<Record<string, () => Emulator>> = {
  ...BAD_RELEASES,
  "the way back fails": () =>
    released(20 * 60_000, { service: { deploymentConfiguration: BREAKER } }, failsToStart("no such image")),
};
const BREAKER = { deploymentCircuitBreaker: { enable: true, rollback: false } };

/** Runs the task's command; says which calls were refused. */
async function run(world: () => Emulator, policy: Policy | undefined) {
  const emulator = world();
  if (policy !== undefined) emulator.authorize(policy);
  const { code, stderr } = await runInProcess(emulator, ARGS);
  const refused = emulator.calls.filter(({ outcome }) => outcome.startsWith("AccessDenied"));
  return { code, stderr, refused: refused.map(({ operation }) => operation) };
}

Deno.test("the policy of the task is made of the rows for its command", async () => {
  const table = readPermissions(await Deno.readTextFile(new URL("../../docs/permissions.md", import.meta.url)));
  const uses = ["rollback", "rollback --revision stable", "rollback --reregister", "rollback --reason"];
  // Without a look at what tasks need (--preflight off), and without logs, these are left.
  const rows = uses.flatMap((use) => table.get(use)!).filter(({ Action, Resource }) =>
    /^(?:ecs:|iam:PassRole$)/.test(String(Action)) || String(Resource).endsWith(":repository/myservice")
  );
  const ofAnyRepository = JSON.parse(JSON.stringify(rows).replaceAll(":repository/myservice", ":repository/*"));
  assert.deepEqual(sorted(mergePolicy(POLICY.Statement)), sorted(mergePolicy(ofAnyRepository)));
});

function sorted({ Statement }: Policy): string[] {
  return Statement.map(({ Action, Resource, Condition }) =>
    JSON.stringify([listOf(Action).toSorted(), listOf(Resource).toSorted(), Condition])
  ).toSorted();
}

for (const [name, world] of Object.entries(WORLDS)) {
  Deno.test(`the task's role is enough for a bad release that is ${name}`, async () => {
    const allowed = await run(world, undefined);
    const ran = await run(world, POLICY);
    assert.deepEqual([ran.code, ran.refused], [allowed.code, []], ran.stderr);
  });
}

/** The policy without each of its actions, and without each of its resources. */
function* less({ Version, Statement }: Policy): Generator<[what: string, policy: Policy]> {
  for (const [index, statement] of Statement.entries()) {
    const change = (left: Partial<Statement>) => ({
      Version,
      Statement: Statement.with(index, { ...statement, ...left }),
    });
    const [actions, resources] = [listOf(statement.Action), listOf(statement.Resource)];
    for (const action of actions) yield [action, change({ Action: actions.filter((other) => other !== action) })];
    // Which of its roles a service has is not known here.
    if (actions.includes("iam:PassRole") || resources.length === 1) continue;
    for (const resource of resources) {
      yield [resource, change({ Resource: resources.filter((other) => other !== resource) })];
    }
  }
}

Deno.test("the task's role has nothing that its command does not need", async () => {
  for (const [what, policy] of less(POLICY)) {
    const runs = await Promise.all(Object.values(WORLDS).map((world) => run(world, policy)));
    assert.ok(runs.some(({ refused }) => refused.length > 0), `nobody misses ${what}`);
  }
});
